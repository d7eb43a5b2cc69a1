/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/pool-watch.h"

#include "tests/lib/scene-pool.h"
#include "tests/lib/wait.h"

#include <gtk/gtk.h>

static void
count_cb (IssPoolWatch *watch,
          guint        *n)
{
  (*n)++;
}

static void
test_coalesces (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new_large (60);
  g_autoptr(IssPoolWatch) watch = iss_pool_watch_new (pool);
  guint n_updates = 0;

  g_signal_connect (watch, "update", G_CALLBACK (count_cb), &n_updates);
  for (guint i = 0; i < 60; i++)
    iss_scene_pool_fail (iss_pool_get_server (pool, i));
  g_assert_cmpuint (n_updates, ==, 0);
  iss_wait_until (n_updates > 0);
  iss_wait_for_idle ();
  g_assert_cmpuint (n_updates, ==, 1);
  g_assert_true (iss_pool_watch_get_pool (watch) == pool);
  g_assert_finalize_object (g_steal_pointer (&watch));
}

static void
test_empty (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  g_autoptr(IssPoolWatch) watch = iss_pool_watch_new (pool);
  guint n_updates = 0;

  iss_pool_watch_look (watch);
  g_assert_false (iss_pool_watch_is_busy (watch));

  g_signal_connect (watch, "update", G_CALLBACK (count_cb), &n_updates);
  g_assert_nonnull (iss_scene_pool_add_server (pool, "fe01.contoso.example"));
  iss_wait_until (n_updates > 0);
  g_assert_finalize_object (g_steal_pointer (&watch));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool-watch/coalesces", test_coalesces);
  g_test_add_func ("/pool-watch/empty", test_empty);

  return g_test_run ();
}
