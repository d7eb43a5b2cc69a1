/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/alarm.h"

#include "tests/lib/wait.h"

typedef struct
{
  IssClock *clock;
  guint     n_calls;
  gint64    seen;      /* what the clock showed at the last call */
} Watcher;

static void
looked_cb (gpointer user_data)
{
  Watcher *watcher = user_data;

  watcher->n_calls++;
  watcher->seen = iss_clock_now (watcher->clock);
}

static IssAlarm *
make_alarm (Watcher *watcher)
{
  g_autoptr(GError) error = NULL;
  IssAlarm *alarm = iss_alarm_new (watcher->clock, looked_cb, watcher, &error);

  g_assert_no_error (error);

  return alarm;
}

/* The system's clock, in real time: the one test that waits for a second to come. */
static void
test_alarm_system (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_system ();
  Watcher watcher = { clock, 0, 0 };
  g_autoptr(IssAlarm) alarm = make_alarm (&watcher);
  const gint64 now = iss_clock_now (clock);

  /* What is past comes at once, and once. */
  iss_alarm_set (alarm, now - 1000);
  iss_wait_until (watcher.n_calls == 1);
  iss_wait_for_idle ();
  g_assert_cmpuint (watcher.n_calls, ==, 1);

  iss_alarm_set (alarm, now + 1);
  iss_wait_until (watcher.n_calls == 2);
  g_assert_cmpint (watcher.seen, >=, now + 1);

  /* Another instant takes the place of the one before. */
  iss_alarm_set (alarm, iss_clock_now (clock) + 3600);
  iss_alarm_set (alarm, 1);
  iss_wait_until (watcher.n_calls == 3);
  iss_alarm_set (alarm, 1);
  iss_alarm_set (alarm, 0);
  iss_wait_for_idle ();
  g_assert_cmpuint (watcher.n_calls, ==, 3);

  /* What no timer can hold is not waited for, and breaks nothing. */
  iss_alarm_set (alarm, G_MAXINT64);
  iss_wait_for_idle ();
  g_assert_cmpuint (watcher.n_calls, ==, 3);
}

static void
test_alarm_standing (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  Watcher watcher = { clock, 0, 0 };
  g_autoptr(IssAlarm) alarm = make_alarm (&watcher);

  iss_alarm_set (alarm, 1001);
  iss_wait_for_idle ();
  g_assert_cmpuint (watcher.n_calls, ==, 0);

  iss_alarm_set (alarm, 1000);
  iss_wait_until (watcher.n_calls == 1);

  /* Put forward, and back again: told each time. */
  iss_clock_set (clock, 5000);
  iss_wait_until (watcher.n_calls == 2);
  g_assert_cmpint (watcher.seen, ==, 5000);
  iss_clock_set (clock, 10);
  iss_wait_until (watcher.n_calls == 3);
  g_assert_cmpint (watcher.seen, ==, 10);

  g_clear_pointer (&alarm, iss_alarm_free);
  iss_clock_set (clock, 20);
  iss_wait_for_idle ();
  g_assert_cmpuint (watcher.n_calls, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alarm/system", test_alarm_system);
  g_test_add_func ("/alarm/standing", test_alarm_standing);

  return g_test_run ();
}
