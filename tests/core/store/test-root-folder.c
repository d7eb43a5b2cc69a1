/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/root-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/lib/nobody.h"
#include "tests/lib/temp-folder.h"

#define NOW 1783001234   /* 2026-07-02T14:07:14Z */
#define NOBODY 65534

typedef struct
{
  IssTempFolder  *temp;
  char           *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->temp = iss_temp_folder_new ();
  fixture->path = iss_temp_folder_dup_path (fixture->temp, "fe01");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_pointer (&fixture->path, g_free);
  g_clear_pointer (&fixture->temp, iss_temp_folder_free);
}

static IssRootFolder *
open_root (const char *path)
{
  g_autoptr(GError) error = NULL;
  IssRootFolder *root = iss_root_folder_open (path, TRUE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);

  return root;
}

static guint
get_mode (const char *root,
          const char *relative)
{
  g_autofree char *path = g_build_filename (root, relative, NULL);
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);

  return info.st_mode & 07777;
}

static void
test_root_folder_create (Fixture       *fixture,
                         gconstpointer  unused)
{
  IssRootFolder *root;
  g_autofree char *id = NULL;
  mode_t old_umask = umask (077);

  root = open_root (fixture->path);
  umask (old_umask);

  g_assert_cmpuint (get_mode (fixture->path, "stores/my"), ==, 0755);
  g_assert_cmpuint (get_mode (fixture->path, "stores/request"), ==, 0755);
  g_assert_cmpuint (get_mode (fixture->path, "properties"), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path, "keys"), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path, "live/.made"), ==, 0755);
  g_assert_cmpuint (get_mode (fixture->path, "replica"), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path, "tasks/queue"), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path, "tasks/done"), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path, "trash"), ==, 0700);

  g_assert_cmpstr (iss_root_folder_get_path (root), ==, fixture->path);
  g_assert_cmpstr (iss_root_folder_get_system_bundle (root), ==,
                   "/etc/ssl/certs/ca-certificates.crt");

  id = g_strdup (iss_root_folder_get_server_id (root));
  g_assert_cmpuint (strlen (id), ==, 32);
  g_assert_finalize_object (root);

  /* It keeps its identity, and what is there needs no creating. */
  root = iss_root_folder_open (fixture->path, FALSE, NULL);
  g_assert_nonnull (root);
  g_assert_cmpstr (iss_root_folder_get_server_id (root), ==, id);
  g_assert_finalize_object (root);
}

static void
test_root_folder_two_ids (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autofree char *path = iss_temp_folder_dup_path (fixture->temp, "fe02");
  g_autoptr(IssRootFolder) first = open_root (fixture->path);
  g_autoptr(IssRootFolder) second = open_root (path);

  g_assert_cmpstr (iss_root_folder_get_server_id (first), !=,
                   iss_root_folder_get_server_id (second));
}

/* A first start that was cut off is mended by the next; the package makes a folder for root. */
static void
test_root_folder_half_made (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autofree char *half = g_build_filename (fixture->path, "stores", NULL);
  g_autofree char *ssh = g_build_filename (fixture->path, ".ssh", NULL);
  g_autofree char *watcher = g_build_filename (fixture->path, "consumers", NULL);
  g_autoptr(IssRootFolder) root = NULL;

  g_assert_cmpint (g_mkdir_with_parents (half, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (ssh, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (watcher, 0755), ==, 0);

  root = open_root (fixture->path);
  g_assert_cmpuint (get_mode (fixture->path, "stores/my"), ==, 0755);
}

/* What a writer has left that was killed goes at the next start. */
static void
test_root_folder_sweep (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *left = g_build_filename (fixture->path, "keys", ".new.2147483646.0.x", NULL);
  g_autoptr(IssRootFolder) first = open_root (fixture->path);
  g_autoptr(IssRootFolder) second = NULL;

  g_assert_true (g_file_set_contents (left, "secret", -1, NULL));
  second = open_root (fixture->path);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

static void
make_nothing (const char *path)
{
}

static void
make_file (const char *path)
{
  g_assert_true (g_file_set_contents (path, "no folder", -1, NULL));
}

static void
make_folder (const char *path)
{
  g_assert_cmpint (g_mkdir (path, 0711), ==, 0);
}

static void
make_open_folder (const char *path)
{
  make_folder (path);
  g_assert_cmpint (g_chmod (path, 0777), ==, 0);
}

static void
make_full_folder (const char *path)
{
  g_autofree char *file = g_build_filename (path, "letter.txt", NULL);

  make_folder (path);
  make_file (file);
}

static void
make_damaged_id (const char *path)
{
  g_autofree char *file = g_build_filename (path, "server-id", NULL);

  make_folder (path);
  g_assert_true (g_file_set_contents (file, "0123456789abcdef0123456789abcdeg\n", -1, NULL));
}

static void
test_root_folder_bad (Fixture       *fixture,
                      gconstpointer  unused)
{
  const struct
  {
    const char *name;
    void     (* make) (const char *path);
    gboolean    create;
    IssError    code;
    const char *says;
  } cases[] =
    {
      { "missing", make_nothing, FALSE, ISS_ERROR_NOT_FOUND, "does not exist" },
      { "a file", make_file, TRUE, ISS_ERROR_INVALID_ARGUMENT, "is not a folder" },
      { "a file, not to be made", make_file, FALSE, ISS_ERROR_INVALID_ARGUMENT, "not a folder" },
      { "not set up", make_folder, FALSE, ISS_ERROR_NOT_FOUND, "set up" },
      { "writable by all", make_open_folder, TRUE, ISS_ERROR_PERMISSION, "chmod" },
      { "somebody's home", make_full_folder, TRUE, ISS_ERROR_REFUSED, "letter.txt" },
      { "damaged server-id", make_damaged_id, TRUE, ISS_ERROR_MALFORMED, "server-id" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = iss_temp_folder_dup_path (fixture->temp, cases[i].name);
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      cases[i].make (path);

      before = iss_temp_folder_dup_listing (fixture->temp);
      g_assert_null (iss_root_folder_open (path, cases[i].create, &error));
      after = iss_temp_folder_dup_listing (fixture->temp);

      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_nonnull (strstr (error->message, path));
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_root_folder_owner (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  IssRootFolder *root;

  /* Only root can give a folder away; to others the system's belong to somebody else. */
  if (geteuid () != 0)
    {
      g_assert_null (iss_root_folder_open ("/", TRUE, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
      g_assert_nonnull (strstr (error->message, "belongs to root"));
      return;
    }

  root = open_root (fixture->path);
  g_assert_finalize_object (root);
  g_assert_cmpint (chown (fixture->path, NOBODY, (gid_t) -1), ==, 0);

  g_assert_null (iss_root_folder_open (fixture->path, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
  g_assert_nonnull (strstr (error->message, "belongs to nobody"));
  g_assert_nonnull (strstr (error->message, "ssh://nobody@"));
}

static void
test_root_folder_unreadable (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  make_folder (fixture->path);
  g_assert_cmpint (g_chmod (fixture->path, 0), ==, 0);
  iss_nobody_begin (iss_temp_folder_get_path (fixture->temp));
  g_assert_null (iss_root_folder_open (fixture->path, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_assert_cmpint (g_chmod (fixture->path, 0700), ==, 0);
  iss_nobody_end ();
}

static void
test_root_folder_open_folder (Fixture       *fixture,
                              gconstpointer  unused)
{
  static const char *const bad[] =
    { "stores/..", "..", "stores//my", "/etc", "stores/mine", "server-id", "link", "link/my" };
  g_autofree char *link = g_build_filename (fixture->path, "link", NULL);
  g_autoptr(IssRootFolder) root = open_root (fixture->path);
  g_autoptr(GError) error = NULL;
  int fd;

  g_assert_cmpint (symlink ("stores", link), ==, 0);

  fd = iss_root_folder_open_folder (root, "stores/my", &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fd, !=, iss_root_folder_get_fd (root));
  close (fd);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) bad_error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_cmpint (iss_root_folder_open_folder (root, bad[i], &bad_error), ==, -1);
      g_assert_nonnull (bad_error);
      g_assert_true (bad_error->domain == ISS_ERROR);
    }
}

/* Two objects exclude each other in one process, and one itself. */
static void
test_root_folder_lock (Fixture       *fixture,
                       gconstpointer  unused)
{
  IssRootFolder *first = open_root (fixture->path);
  g_autoptr(IssRootFolder) second = open_root (fixture->path);
  IssRootFolder *both[] = { first, second };
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_root_folder_try_lock (first, "alice\n\xe2\x80\xae", NOW, &error));
  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autoptr(GError) busy = NULL;

      g_assert_false (iss_root_folder_try_lock (both[i], "bob", NOW + 5, &busy));
      g_assert_error (busy, ISS_ERROR, ISS_ERROR_BUSY);
      g_assert_nonnull (strstr (busy->message, "alice"));
      g_assert_nonnull (strstr (busy->message, "since 14:07:14"));
      g_assert_null (strchr (busy->message, '\n'));
      g_assert_null (strstr (busy->message, "\xe2\x80\xae"));
    }

  iss_root_folder_unlock (second);   /* does not hold it */
  g_assert_false (iss_root_folder_try_lock (second, "bob", NOW, NULL));

  iss_root_folder_unlock (first);
  g_assert_true (iss_root_folder_try_lock (second, "bob", NOW, &error));
  g_assert_no_error (error);
  iss_root_folder_unlock (second);

  /* It goes with the object that holds it. */
  g_assert_true (iss_root_folder_try_lock (first, "alice", NOW, &error));
  g_assert_finalize_object (first);
  g_assert_true (iss_root_folder_try_lock (second, "bob", NOW, &error));
}

static void
test_root_folder_dead_holder (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(IssRootFolder) root = open_root (fixture->path);
  g_autoptr(GError) error = NULL;
  int ready[2];
  int status;
  char byte;
  pid_t child;

  g_assert_cmpint (pipe (ready), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);

  if (child == 0)
    {
      IssRootFolder *own = iss_root_folder_open (fixture->path, FALSE, NULL);

      if (own == NULL || !iss_root_folder_try_lock (own, "a doomed agent", NOW, NULL))
        _exit (1);

      if (write (ready[1], "x", 1) != 1)
        _exit (1);

      for (;;)
        pause ();
    }

  close (ready[1]);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);

  g_assert_false (iss_root_folder_try_lock (root, "bob", NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "a doomed agent"));
  g_clear_error (&error);

  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));

  g_assert_true (iss_root_folder_try_lock (root, "bob", NOW, &error));
  g_assert_no_error (error);
}

/* Whatever stands in the lock's file, there is a sentence. */
static void
test_root_folder_lock_garbage (Fixture       *fixture,
                               gconstpointer  unused)
{
  static const char *const texts[] = { "", "x", "12", "12\n", "12\nalice", "-1\nalice\n",
                                       "99999999999999999999999\nalice\n" };
  g_autofree char *lock = g_build_filename (fixture->path, ".lock", NULL);
  g_autoptr(IssRootFolder) first = open_root (fixture->path);
  g_autoptr(IssRootFolder) second = open_root (fixture->path);

  g_assert_true (iss_root_folder_try_lock (first, "alice", NOW, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      int fd = open (lock, O_WRONLY | O_TRUNC);

      g_assert_cmpint (write (fd, texts[i], strlen (texts[i])), ==, strlen (texts[i]));
      close (fd);

      g_assert_false (iss_root_folder_try_lock (second, "bob", NOW, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_BUSY);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/root-folder/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("create", test_root_folder_create);
  ADD ("two-ids", test_root_folder_two_ids);
  ADD ("half-made", test_root_folder_half_made);
  ADD ("sweep", test_root_folder_sweep);
  ADD ("bad", test_root_folder_bad);
  ADD ("owner", test_root_folder_owner);
  ADD ("unreadable", test_root_folder_unreadable);
  ADD ("open-folder", test_root_folder_open_folder);
  ADD ("lock", test_root_folder_lock);
  ADD ("dead-holder", test_root_folder_dead_holder);
  ADD ("lock-garbage", test_root_folder_lock_garbage);

  return g_test_run ();
}
