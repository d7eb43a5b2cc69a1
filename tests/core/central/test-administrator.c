/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: administrator-folder, token-signer. */
#include "core/central/administrator.h"

#include "core/agent/token-helper.h"
#include "core/base/error.h"
#include "core/central/administrator-folder.h"
#include "core/central/token-signer.h"
#include "core/formats/certificate-file.h"
#include "core/formats/signed-data.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/soft-token.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT 1795910400   /* 29 November 2026 */

typedef struct
{
  IssTempFolder *temp;
  char          *folder;      /* two levels that are not there */
  IssSecret     *passphrase;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->temp = iss_temp_folder_new ();
  fixture->folder = iss_temp_folder_dup_path (fixture->temp, "issuant/administrator");
  fixture->passphrase = iss_openssl_tool_secret ("correct horse");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_secret_unref (fixture->passphrase);
  g_free (fixture->folder);
  iss_temp_folder_free (fixture->temp);
}

static IssAdministrator *
make (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssAdministrator *made = iss_administrator_make (fixture->folder, "alice@laptop",
                                                   fixture->passphrase, AT, &error);

  g_assert_no_error (error);

  return made;
}

static guint
get_mode (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return info.st_mode & 07777;
}

static void
test_make (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(IssAdministrator) made = make (fixture);
  g_autoptr(IssAdministrator) opened = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *pem = NULL;

  g_assert_cmpstr (iss_administrator_get_name (made), ==, "alice@laptop");
  g_assert_cmpuint (get_mode (fixture->folder), ==, 0700);
  g_assert_cmpuint (get_mode (iss_administrator_get_key_path (made)), ==, 0600);
  g_assert_cmpuint (get_mode (iss_administrator_get_certificate_path (made)), ==, 0644);

  opened = iss_administrator_open (fixture->folder, &error);
  g_assert_no_error (error);
  pem = iss_certificate_dup_pem (iss_administrator_get_certificate (opened));
  g_assert_true (g_file_get_contents (iss_administrator_get_certificate_path (made), &contents,
                                      NULL, NULL));
  g_assert_cmpstr (contents, ==, pem);

  key = iss_administrator_unlock (opened, fixture->passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, iss_administrator_get_certificate (made)));
}

static void
test_signs (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(IssAdministrator) made = make (fixture);
  g_autoptr(IssPrivateKey) key = iss_administrator_unlock (made, fixture->passphrase, NULL);
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  g_autoptr(GBytes) content = g_bytes_new_static ("text", 4);
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (signers, iss_administrator_get_certificate (made));
  message = iss_signed_data_sign (content, iss_administrator_get_certificate (made), key, AT,
                                  &error);
  g_assert_no_error (error);
  read = iss_signed_data_verify (message, signers, 1024, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, content));
}

static void
test_none_yet (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) empty_error = NULL;

  g_assert_null (iss_administrator_open (fixture->folder, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);

  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  g_assert_null (iss_administrator_open (fixture->folder, &empty_error));
  g_assert_error (empty_error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_never_replaced (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(IssAdministrator) made = NULL;
  g_autoptr(IssAdministrator) kept = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_administrator_folder_check_none (fixture->folder, &error));
  made = make (fixture);
  g_assert_false (iss_administrator_folder_check_none (fixture->folder, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_clear_error (&error);

  g_assert_null (iss_administrator_make (fixture->folder, "bob@laptop", fixture->passphrase, AT,
                                         &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);

  kept = iss_administrator_open (fixture->folder, NULL);
  g_assert_cmpstr (iss_administrator_get_name (kept), ==, "alice@laptop");
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *long_name = g_strnfill (65, 'x');
  g_autoptr(IssSecret) empty = iss_secret_new ("", 0);
  const struct
  {
    const char *name;
    IssSecret  *passphrase;
  } cases[] =
  {
    { "", fixture->passphrase },
    { "\xff", fixture->passphrase },
    { long_name, fixture->passphrase },
    { "alice@laptop", empty },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_administrator_make (fixture->folder, cases[i].name, cases[i].passphrase,
                                             AT, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
    }
}

static void
test_wrong_passphrase (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(IssAdministrator) made = make (fixture);
  g_autoptr(IssSecret) wrong = iss_openssl_tool_secret ("incorrect horse");
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_administrator_unlock (made, wrong, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
}

/* Another's key under the administrator's certificate, and no certificate at all. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(IssAdministrator) made = make (fixture);
  g_autofree char *other_folder = iss_temp_folder_dup_path (fixture->temp, "other");
  g_autoptr(IssAdministrator) other = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *mixed = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) open_error = NULL;
  const char *path = iss_administrator_get_key_path (made);

  other = iss_administrator_make (other_folder, "bob@laptop", fixture->passphrase, AT, NULL);
  g_assert_true (g_file_get_contents (path, &ours, NULL, NULL));
  g_assert_true (g_file_get_contents (iss_administrator_get_key_path (other), &theirs, NULL,
                                      NULL));
  *strstr (theirs, "-----BEGIN CERTIFICATE") = '\0';
  mixed = g_strconcat (theirs, strstr (ours, "-----BEGIN CERTIFICATE"), NULL);
  g_assert_true (g_file_set_contents (path, mixed, -1, NULL));
  g_assert_null (iss_administrator_unlock (made, fixture->passphrase, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);

  g_assert_true (g_file_set_contents (path, theirs, -1, NULL));
  g_assert_null (iss_administrator_open (fixture->folder, &open_error));
  g_assert_error (open_error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
test_in_a_worker (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) unlocked = NULL;
  g_autoptr(IssAdministrator) made = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;

  iss_administrator_make_async (fixture->folder, "alice@laptop", fixture->passphrase, AT, NULL,
                                keep_result_cb, &result);
  iss_wait_until (result != NULL);
  made = iss_administrator_make_finish (result, &error);
  g_assert_no_error (error);

  iss_administrator_unlock_async (made, fixture->passphrase, NULL, keep_result_cb, &unlocked);
  iss_wait_until (unlocked != NULL);
  key = iss_administrator_unlock_finish (made, unlocked, &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, iss_administrator_get_certificate (made)));
}

static IssCertificate *
load_certificate (Fixture    *fixture,
                  const char *name)
{
  g_autoptr(GBytes) file = iss_openssl_tool_load (fixture->temp, name);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssBundle) bundle = iss_certificate_file_read (file, NULL, &error);

  g_assert_no_error (error);

  return g_object_ref (iss_bundle_get_certificate (bundle, 0));
}

static void
assert_signs (IssAdministrator *administrator,
              IssSecret        *pin)
{
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  g_autoptr(GBytes) content = g_bytes_new_static ("a roll record", 13);
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GError) error = NULL;
  gint64 at;

  key = iss_administrator_unlock (administrator, pin, &error);
  g_assert_no_error (error);
  message = iss_signed_data_sign (content, iss_administrator_get_certificate (administrator), key,
                                  AT, &error);
  g_assert_no_error (error);
  g_ptr_array_add (signers, iss_administrator_get_certificate (administrator));
  read = iss_signed_data_verify (message, signers, 64, NULL, &at, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, content));
  g_assert_cmpint (at, ==, AT);

  /* It does nothing else, and does not leave. */
  g_assert_null (iss_private_key_dup_pem (key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (iss_private_key_dup_pkcs8 (key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
}

/* RSA and a curve; the PIN is given, or in a file that the URI names. */
static void
test_in_a_token (Fixture       *fixture,
                 gconstpointer  unused)
{
  static const struct { const char *newkey; gboolean own_pin; } cases[] =
    {
      { "rsa:2048", FALSE },
      { "ec -pkeyopt ec_paramgen_curve:P-256", TRUE },
    };
  g_autoptr(IssSecret) pin = iss_openssl_tool_secret (ISS_SOFT_TOKEN_PIN);
  g_autofree char *pin_path = iss_temp_folder_write (fixture->temp, "pin", ISS_SOFT_TOKEN_PIN "\n",
                                                     strlen (ISS_SOFT_TOKEN_PIN "\n"));

  iss_soft_token_set_up (fixture->temp);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s%zu", fixture->folder, i);
      g_autofree char *label = g_strdup_printf ("alice%zu", i);
      g_autofree char *id = g_strdup_printf ("%02zu", i + 1);
      g_autofree char *line = g_strdup_printf ("openssl req -x509 -newkey %s -nodes -subj "
                                               "/CN=alice@card -keyout alice.key -out alice.crt",
                                               cases[i].newkey);
      g_autofree char *uri = g_strconcat (ISS_SOFT_TOKEN_URI ";object=", label,
                                          cases[i].own_pin ? "?pin-source=file:" : NULL, pin_path,
                                          NULL);
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(IssAdministrator) made = NULL;
      g_autoptr(IssAdministrator) opened = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", uri);
      iss_openssl_tool_run (fixture->temp, line);
      iss_soft_token_import (fixture->temp, "alice.key", label, id);
      certificate = load_certificate (fixture, "alice.crt");
      made = iss_administrator_adopt (folder, certificate, uri, cases[i].own_pin ? NULL : pin,
                                      &error);
      g_assert_no_error (error);
      g_assert_cmpuint (get_mode (iss_administrator_get_key_path (made)), ==, 0600);

      opened = iss_administrator_open (folder, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (iss_administrator_get_name (opened), ==, "alice@card");
      g_assert_nonnull (strstr (iss_administrator_get_key_uri (opened), label));
      g_assert_cmpstr (iss_administrator_get_key_uri (opened), ==,
                       iss_administrator_get_key_uri (made));
      assert_signs (opened, cases[i].own_pin ? NULL : pin);

      /* The token is not asked, were it with a PIN that locks it: the URI is not even read. */
      g_assert_null (iss_administrator_adopt (folder, certificate, "none", NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
    }
}

/* A wrong PIN, another key, another token: nothing is noted. */
static void
test_in_no_token (Fixture       *fixture,
                  gconstpointer  unused)
{
  const struct { const char *uri; const char *pin; int code; } cases[] =
    {
      { ISS_SOFT_TOKEN_URI ";object=alice", "4321", ISS_ERROR_WRONG_PASSWORD },
      { ISS_SOFT_TOKEN_URI ";object=alice", "", ISS_ERROR_INVALID_ARGUMENT },
      { ISS_SOFT_TOKEN_URI ";object=bob", ISS_SOFT_TOKEN_PIN, ISS_ERROR_REFUSED },
      { ISS_SOFT_TOKEN_URI ";object=carol", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND },
      { "pkcs11:token=other;object=alice", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND },
      { "alice.key", ISS_SOFT_TOKEN_PIN, ISS_ERROR_INVALID_ARGUMENT },
    };
  g_autoptr(IssCertificate) certificate = NULL;

  iss_soft_token_set_up (fixture->temp);
  iss_openssl_tool_run (fixture->temp, "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=bob "
                                       "-keyout bob.key -out bob.crt");
  iss_openssl_tool_run (fixture->temp, "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=alice "
                                       "-keyout alice.key -out alice.crt");
  iss_soft_token_import (fixture->temp, "alice.key", "alice", "01");
  iss_soft_token_import (fixture->temp, "bob.key", "bob", "02");
  certificate = load_certificate (fixture, "alice.crt");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) pin = iss_openssl_tool_secret (cases[i].pin);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s, PIN %s", cases[i].uri, cases[i].pin);
      g_assert_null (iss_administrator_adopt (fixture->folder, certificate, cases[i].uri, pin,
                                              &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
    }
}

int
main (int   argc,
      char *argv[])
{
  /* As the programs' own main() does. */
  if (argc == 2 && g_str_equal (argv[1], ISS_TOKEN_HELPER_OPTION))
    _exit (iss_token_helper_serve (STDIN_FILENO, NULL) ? 0 : 1);

  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/administrator/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("make", test_make);
  ADD ("signs", test_signs);
  ADD ("none-yet", test_none_yet);
  ADD ("never-replaced", test_never_replaced);
  ADD ("refused", test_refused);
  ADD ("wrong-passphrase", test_wrong_passphrase);
  ADD ("damaged", test_damaged);
  ADD ("in-a-worker", test_in_a_worker);
  ADD ("in-a-token", test_in_a_token);
  ADD ("in-no-token", test_in_no_token);

  return g_test_run ();
}
