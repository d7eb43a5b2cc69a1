/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/wait.h"

static gboolean
set_cb (gpointer user_data)
{
  gboolean *happened = user_data;

  *happened = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_until (void)
{
  gboolean happened = FALSE;

  g_timeout_add (20, set_cb, &happened);
  iss_wait_until (happened);
}

static void
test_idle (void)
{
  gboolean happened = FALSE;

  g_idle_add (set_cb, &happened);
  iss_wait_for_idle ();
  g_assert_true (happened);
}

static void
test_deadline (void)
{
  gint64 now = g_get_monotonic_time ();

  g_assert_true (iss_wait_is_over (now));
  g_assert_false (iss_wait_is_over (now + 60 * G_USEC_PER_SEC));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wait/until", test_until);
  g_test_add_func ("/wait/idle", test_idle);
  g_test_add_func ("/wait/deadline", test_deadline);

  return g_test_run ();
}
