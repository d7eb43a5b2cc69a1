/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/as-of.h"

#include "tests/lib/page-window.h"

#define NOW 1814364131   /* 2027-06-30T14:02:11Z */

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_as_of (void)
{
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_as_of_new ());
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  IssAsOf *as_of = ISS_AS_OF (widget);
  guint n_changed = 0;

  iss_as_of_set_present (as_of, NOW, NOW + 86400, zone);
  g_signal_connect_swapped (as_of, "changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_cmpint (iss_as_of_get_instant (as_of), ==, 0);

  g_assert_true (iss_as_of_type (as_of, "2027-07-14"));
  g_assert_cmpint (iss_as_of_get_instant (as_of), ==, 1815523200);
  g_assert_cmpuint (n_changed, ==, 1);

  /* The same again is no change; what cannot be chosen changes nothing. */
  g_assert_true (iss_as_of_type (as_of, "2027-07-14T00:00Z"));
  g_assert_false (iss_as_of_type (as_of, "7/1/2027"));
  g_assert_false (iss_as_of_type (as_of, "2027-06-30T14:02:10Z"));
  g_assert_false (iss_as_of_type (as_of, ""));
  g_assert_cmpint (iss_as_of_get_instant (as_of), ==, 1815523200);
  g_assert_cmpuint (n_changed, ==, 1);

  g_assert_finalize_object (g_steal_pointer (&widget));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/as-of", test_as_of);

  return g_test_run ();
}
