/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/atomic-file.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The calls below stand before those of the C library and fail as they are
 * told: a full disk and a broken one, as root and as anybody, in any container. */
static const char *failing_call;
static int failing_errno;
static guint n_until_failure;
static gboolean has_failed;

static gboolean
fails (const char *call)
{
  if (failing_call == NULL || !g_str_equal (failing_call, call) || n_until_failure-- > 0)
    return FALSE;

  failing_call = NULL;
  has_failed = TRUE;
  errno = failing_errno;

  return TRUE;
}

int
fsync (int fd)
{
  return fails ("fsync") ? -1 : (int) syscall (SYS_fsync, fd);
}

int
fchmod (int    fd,
        mode_t mode)
{
  return fails ("fchmod") ? -1 : (int) syscall (SYS_fchmod, fd, mode);
}

/* "short write" takes one byte only. */
ssize_t
write (int         fd,
       const void *data,
       size_t      size)
{
  if (fails ("write"))
    return -1;

  return syscall (SYS_write, fd, data, fails ("short write") ? 1 : size);
}

int
linkat (int         from_folder,
        const char *from,
        int         to_folder,
        const char *to,
        int         flags)
{
  if (fails ("linkat"))
    return -1;

  return (int) syscall (SYS_linkat, from_folder, from, to_folder, to, flags);
}

int
renameat (int         from_folder,
          const char *from,
          int         to_folder,
          const char *to)
{
  if (fails ("renameat"))
    return -1;

  return (int) syscall (SYS_renameat, from_folder, from, to_folder, to);
}

int
openat (int         folder,
        const char *name,
        int         flags,
        ...)
{
  mode_t mode = 0;
  va_list args;

  va_start (args, flags);
  if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)
    mode = va_arg (args, mode_t);
  va_end (args);

  if ((flags & O_TMPFILE) == O_TMPFILE && fails ("O_TMPFILE"))
    return -1;

  return (int) syscall (SYS_openat, folder, name, flags, mode);
}

static void
fail_call (const char *call,
           guint       n,
           int         with_errno)
{
  failing_call = call;
  n_until_failure = n;
  failing_errno = with_errno;
  has_failed = FALSE;
}

typedef struct
{
  IssTempFolder *folder;
  int            fd;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->folder = iss_temp_folder_new ();
  fixture->fd = open (iss_temp_folder_get_path (fixture->folder),
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (fixture->fd, >=, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  failing_call = NULL;
  close (fixture->fd);
  iss_temp_folder_free (fixture->folder);
}

static void
assert_content (Fixture    *fixture,
                const char *name,
                const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = iss_atomic_file_read (fixture->fd, name, 1000, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                   expected, strlen (expected));
}

static guint
count_entries (Fixture *fixture)
{
  g_autoptr(GDir) entries = g_dir_open (iss_temp_folder_get_path (fixture->folder), 0, NULL);
  guint n = 0;

  while (g_dir_read_name (entries) != NULL)
    n++;

  return n;
}

static void
test_create (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  struct stat st;
  mode_t mask = umask (0077);

  g_assert_true (iss_atomic_file_create (fixture->fd, "a.pem", "one", 3, 0644, &error));
  g_assert_no_error (error);
  umask (mask);

  assert_content (fixture, "a.pem", "one");
  g_assert_cmpint (fstatat (fixture->fd, "a.pem", &st, 0), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0644);

  g_assert_false (iss_atomic_file_create (fixture->fd, "a.pem", "two", 3, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "a.pem"));
  assert_content (fixture, "a.pem", "one");
  g_assert_cmpuint (count_entries (fixture), ==, 1);

  g_assert_true (iss_atomic_file_create (fixture->fd, ".empty", NULL, 0, 0600, NULL));
  assert_content (fixture, ".empty", "");
}

/* A link that leads nowhere is not written through. */
static void
test_create_over_link (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (symlinkat ("victim", fixture->fd, "a.pem"), ==, 0);
  g_assert_false (iss_atomic_file_create (fixture->fd, "a.pem", "one", 3, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_assert_true (iss_atomic_file_replace (fixture->fd, "a.pem", "one", 3, 0644, NULL));
  assert_content (fixture, "a.pem", "one");
  g_assert_cmpuint (count_entries (fixture), ==, 1);
}

static void
test_replace (Fixture       *fixture,
              gconstpointer  user_data)
{
  g_autofree char *large = g_strnfill (900, 'x');
  struct stat st;

  g_assert_true (iss_atomic_file_replace (fixture->fd, "a.conf", large, 900, 0644, NULL));
  assert_content (fixture, "a.conf", large);
  g_assert_true (iss_atomic_file_replace (fixture->fd, "a.conf", "two", 3, 0600, NULL));
  assert_content (fixture, "a.conf", "two");
  g_assert_cmpint (fstatat (fixture->fd, "a.conf", &st, 0), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  g_assert_cmpuint (count_entries (fixture), ==, 1);
}

/* However a step fails: what was there is there, and nothing beside it. */
static void
test_failures (Fixture       *fixture,
               gconstpointer  user_data)
{
  const struct { const char *call; guint n; int with_errno; IssError code; } cases[] =
    {
      { "O_TMPFILE", 0, ENOSPC, ISS_ERROR_NO_SPACE },
      { "O_TMPFILE", 0, EACCES, ISS_ERROR_PERMISSION },
      { "fchmod", 0, EPERM, ISS_ERROR_PERMISSION },
      { "write", 0, ENOSPC, ISS_ERROR_NO_SPACE },
      { "write", 0, EDQUOT, ISS_ERROR_NO_SPACE },
      { "write", 0, EIO, ISS_ERROR_FAILED },
      { "fsync", 0, EIO, ISS_ERROR_FAILED },
      { "fsync", 0, ENOSPC, ISS_ERROR_NO_SPACE },
      { "linkat", 0, ENOSPC, ISS_ERROR_NO_SPACE },
      { "renameat", 0, EROFS, ISS_ERROR_PERMISSION },
    };

  g_assert_true (iss_atomic_file_create (fixture->fd, "a.conf", "old", 3, 0644, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean done;

      g_test_message ("%s %s", cases[i].call, g_strerror (cases[i].with_errno));

      fail_call (cases[i].call, cases[i].n, cases[i].with_errno);
      done = iss_atomic_file_replace (fixture->fd, "a.conf", "new", 3, 0644, &error);
      g_assert_true (has_failed);
      g_assert_false (done);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, "a.conf"));
      assert_content (fixture, "a.conf", "old");
      g_assert_cmpuint (count_entries (fixture), ==, 1);
      g_clear_error (&error);

      if (g_str_equal (cases[i].call, "renameat"))
        continue;

      fail_call (cases[i].call, cases[i].n, cases[i].with_errno);
      done = iss_atomic_file_create (fixture->fd, "b.conf", "new", 3, 0644, &error);
      g_assert_true (has_failed);
      g_assert_false (done);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_cmpuint (count_entries (fixture), ==, 1);
    }
}

/* Each change makes its folder durable, and says so when that fails. */
static void
test_folder_not_durable (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fail_call ("fsync", 1, EIO);
  g_assert_false (iss_atomic_file_create (fixture->fd, "a", "x", 1, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_clear_error (&error);

  fail_call ("fsync", 1, EIO);
  g_assert_false (iss_atomic_file_replace (fixture->fd, "a", "y", 1, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_clear_error (&error);

  fail_call ("fsync", 0, EIO);
  g_assert_false (iss_atomic_file_link (fixture->fd, "b", "a", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_clear_error (&error);

  fail_call ("fsync", 0, EIO);
  g_assert_false (iss_atomic_file_remove (fixture->fd, "b", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
}

static void
test_interrupted (Fixture       *fixture,
                  gconstpointer  user_data)
{
  fail_call ("write", 0, EINTR);
  g_assert_true (iss_atomic_file_create (fixture->fd, "a", "whole", 5, 0644, NULL));
  g_assert_true (has_failed);
  assert_content (fixture, "a", "whole");

  fail_call ("short write", 0, 0);
  g_assert_true (iss_atomic_file_replace (fixture->fd, "a", "other", 5, 0644, NULL));
  g_assert_true (has_failed);
  assert_content (fixture, "a", "other");
}

/* NFS and some overlays have no files without a name. */
static void
test_without_tmpfile (Fixture       *fixture,
                      gconstpointer  user_data)
{
  const int reasons[] = { EOPNOTSUPP, EISDIR, EINVAL };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autoptr(GError) error = NULL;

      fail_call ("O_TMPFILE", 0, reasons[i]);
      g_assert_true (iss_atomic_file_create (fixture->fd, "a", "one", 3, 0640, &error));
      g_assert_no_error (error);
      g_assert_true (has_failed);
      assert_content (fixture, "a", "one");

      fail_call ("O_TMPFILE", 0, reasons[i]);
      g_assert_false (iss_atomic_file_create (fixture->fd, "a", "two", 3, 0640, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);

      fail_call ("O_TMPFILE", 0, reasons[i]);
      g_assert_true (iss_atomic_file_replace (fixture->fd, "a", "two", 3, 0640, NULL));
      assert_content (fixture, "a", "two");
      g_assert_cmpuint (count_entries (fixture), ==, 1);
      g_assert_true (iss_atomic_file_remove (fixture->fd, "a", NULL));
    }
}

/* A disk that is really full, where this process may mount one. What the
 * disk answers is the same as in test_failures(), which runs everywhere. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  user_data)
{
  const char *path = iss_temp_folder_get_path (fixture->folder);
  g_autofree char *large = g_strnfill (1024 * 1024, 'x');
  g_autoptr(GError) error = NULL;
  int fd;

  if (mount ("none", path, "tmpfs", 0, "size=64k") != 0)
    {
      fail_call ("write", 0, ENOSPC);
      g_assert_false (iss_atomic_file_create (fixture->fd, "a", large, 100, 0644, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_NO_SPACE);
      return;
    }

  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_true (iss_atomic_file_create (fd, "a", "old", 3, 0644, NULL));
  g_assert_false (iss_atomic_file_replace (fd, "a", large, 1024 * 1024, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_false (iss_atomic_file_create (fd, "b", large, 1024 * 1024, 0644, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "“b”"));

  /* The room is given back. */
  g_assert_true (iss_atomic_file_replace (fd, "a", large, 16 * 1024, 0644, NULL));
  g_assert_cmpuint (count_entries (fixture), ==, 1);

  close (fd);
  g_assert_cmpint (umount2 (path, MNT_DETACH), ==, 0);
}

static void
test_link (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  char target[20] = "";

  g_assert_true (iss_atomic_file_link (fixture->fd, "Default", ".made/Default-1", &error));
  g_assert_no_error (error);
  g_assert_true (iss_atomic_file_link (fixture->fd, "Default", ".made/Default-2", &error));
  g_assert_no_error (error);
  g_assert_cmpint (readlinkat (fixture->fd, "Default", target, sizeof target), ==, 15);
  g_assert_cmpstr (target, ==, ".made/Default-2");
  g_assert_cmpuint (count_entries (fixture), ==, 1);

  fail_call ("renameat", 0, EIO);
  g_assert_false (iss_atomic_file_link (fixture->fd, "Default", "x", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_cmpuint (count_entries (fixture), ==, 1);
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_atomic_file_create (fixture->fd, "a", "x", 1, 0644, NULL));
  g_assert_true (iss_atomic_file_remove (fixture->fd, "a", &error));
  g_assert_no_error (error);
  g_assert_false (iss_atomic_file_remove (fixture->fd, "a", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_read_limit (Fixture       *fixture,
                 gconstpointer  user_data)
{
  const struct { gsize size; gsize limit; gboolean fits; } cases[] =
    {
      { 0, 0, TRUE }, { 1, 0, FALSE }, { 10, 10, TRUE }, { 11, 10, FALSE },
      { 200000, 200000, TRUE }, { 200001, 200000, FALSE }, { 10, 1000000, TRUE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strnfill (cases[i].size, 'x');
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) content = NULL;

      g_assert_true (iss_atomic_file_replace (fixture->fd, "a", text, cases[i].size, 0600, NULL));
      content = iss_atomic_file_read (fixture->fd, "a", cases[i].limit, &error);
      if (cases[i].fits)
        {
          g_assert_no_error (error);
          g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                           text, cases[i].size);
        }
      else
        {
          g_assert_null (content);
          g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
        }
    }
}

/* None of these blocks, and none is followed. */
static void
test_read_bad (Fixture       *fixture,
               gconstpointer  user_data)
{
  const struct { const char *name; IssError code; } cases[] =
    {
      { "missing", ISS_ERROR_NOT_FOUND },
      { "link", ISS_ERROR_MALFORMED },
      { "pipe", ISS_ERROR_MALFORMED },
      { "folder", ISS_ERROR_MALFORMED },
    };

  g_assert_true (iss_atomic_file_create (fixture->fd, "file", "x", 1, 0600, NULL));
  g_assert_cmpint (symlinkat ("file", fixture->fd, "link"), ==, 0);
  g_assert_cmpint (mkfifoat (fixture->fd, "pipe", 0600), ==, 0);
  g_assert_cmpint (mkdirat (fixture->fd, "folder", 0700), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_atomic_file_read (fixture->fd, cases[i].name, 10, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].name));
    }
}

static void
test_bad_names (Fixture       *fixture,
                gconstpointer  user_data)
{
  const char *names[] = { "", ".", "..", "a/b", "/etc/passwd", "../a", "a/", ".new.1.0.a" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GError *errors[6] = { NULL };
      const char *name = names[i];

      g_test_message ("“%s”", name);
      g_assert_false (iss_atomic_file_create (fixture->fd, name, "x", 1, 0600, &errors[0]));
      g_assert_false (iss_atomic_file_replace (fixture->fd, name, "x", 1, 0600, &errors[1]));
      g_assert_false (iss_atomic_file_link (fixture->fd, name, "x", &errors[2]));
      g_assert_false (iss_atomic_file_remove (fixture->fd, name, &errors[3]));
      g_assert_null (iss_atomic_file_read (fixture->fd, name, 10, &errors[4]));
      g_assert_cmpint (iss_atomic_file_open_folder (fixture->fd, name, 0700, &errors[5]), ==, -1);

      for (gsize j = 0; j < G_N_ELEMENTS (errors); j++)
        {
          g_assert_error (errors[j], ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
          g_clear_error (&errors[j]);
        }
    }

  g_assert_cmpuint (count_entries (fixture), ==, 0);
}

static void
test_open_folder (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  struct stat st;
  int fd;

  g_assert_cmpint (iss_atomic_file_open_folder (fixture->fd, ".made", 0, &error), ==, -1);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  for (guint i = 0; i < 2; i++)
    {
      fd = iss_atomic_file_open_folder (fixture->fd, ".made", 0751, &error);
      g_assert_no_error (error);
      g_assert_cmpint (fstat (fd, &st), ==, 0);
      g_assert_true (S_ISDIR (st.st_mode));
      g_assert_cmpint (st.st_mode & 07777, ==, 0751);
      g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
      close (fd);
    }

  g_assert_cmpint (symlinkat (".made", fixture->fd, "link"), ==, 0);
  g_assert_cmpint (iss_atomic_file_open_folder (fixture->fd, "link", 0700, &error), ==, -1);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);

  g_assert_true (iss_atomic_file_create (fixture->fd, "file", "x", 1, 0600, NULL));
  g_assert_cmpint (iss_atomic_file_open_folder (fixture->fd, "file", 0700, &error), ==, -1);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
put (Fixture *fixture,
     long     pid,
     guint    n)
{
  g_autofree char *name = g_strdup_printf (".new.%ld.%u.a", pid, n);
  int fd = openat (fixture->fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
}

static void
test_sweep (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autofree char *held = g_strdup_printf (".new.%ld.1.a", (long) getpid ());
  pid_t dead = fork ();
  int status;
  int fd;

  if (dead == 0)
    _exit (0);

  g_assert_cmpint (waitpid (dead, &status, 0), ==, dead);

  put (fixture, dead, 0);
  put (fixture, getpid (), 0);   /* left by another process that had our PID */
  put (fixture, getpid (), 1);
  g_assert_cmpint (symlinkat ("x", fixture->fd, ".new.0.0.a"), ==, 0);
  g_assert_true (iss_atomic_file_create (fixture->fd, ".changed", "x", 1, 0600, NULL));
  g_assert_true (iss_atomic_file_create (fixture->fd, "a", "x", 1, 0600, NULL));

  fd = openat (fixture->fd, held, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  iss_atomic_file_sweep (fixture->fd);
  g_assert_cmpuint (count_entries (fixture), ==, 3);
  g_assert_cmpint (faccessat (fixture->fd, held, F_OK, 0), ==, 0);
  assert_content (fixture, ".changed", "x");
  assert_content (fixture, "a", "x");

  close (fd);
  iss_atomic_file_sweep (fixture->fd);
  g_assert_cmpuint (count_entries (fixture), ==, 2);
}

/* What is left does not stand in the way of those who come after. */
static void
test_leftover_in_the_way (Fixture       *fixture,
                          gconstpointer  user_data)
{
  put (fixture, getpid (), 0);
  g_assert_true (iss_atomic_file_replace (fixture->fd, "a", "x", 1, 0600, NULL));
  g_assert_true (iss_atomic_file_link (fixture->fd, "b", "a", NULL));
  fail_call ("O_TMPFILE", 0, EOPNOTSUPP);
  g_assert_true (iss_atomic_file_replace (fixture->fd, "a", "y", 1, 0600, NULL));
  assert_content (fixture, "a", "y");
  g_assert_cmpuint (count_entries (fixture), ==, 3);
}

#define ADD(path, func) \
  g_test_add ("/atomic-file/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("create", test_create);
  ADD ("create/over-link", test_create_over_link);
  ADD ("replace", test_replace);
  ADD ("failures", test_failures);
  ADD ("folder-not-durable", test_folder_not_durable);
  ADD ("interrupted", test_interrupted);
  ADD ("without-tmpfile", test_without_tmpfile);
  ADD ("full-disk", test_full_disk);
  ADD ("link", test_link);
  ADD ("remove", test_remove);
  ADD ("read/limit", test_read_limit);
  ADD ("read/bad", test_read_bad);
  ADD ("bad-names", test_bad_names);
  ADD ("open-folder", test_open_folder);
  ADD ("sweep", test_sweep);
  ADD ("leftover-in-the-way", test_leftover_in_the_way);

  return g_test_run ();
}
