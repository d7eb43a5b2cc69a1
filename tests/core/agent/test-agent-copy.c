/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-copy.h"

#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/formats/seal.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/server-folder.h"

/* What one server seals, another one's agent takes: see tests/core/pool/test-pool-copy.c. */

typedef struct
{
  IssServerFolder *folder;
  IssCertificate  *certificate;
  IssCertificate  *recipient;       /* of the other server's connection */
  IssPrivateKey   *recipient_key;
  char            *agent;
  IssAgentContext  context;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  self->folder = iss_server_folder_new ();
  self->certificate = iss_server_folder_hold (self->folder, "auth", "contoso.example");
  self->recipient = iss_seal_make_recipient (&self->recipient_key, NULL);
  g_assert_nonnull (self->recipient);
  self->agent = iss_agent_fixture_dup_program ();
  self->context = (IssAgentContext) { self->folder->root, "tester", ISS_SERVER_FOLDER_NOW,
                                      NULL, NULL, self->agent };
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  g_free (self->agent);
  g_object_unref (self->recipient);
  g_object_unref (self->recipient_key);
  g_object_unref (self->certificate);
  iss_server_folder_free (self->folder);
}

static char *
dup_audit (Fixture *self)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder->folder, "audit.jsonl");
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static IssCopyResult *
seal_for (Fixture         *self,
          IssCertificate  *certificate,
          const char      *to,
          gboolean         what_if,
          GError         **error)
{
  g_autoptr(IssAgentCall) call =
    iss_agent_copy_new_seal_call (ISS_N_STORES, iss_certificate_get_sha256 (certificate),
                                  self->recipient, to, what_if);
  GVariant *answer = iss_agent_copy_run (&self->context, iss_agent_call_get_parameters (call),
                                         NULL, error);
  g_autoptr(GVariant) kept = answer != NULL ? g_variant_ref_sink (answer) : NULL;

  return kept != NULL ? iss_agent_call_read (call, kept, error) : NULL;
}

/* Only the recipient can read it, and then it is what Import takes. */
static void
test_sealed (Fixture       *self,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCopyResult) result = seal_for (self, self->certificate, "fe02.contoso.example",
                                              FALSE, &error);
  g_autoptr(IssSecret) clear = NULL;
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autofree char *audit = NULL;

  g_assert_no_error (error);
  g_assert_null (result->note);
  g_assert_null (memmem (g_bytes_get_data (result->sealed, NULL),
                         g_bytes_get_size (result->sealed), "PRIVATE KEY", 11));

  clear = iss_seal_open (result->sealed, self->recipient, self->recipient_key, &error);
  g_assert_no_error (error);
  g_assert_true (iss_agent_wire_unpack_import (clear, &file, &password, &error));
  g_assert_null (password);
  bundle = iss_certificate_file_read (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 3);
  g_assert_true (iss_private_key_matches (iss_bundle_get_key_for (bundle, 0), self->certificate));

  audit = dup_audit (self);
  g_assert_nonnull (strstr (audit, "\"export\""));
  g_assert_nonnull (strstr (audit, "\"sealed\""));
  g_assert_nonnull (strstr (audit, "\"fe02.contoso.example\""));
  g_assert_nonnull (strstr (audit, iss_certificate_get_sha256_hex (self->recipient)));
}

static void
test_what_if (Fixture       *self,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCopyResult) result = seal_for (self, self->certificate, "fe02", TRUE, &error);
  g_autofree char *audit = dup_audit (self);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (result->sealed), ==, 0);
  g_assert_null (audit);
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) elsewhere = iss_server_folder_make (self->folder, "elsewhere", NULL,
                                                                &key);
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  g_autofree char *name = g_strdup_printf ("keys/%s.conf", hex);
  g_autofree char *path = NULL;
  g_autofree char *audit = NULL;
  const struct
  {
    IssCertificate *certificate;
    const char     *to;
    IssError        code;
  } cases[] =
  {
    { elsewhere, "fe02", ISS_ERROR_NOT_FOUND },
    { self->folder->authority, "fe02", ISS_ERROR_NOT_FOUND },
    { self->certificate, "", ISS_ERROR_INVALID_ARGUMENT },
    { self->certificate, "fe02", ISS_ERROR_REFUSED },
  };

  path = iss_temp_folder_write (self->folder->folder, name, "[key]\nexportable=false\n", -1);
  g_assert_nonnull (path);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (seal_for (self, cases[i].certificate, cases[i].to, FALSE, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }

  audit = dup_audit (self);
  g_assert_null (audit);
}

static void
test_bad_arguments (Fixture       *self,
                    gconstpointer  unused)
{
  static const struct
  {
    const char *text;
    IssError    code;
  } cases[] =
  {
    { "('none', @ay [], @ay [], {'to': <'fe02'>})", ISS_ERROR_INVALID_ARGUMENT },
    { "('my', @ay [1], @ay [], {'to': <'fe02'>})", ISS_ERROR_INVALID_ARGUMENT },
    { "('my', b'0123456789012345678901234567890', @ay [1, 2], {'to': <'fe02'>})",
      ISS_ERROR_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) parameters = g_variant_parse (G_VARIANT_TYPE ("(sayaya{sv})"),
                                                        cases[i].text, NULL, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_nonnull (parameters);
      g_assert_null (iss_agent_copy_run (&self->context, parameters, NULL, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
}

/* A server that answers with nothing, or with something although it was only asked. */
static void
test_hostile (Fixture       *self,
              gconstpointer  unused)
{
  for (guint what_if = 0; what_if < 2; what_if++)
    {
      g_autoptr(IssAgentCall) call =
        iss_agent_copy_new_seal_call (ISS_STORE_MY, iss_certificate_get_sha256 (self->certificate),
                                      self->recipient, "fe02", what_if == 1);
      g_autoptr(GVariant) reply = g_variant_parse (G_VARIANT_TYPE ("(aya{sv})"),
                                                   what_if == 1 ? "(@ay [1], @a{sv} {})"
                                                                : "(@ay [], @a{sv} {})",
                                                   NULL, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_agent_call_read (call, reply, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

/* Two copies under way on one connection have two names. */
static void
test_import_call (void)
{
  g_autoptr(GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr(GBytes) two = g_bytes_new_static ("two", 3);
  const IssImportOptions options = { .automatic_store = TRUE, .friendly_name = "Ours" };
  g_autoptr(IssAgentCall) first = iss_agent_copy_new_import_call (one, &options);
  g_autoptr(IssAgentCall) second = iss_agent_copy_new_import_call (two, &options);
  const char *first_job, *second_job;

  g_variant_get_child (iss_agent_call_get_parameters (first), 0, "&s", &first_job);
  g_variant_get_child (iss_agent_call_get_parameters (second), 0, "&s", &second_job);
  g_assert_cmpstr (first_job, !=, second_job);
  g_assert_cmpuint (strlen (first_job), <=, 64);
  g_assert_null (iss_agent_call_get_secret (first));
}

#define ADD(name, func) g_test_add ("/agent-copy/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("sealed", test_sealed);
  ADD ("what-if", test_what_if);
  ADD ("refused", test_refused);
  ADD ("bad-arguments", test_bad_arguments);
  ADD ("hostile", test_hostile);
  g_test_add_func ("/agent-copy/import-call", test_import_call);

  return g_test_run ();
}
