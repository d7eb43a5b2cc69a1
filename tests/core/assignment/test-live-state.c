/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/live-state.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  IssTempFolder            *folder;
  const IssCertificateType *type;
  int                       root;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->folder = iss_temp_folder_new ();
  fixture->type = iss_certificate_type_find ("Default");
  fixture->root = open (iss_temp_folder_get_path (fixture->folder),
                        O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  close (fixture->root);
  iss_temp_folder_free (fixture->folder);
}

static void
point (Fixture    *fixture,
       const char *target)
{
  g_autofree char *link = iss_temp_folder_dup_path (fixture->folder, "live/Default");

  unlink (link);
  g_assert_cmpint (symlink (target, link), ==, 0);
}

static gboolean
read_state (int                        root,
            const IssCertificateType  *type,
            IssLiveState              *out_state,
            GError                   **error)
{
  g_autoptr(GError) local_error = NULL;
  int folder = iss_live_state_open (root, type, out_state, &local_error);

  if (folder >= 0)
    close (folder);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
test_live_state_read (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autofree char *file = NULL;
  g_autoptr(GError) error = NULL;
  IssLiveState state = { 9, 9, 9 };
  IssLiveState same;
  IssLiveState other;
  int folder;

  /* Nothing is published: before the folder is made, and in it. */
  g_assert_true (read_state (fixture->root, fixture->type, &state, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (state.revision, ==, 0);
  file = iss_temp_folder_write (fixture->folder, "live/.made/Default-12/cert.pem", "x", -1);
  g_assert_true (read_state (fixture->root, fixture->type, &state, &error));
  g_assert_cmpuint (state.revision, ==, 0);

  point (fixture, ".made/Default-12");
  folder = iss_live_state_open (fixture->root, fixture->type, &state, &error);
  g_assert_no_error (error);
  g_assert_cmpint (faccessat (folder, "cert.pem", R_OK, 0), ==, 0);
  close (folder);
  g_assert_cmpuint (state.revision, ==, 12);
  g_assert_cmpuint (state.inode, !=, 0);
  g_assert_cmpint (state.since, >, 0);

  g_assert_true (read_state (fixture->root, fixture->type, &same, &error));
  other = same;
  other.inode++;
  g_assert_true (iss_live_state_is_same (&state, &same));
  g_assert_false (iss_live_state_is_same (&state, &other));
}

/* Whoever owns the folder is not trusted by whoever asks. */
static void
test_live_state_forged (Fixture       *fixture,
                        gconstpointer  user_data)
{
  static const char *const targets[] =
  {
    "/", ".made", ".made/", ".made/Default-1/", ".made/Default-01", ".made/Default-0",
    ".made/Default--1", ".made/Default-+1", ".made/Default- 1", ".made/Default-1x",
    ".made/OAuthTokenIssuer-1", ".made/../.made/Default-1", "./.made/Default-1", ".made/Default-2",
    ".made/Default-3", ".made/Default-4", ".made/Default-9223372036854775808",
  };
  g_autofree char *file = iss_temp_folder_write (fixture->folder, "live/.made/Default-1/x", "", 0);
  g_autofree char *plain = iss_temp_folder_write (fixture->folder, "live/.made/Default-3", "", 0);
  g_autofree char *link = iss_temp_folder_dup_path (fixture->folder, "live/.made/Default-4");
  g_autofree char *made = iss_temp_folder_dup_path (fixture->folder, "live/.made");
  g_autofree char *moved = iss_temp_folder_dup_path (fixture->folder, "live/moved");
  IssLiveState state = { 9, 9, 9 };

  g_assert_cmpint (symlink ("Default-1", link), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", targets[i]);
      point (fixture, targets[i]);
      g_assert_false (read_state (fixture->root, fixture->type, &state, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_cmpuint (state.revision, ==, 9);
    }

  /* A link in the place of the folder of folders. */
  point (fixture, ".made/Default-1");
  g_assert_true (read_state (fixture->root, fixture->type, &state, NULL));
  g_assert_cmpint (g_rename (made, moved), ==, 0);
  g_assert_cmpint (symlink ("moved", made), ==, 0);
  g_assert_false (read_state (fixture->root, fixture->type, &state, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/live-state/read", Fixture, NULL, set_up, test_live_state_read, tear_down);
  g_test_add ("/live-state/forged", Fixture, NULL, set_up, test_live_state_forged, tear_down);

  return g_test_run ();
}
