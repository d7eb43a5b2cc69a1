/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/scheduler-lock.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW G_GINT64_CONSTANT (1814313600)

static IssRootFolder *
open_root (IssTempFolder *folder)
{
  g_autoptr(GError) error = NULL;
  IssRootFolder *root = iss_root_folder_open (iss_temp_folder_get_path (folder), TRUE, &error);

  g_assert_no_error (error);

  return root;
}

static void
test_scheduler_lock_one (void)
{
  const gboolean both[] = { FALSE, TRUE };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssRootFolder) root = open_root (folder);
  g_autoptr(IssRootFolder) other = open_root (folder);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssSchedulerLock) held = NULL;
      IssSchedulerLock *again;

      held = iss_scheduler_lock_try (root, both[i % 2], NOW, &error);
      g_assert_no_error (error);
      g_assert_null (iss_scheduler_lock_try (other, both[i / 2], NOW, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_BUSY);
      g_clear_error (&error);

      g_clear_pointer (&held, iss_scheduler_lock_free);
      again = iss_scheduler_lock_try (other, both[i / 2], NOW, &error);
      g_assert_no_error (error);
      iss_scheduler_lock_free (again);
    }
}

static void
test_scheduler_lock_resident (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssRootFolder) root = open_root (folder);
  g_autoptr(IssSchedulerLock) lock = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, 0);

  /* A console's agent is no promise for tomorrow. */
  lock = iss_scheduler_lock_try (root, FALSE, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, 0);
  g_assert_false (iss_scheduler_lock_check_resident (root, "fe02", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_cmpstr (error->message, ==, "Nothing on fe02 will run this roll at its instant: start "
                                       "issuant-agent.service");
  g_clear_error (&error);
  g_clear_pointer (&lock, iss_scheduler_lock_free);

  lock = iss_scheduler_lock_try (root, TRUE, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, NOW);
  g_assert_true (iss_scheduler_lock_check_resident (root, "fe02", &error));
  g_assert_no_error (error);
  g_clear_pointer (&lock, iss_scheduler_lock_free);

  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, 0);
}

/* What a killed service has written there says nothing any more. */
static void
test_scheduler_lock_killed (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssRootFolder) root = open_root (folder);
  g_autoptr(IssSchedulerLock) lock = NULL;
  g_autoptr(GError) error = NULL;
  int ready[2];
  int status;
  char byte;
  pid_t pid;

  g_assert_no_errno (pipe (ready));
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      if (iss_scheduler_lock_try (root, TRUE, NOW, NULL) == NULL || write (ready[1], "x", 1) != 1)
        _exit (1);
      pause ();
      _exit (0);
    }

  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, NOW);
  g_assert_no_errno (kill (pid, SIGKILL));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  close (ready[0]);
  close (ready[1]);

  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, 0);
  lock = iss_scheduler_lock_try (root, FALSE, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (root), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scheduler-lock/one", test_scheduler_lock_one);
  g_test_add_func ("/scheduler-lock/resident", test_scheduler_lock_resident);
  g_test_add_func ("/scheduler-lock/killed", test_scheduler_lock_killed);

  return g_test_run ();
}
