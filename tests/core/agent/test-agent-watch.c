/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-watch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <seccomp.h>

#include "core/base/atomic-file.h"
#include "core/store/root-folder.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

#define INTERVAL (300 * 1000)

static void
count_cb (gpointer  emitter,
          guint    *n)
{
  (*n)++;
}

/* Written as everything is written: a rename, or a link, into the folder. */
static void
change (IssRootFolder *root,
        const char    *name)
{
  g_autofree char *folder_name = g_path_get_dirname (name);
  g_autofree char *base = g_path_get_basename (name);
  g_autoptr(GError) error = NULL;
  gboolean at_top = g_str_equal (folder_name, ".");
  int folder = at_top ? iss_root_folder_get_fd (root)
                      : iss_root_folder_open_folder (root, folder_name, &error);

  g_assert_no_error (error);
  iss_atomic_file_replace (folder, base, "x", 1, 0600, &error);
  g_assert_no_error (error);
  if (!at_top)
    g_close (folder, NULL);
}

static void
test_places (void)
{
  const char *const places[] = { "assignments.conf", "stores/my/new.pem", "stores/ca/new.pem",
                                 "stores/disallowed/new.pem", "properties/new.conf",
                                 "keys/new.conf" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(IssRootFolder) root = iss_root_folder_open (iss_temp_folder_get_path (temp), TRUE,
                                                            &error);
      IssAgentWatch *watch = iss_agent_watch_new (iss_temp_folder_get_path (temp));
      guint n = 0;

      g_test_message ("%s", places[i]);
      g_assert_no_error (error);
      g_signal_connect (watch, "changed", G_CALLBACK (count_cb), &n);
      change (root, places[i]);
      iss_wait_until (n > 0);
      g_assert_finalize_object (watch);
    }
}

/* An account has but so many instances: without any, what changes is seen all the same. */
static void
test_no_inotify (void)
{
  if (g_test_subprocess ())
    {
      scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

      g_assert_cmpint (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EMFILE), SCMP_SYS (inotify_init1),
                                         0), ==, 0);
      g_assert_cmpint (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EMFILE), SCMP_SYS (inotify_init),
                                         0), ==, 0);
      g_assert_cmpint (seccomp_load (filter), ==, 0);
      seccomp_release (filter);
      test_places ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* A storm is told of at most every 300 ms, and once more when it is over. */
static void
test_storm (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autoptr(IssRootFolder) root = iss_root_folder_open (iss_temp_folder_get_path (temp), TRUE,
                                                        NULL);
  IssAgentWatch *watch = iss_agent_watch_new (iss_temp_folder_get_path (temp));
  gint64 started = g_get_monotonic_time ();
  guint n = 0;

  g_signal_connect (watch, "changed", G_CALLBACK (count_cb), &n);
  for (guint i = 0; i < 200; i++)
    {
      change (root, "assignments.conf");
      g_main_context_iteration (NULL, FALSE);
    }
  iss_wait_until (n >= 2);
  g_assert_cmpuint (n, <=, 2 + (guint) ((g_get_monotonic_time () - started) / INTERVAL));
  g_assert_finalize_object (watch);
}

/* Another process changes the store: the console hears of it within a second, though it was
 * told just before. */
static void
test_other_process (void)
{
  IssAgentFixture watching = { NULL };
  IssAgentClient *first;
  const char *const names[] = { "one", "two" };
  guint n = 0;

  iss_agent_fixture_set_up (&watching);
  iss_agent_fixture_open (&watching);
  first = g_steal_pointer (&watching.client);
  g_signal_connect (first, "changed", G_CALLBACK (count_cb), &n);

  iss_agent_fixture_open (&watching);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GBytes) file = iss_agent_fixture_make_file (names[i], NULL);
      g_autoptr(GPtrArray) items = NULL;
      g_autoptr(GError) error = NULL;
      gint64 changed_at;

      n = 0;
      items = iss_agent_fixture_import (&watching, file, NULL, FALSE, &error);
      g_assert_no_error (error);
      changed_at = g_get_monotonic_time ();
      iss_wait_until (n > 0);
      g_test_message ("told after %" G_GINT64_FORMAT " ms",
                      (g_get_monotonic_time () - changed_at) / 1000);
      g_assert_cmpint (g_get_monotonic_time () - changed_at, <, G_USEC_PER_SEC);
    }

  iss_agent_client_close (first);
  g_object_unref (first);
  iss_agent_fixture_tear_down (&watching);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-watch/places", test_places);
  g_test_add_func ("/agent-watch/no-inotify", test_no_inotify);
  g_test_add_func ("/agent-watch/storm", test_storm);
  g_test_add_func ("/agent-watch/other-process", test_other_process);

  return g_test_run ();
}
