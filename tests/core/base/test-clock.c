/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock.h"

static void
test_fixed (void)
{
  const gint64 instants[] = { 0, -1, 1814392800, G_MAXINT64, G_MININT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      g_autoptr(IssClock) clock = iss_clock_new_fixed (instants[i]);

      g_assert_true (iss_clock_is_fixed (clock));
      g_assert_cmpint (iss_clock_now (clock), ==, instants[i]);
      g_assert_cmpint (iss_clock_now_us (clock) / G_USEC_PER_SEC, ==,
                       CLAMP (instants[i], G_MININT64 / G_USEC_PER_SEC,
                              G_MAXINT64 / G_USEC_PER_SEC));
      g_assert_cmpint (iss_clock_now (clock), ==, instants[i]);
    }
}

static void
test_system (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_system ();
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;
  gint64 now = iss_clock_now (clock);
  gint64 after = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_false (iss_clock_is_fixed (clock));
  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, after);
}

static void
test_shared (void)
{
  IssClock *clock = iss_clock_new_fixed (7);
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, ISS_TYPE_CLOCK);
  g_value_set_boxed (&value, clock);
  g_assert_true (g_value_get_boxed (&value) == clock);
  iss_clock_unref (clock);
  g_assert_cmpint (iss_clock_now (g_value_get_boxed (&value)), ==, 7);
}

static void
count_cb (gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
test_set (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (7);
  guint n_one = 0;
  guint n_other = 0;

  iss_clock_watch (clock, count_cb, &n_one);
  iss_clock_watch (clock, count_cb, &n_other);
  iss_clock_set (clock, 8);
  g_assert_cmpint (iss_clock_now (clock), ==, 8);
  g_assert_cmpuint (n_one, ==, 1);
  g_assert_cmpuint (n_other, ==, 1);

  iss_clock_unwatch (clock, &n_one);
  iss_clock_set (clock, 6);
  g_assert_cmpint (iss_clock_now (clock), ==, 6);
  g_assert_cmpuint (n_one, ==, 1);
  g_assert_cmpuint (n_other, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/fixed", test_fixed);
  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/shared", test_shared);
  g_test_add_func ("/clock/set", test_set);

  return g_test_run ();
}
