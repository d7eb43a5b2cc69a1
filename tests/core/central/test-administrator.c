/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/central/administrator.h"
#include "core/formats/signed-data.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

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
  g_autoptr(IssAdministrator) made = make (fixture);
  g_autoptr(IssAdministrator) kept = NULL;
  g_autoptr(GError) error = NULL;

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

int
main (int   argc,
      char *argv[])
{
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

  return g_test_run ();
}
