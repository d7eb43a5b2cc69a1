/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: agent-import, helper-process. */
#include "core/agent/parser-client.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/wait.h>

#include "core/agent/agent-import.h"
#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/formats/sst.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/wait.h"

#define FAILED "The file made its reader fail; nothing was changed"

static IssSecret *
pack (GBytes     *file,
      const char *password)
{
  g_autoptr(IssSecret) secret = password != NULL ? iss_openssl_tool_secret (password) : NULL;

  return iss_agent_wire_pack_import (file, secret);
}

/* A program that reads files badly. */
static char *
write_reader (IssTempFolder *folder,
              const char    *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", script);
  char *path = iss_temp_folder_write (folder, "reader", text, -1);

  g_assert_no_errno (g_chmod (path, 0755));
  return path;
}

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_parser_client_pem (void)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("parser-client", &certificate);
  g_autoptr(IssSecret) request = pack (file, NULL);
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  bundle = iss_parser_client_read (agent, ISS_PARSER_CLIENT_SECONDS, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_bundle_get_format (bundle), ==, ISS_FORMAT_PEM);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 1);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);
  g_assert_nonnull (iss_bundle_get_key_for (bundle, 0));
  g_assert_cmpstr (iss_certificate_get_sha256_hex (iss_bundle_get_certificate (bundle, 0)), ==,
                   iss_certificate_get_sha256_hex (certificate));
  assert_no_children ();
}

/* RC2 with 40 bits is in OpenSSL's legacy module, a file that a confined process cannot open. */
static void
test_parser_client_legacy (void)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GBytes) file = NULL;
  const struct { const char *password; int code; } cases[] =
    {
      { "pass", -1 },
      { "wrong", ISS_ERROR_WRONG_PASSWORD },
      { NULL, ISS_ERROR_WRONG_PASSWORD },
    };

  iss_openssl_tool_make_pair (folder, "auth");
  file = iss_openssl_tool_make_file (folder,
                                     "openssl pkcs12 -export -legacy -inkey auth.key -in auth.crt "
                                     "-name Grüße -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40 "
                                     "-passout pass:pass -out rc2.pfx", "rc2.pfx");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) request = pack (file, cases[i].password);
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GError) error = NULL;

      bundle = iss_parser_client_read (agent, ISS_PARSER_CLIENT_SECONDS, request, NULL, &error);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, ISS_ERROR, cases[i].code);
          g_assert_null (bundle);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_integrity (bundle), ==, ISS_INTEGRITY_HMAC);
      g_assert_cmpstr (iss_bundle_get_friendly_name (bundle, 0), ==, "Grüße");
      g_assert_nonnull (iss_bundle_get_key_for (bundle, 0));
    }
  assert_no_children ();
}

/* Whatever can be read here can be read there. */
static void
test_parser_client_formats (void)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssBundle) source = NULL;
  static const struct { const char *command; IssFormat format; } cases[] =
    {
      { "openssl x509 -in auth.crt -out file", ISS_FORMAT_PEM },
      { "openssl x509 -in auth.crt -outform DER -out file", ISS_FORMAT_DER },
      { "openssl pkcs12 -export -nokeys -in auth.crt -passout pass:x -out file", ISS_FORMAT_PFX },
      { "openssl crl2pkcs7 -nocrl -certfile auth.crt -outform DER -out file", ISS_FORMAT_PKCS7 },
      { NULL, ISS_FORMAT_SST },
    };

  G_STATIC_ASSERT (G_N_ELEMENTS (cases) == ISS_FORMAT_LAST);
  iss_openssl_tool_make_pair (folder, "auth");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) file = NULL;
      g_autoptr(IssSecret) request = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GError) error = NULL;

      file = cases[i].command != NULL
        ? iss_openssl_tool_make_file (folder, cases[i].command, "file")
        : iss_sst_write (source, &error);
      g_assert_no_error (error);
      request = pack (file, "x");
      bundle = iss_parser_client_read (agent, ISS_PARSER_CLIENT_SECONDS, request, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_format (bundle), ==, cases[i].format);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 1);
      g_set_object (&source, bundle);
    }
}

static void
test_parser_client_not_a_file (void)
{
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');
  const struct { const char *name; gsize size; int code; } cases[] =
    {
      { "empty", 0, ISS_ERROR_MALFORMED },
      { "a word", 5, ISS_ERROR_MALFORMED },
      { "more than a socket holds", 3 * 1024 * 1024, ISS_ERROR_MALFORMED },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) file = g_bytes_new_static (text, cases[i].size);
      g_autoptr(IssSecret) request = pack (file, NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_null (iss_parser_client_read (agent, ISS_PARSER_CLIENT_SECONDS, request, NULL,
                                             &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_cmpstr (error->message, !=, FAILED);
    }
  assert_no_children ();
}

static const struct
{
  const char *name;
  const char *script;
  int         code;
} bad_readers[] =
{
  { "ends at once", "exit 0", ISS_ERROR_FAILED },
  { "crashes", "kill -SEGV $$", ISS_ERROR_FAILED },
  { "is ended by the kernel", "cat >&2; kill -XCPU $$", ISS_ERROR_FAILED },
  { "says nothing", "cat >&2", ISS_ERROR_FAILED },
  { "says nonsense", "cat >&2; echo I am fine, and so is the file >&0", ISS_ERROR_FAILED },
  { "promises too much", "printf 'ISP1\\377\\377\\377\\377' >&0", ISS_ERROR_FAILED },
  { "stops in the middle", "printf 'ISP1\\0\\0\\1\\0xyz' >&0", ISS_ERROR_FAILED },
  { "spins", "while :; do :; done", ISS_ERROR_TOO_COSTLY },
  { "spins, and has begun to answer", "printf ISP1 >&0; while :; do :; done",
    ISS_ERROR_TOO_COSTLY },
};

static void
test_parser_client_bad_readers (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autoptr(GBytes) file = g_bytes_new_static (text, 1024 * 1024);
  g_autoptr(IssSecret) request = pack (file, "password");

  for (gsize i = 0; i < G_N_ELEMENTS (bad_readers); i++)
    {
      g_autofree char *reader = write_reader (folder, bad_readers[i].script);
      guint seconds = bad_readers[i].code == ISS_ERROR_TOO_COSTLY ? 1 : ISS_PARSER_CLIENT_SECONDS;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad_readers[i].name);
      g_assert_null (iss_parser_client_read (reader, seconds, request, NULL, &error));
      g_assert_error (error, ISS_ERROR, bad_readers[i].code);
      if (bad_readers[i].code == ISS_ERROR_FAILED)
        g_assert_cmpstr (error->message, ==, FAILED);
      else
        g_assert_nonnull (strstr (error->message, "within 1 seconds; nothing was changed"));
      assert_no_children ();
    }
}

static void
test_parser_client_missing (void)
{
  g_autoptr(GBytes) file = g_bytes_new_static ("x", 1);
  g_autoptr(IssSecret) request = pack (file, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_parser_client_read ("/nowhere/issuant-agent", 1, request, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "cannot be started: "));
  assert_no_children ();
}

static gpointer
cancel_worker (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return NULL;
}

static void
test_parser_client_cancelled (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *reader = write_reader (folder, "while :; do :; done");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) file = g_bytes_new_static ("x", 1);
  g_autoptr(IssSecret) request = pack (file, NULL);
  g_autoptr(GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_worker, cancellable);

  g_assert_null (iss_parser_client_read (reader, ISS_PARSER_CLIENT_SECONDS, request, cancellable,
                                         &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  assert_no_children ();
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* The same from the agent's side: whatever becomes of the reader of the file that was sealed well,
 * nothing becomes of the store. */
static void
test_parser_client_import (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (folder, "root");
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  g_autoptr(IssRootFolder) root = NULL;
  g_autoptr(IssPrivateKey) recipient_key = NULL;
  g_autoptr(IssCertificate) recipient = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("parser-client", NULL);
  g_autoptr(IssSecret) request = pack (file, NULL);
  g_autoptr(GBytes) sealed = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  root = iss_root_folder_open (path, TRUE, &error);
  g_assert_no_error (error);
  recipient = iss_seal_make_recipient (&recipient_key, &error);
  g_assert_no_error (error);
  sealed = iss_seal_to (recipient, request, &error);
  g_assert_no_error (error);
  variant = g_variant_ref_sink (iss_agent_wire_new_bytes (sealed));
  options = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));

  /* The last is the real one. */
  for (gsize i = 0; i <= G_N_ELEMENTS (bad_readers); i++)
    {
      gboolean is_good = i == G_N_ELEMENTS (bad_readers);
      g_autofree char *script = NULL;
      g_autofree char *reader = NULL;
      g_autofree char *after = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GVariant) items = NULL;
      IssAgentImport import = { root, "tester", ISS_AGENT_FIXTURE_NOW, recipient, recipient_key,
                                NULL, variant, options };

      if (!is_good && bad_readers[i].code == ISS_ERROR_TOO_COSTLY)
        continue;

      g_clear_error (&error);
      g_test_message ("%s", is_good ? "reads" : bad_readers[i].name);
      script = g_strdup_printf ("[ \"$1\" = --vet ] && exec %s \"$@\"\n%s", agent,
                                is_good ? "" : bad_readers[i].script);
      reader = is_good ? g_strdup (agent) : write_reader (folder, script);
      import.parser = reader;
      g_clear_pointer (&before, g_free);
      before = iss_temp_folder_dup_listing (folder);

      iss_agent_import_run_async (&import, NULL, imported_cb, &result);
      iss_wait_until (result != NULL);
      items = iss_agent_import_run_finish (result, &error);
      after = iss_temp_folder_dup_listing (folder);

      if (is_good)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (g_variant_n_children (items), ==, 1);
          g_assert_cmpstr (before, !=, after);
          continue;
        }

      g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
      g_assert_cmpstr (error->message, ==, FAILED);
      g_assert_null (items);
      g_assert_cmpstr (before, ==, after);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/parser-client/pem", test_parser_client_pem);
  g_test_add_func ("/parser-client/legacy", test_parser_client_legacy);
  g_test_add_func ("/parser-client/formats", test_parser_client_formats);
  g_test_add_func ("/parser-client/not-a-file", test_parser_client_not_a_file);
  g_test_add_func ("/parser-client/bad-readers", test_parser_client_bad_readers);
  g_test_add_func ("/parser-client/missing", test_parser_client_missing);
  g_test_add_func ("/parser-client/cancelled", test_parser_client_cancelled);
  g_test_add_func ("/parser-client/import", test_parser_client_import);

  return g_test_run ();
}
