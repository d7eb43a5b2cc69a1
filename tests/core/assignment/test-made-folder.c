/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/made-folder.h"

/* Also covers: made-key, made-folder-sweep. */

#include "core/assignment/staged-key.h"
#include "core/base/error.h"
#include "core/store/key-file.h"
#include "tests/lib/server-folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW ISS_SERVER_FOLDER_NOW
#define NOBODY 65534

typedef struct
{
  IssServerFolder *server;
  IssCertificate  *certificate;
  IssAssignments  *assignments;
  int              parent;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->server = iss_server_folder_new ();
  fixture->certificate = iss_server_folder_hold (fixture->server, "sip", NULL);
  fixture->assignments = iss_assignments_load (fixture->server->root, &error);
  iss_assignments_set (fixture->assignments, iss_certificate_type_find ("OAuthTokenIssuer"),
                       iss_certificate_get_sha256_hex (fixture->certificate), NOW, NULL, &error);
  fixture->parent = iss_root_folder_open_folder (fixture->server->root, "live/.made", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  close (fixture->parent);
  g_assert_finalize_object (fixture->assignments);
  g_object_unref (fixture->certificate);
  iss_server_folder_free (fixture->server);
}

static IssMadeFolder *
new_folder (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssMadeFolder *folder = iss_made_folder_new (fixture->server->root,
                                               iss_assignments_get (fixture->assignments, 0), NOW,
                                               &error);

  g_assert_no_error (error);

  return folder;
}

static void
test_made_folder_make (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(IssMadeFolder) folder = new_folder (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  GStatBuf info;

  g_assert_cmpstr (iss_made_folder_get_name (folder), ==, "OAuthTokenIssuer-1");
  g_assert_false (iss_made_folder_is_right (folder, fixture->parent));
  iss_made_folder_make (folder, fixture->parent, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (iss_made_folder_is_right (folder, fixture->parent));

  /* Its time is the one that it was told, from which the sweep counts. */
  path = iss_temp_folder_dup_path (fixture->server->folder, "live/.made/OAuthTokenIssuer-1");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mtime, ==, NOW);

  /* In place of a right one, too. */
  iss_made_folder_make (folder, fixture->parent, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (iss_made_folder_is_right (folder, fixture->parent));
}

/* A key file that others may read is closed before it gets its second name. */
static void
test_made_folder_closes_key (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(IssMadeFolder) folder = new_folder (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *keys = iss_temp_folder_dup_path (fixture->server->folder, "keys");
  g_autoptr(GDir) dir = g_dir_open (keys, 0, NULL);
  const char *name;
  GStatBuf info;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (keys, name, NULL);

      g_assert_cmpint (g_chmod (path, 0644), ==, 0);
    }

  iss_made_folder_make (folder, fixture->parent, NOW, &error);
  g_assert_no_error (error);

  g_free (keys);
  keys = iss_temp_folder_dup_path (fixture->server->folder,
                                   "live/.made/OAuthTokenIssuer-1/privkey.pem");
  g_assert_cmpint (g_stat (keys, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
}

/* The staged key is there under a name of its own, closed; without it the rest is published. */
static void
test_made_folder_staged (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(IssCertificate) next = iss_server_folder_hold (fixture->server, "next", NULL);
  const IssTransition stage =
    { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + 60,
      .sha256_hex = iss_certificate_get_sha256_hex (next) };
  g_autoptr(IssMadeFolder) folder = NULL;
  g_autoptr(IssMadeFolder) foreign = NULL;
  g_autoptr(IssMadeFolder) without = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  GStatBuf info;

  iss_assignments_change (fixture->assignments, iss_certificate_type_find ("OAuthTokenIssuer"),
                          &stage);
  folder = new_folder (fixture);
  iss_made_folder_make (folder, fixture->parent, NOW, &error);
  g_assert_no_error (error);
  path = iss_temp_folder_dup_path (fixture->server->folder,
                                   "live/.made/OAuthTokenIssuer-2/" ISS_STAGED_KEY_NAME);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (info.st_nlink, ==, 2);
  g_assert_true (iss_made_folder_is_right (folder, fixture->parent));

  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_false (iss_made_folder_is_right (folder, fixture->parent));

  /* Somebody else's file could not be closed: it stays out, too. Only root can give it away. */
  if (geteuid () == 0)
    {
      g_assert_no_errno (chown (path, NOBODY, (gid_t) -1));
      foreign = new_folder (fixture);
      iss_made_folder_make (foreign, fixture->parent, NOW, &error);
      g_assert_no_error (error);
      g_assert_true (iss_made_folder_is_right (foreign, fixture->parent));
      g_assert_cmpint (g_stat (path, &info), !=, 0);
    }

  iss_key_file_remove (fixture->server->root, iss_certificate_get_spki_sha256 (next), &error);
  g_assert_no_error (error);
  without = new_folder (fixture);
  iss_made_folder_make (without, fixture->parent, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (iss_made_folder_is_right (without, fixture->parent));
  g_assert_cmpint (g_stat (path, &info), !=, 0);
}

/* What fails leaves nothing under the name, and nothing after a sweep. */
static void
test_made_folder_fails (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(IssMadeFolder) folder = new_folder (fixture);
  g_autoptr(GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *made = iss_temp_folder_dup_path (fixture->server->folder, "live/.made");

  iss_key_file_remove (fixture->server->root,
                       iss_certificate_get_spki_sha256 (fixture->certificate), &error);
  g_assert_no_error (error);

  g_assert_false (iss_made_folder_make (folder, fixture->parent, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_false (iss_made_folder_is_right (folder, fixture->parent));

  /* Only empty folders can be removed so. */
  iss_made_folder_sweep (fixture->parent, kept, nobody, NOW);
  g_assert_cmpint (g_rmdir (made), ==, 0);
}

static void
test_made_folder_sweep (Fixture       *fixture,
                        gconstpointer  user_data)
{
  static const struct
  {
    const char *name;
    gboolean    stays;
  } cases[] =
  {
    { "Default-1",      FALSE },
    { "Default-18",     FALSE },
    { "Default-2",      TRUE },     /* pointed at */
    { ".tmp-1",         FALSE },
    { "Default",        TRUE },     /* not by a name of ours */
    { "Default-",       TRUE },
    { "Default-1.old",  TRUE },
    { "-1",             TRUE },
    { "lost+found",     TRUE },
  };
  g_autoptr(GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autofree char *superseded = NULL;
  g_autofree char *pointed_at = NULL;
  const struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
  gint64 real_now = g_get_real_time () / G_USEC_PER_SEC;
  struct stat info;

  g_hash_table_add (kept, (char *) "Default-2");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_build_filename ("live/.made", cases[i].name, "x", NULL);
      g_autofree char *path = iss_temp_folder_write (fixture->server->folder, name, "x", -1);
    }

  /* Who uses what is not known: only what is half made goes, and keys that were staged; the time
   * from which a folder's stay is counted does not change for that. */
  superseded = iss_temp_folder_write (fixture->server->folder,
                                      "live/.made/Default-1/" ISS_STAGED_KEY_NAME, "x", -1);
  pointed_at = iss_temp_folder_write (fixture->server->folder,
                                      "live/.made/Default-2/" ISS_STAGED_KEY_NAME, "x", -1);
  g_assert_no_errno (utimensat (fixture->parent, "Default-1", times, 0));
  iss_made_folder_sweep (fixture->parent, kept, NULL, real_now + 3600);
  g_assert_false (g_file_test (superseded, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (pointed_at, G_FILE_TEST_EXISTS));
  g_assert_no_errno (fstatat (fixture->parent, "Default-1", &info, 0));
  g_assert_cmpint (info.st_mtime, ==, 1000);
  g_assert_cmpint (iss_made_folder_get_next_sweep (fixture->parent, kept, NULL, 0), ==, 0);
  g_assert_cmpint (iss_made_folder_get_next_sweep (fixture->parent, kept, nobody, 0), >, 0);

  iss_made_folder_sweep (fixture->parent, kept, nobody, real_now + 3600);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_build_filename ("live/.made", cases[i].name, NULL);
      g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder, name);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, cases[i].stays);
    }
}

static void
add (const char  *path,
     void       (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/made-folder/make", test_made_folder_make);
  add ("/made-folder/closes-key", test_made_folder_closes_key);
  add ("/made-folder/staged", test_made_folder_staged);
  add ("/made-folder/fails", test_made_folder_fails);
  add ("/made-folder/sweep", test_made_folder_sweep);

  return g_test_run ();
}
