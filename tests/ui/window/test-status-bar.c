/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/status-bar.h"

#include "ui/style.h"

static void
test_status_bar_text (void)
{
  IssStatusBar *bar = g_object_ref_sink (ISS_STATUS_BAR (iss_status_bar_new ()));

  iss_status_bar_set_text (bar, "Personal on fe01: 3 certificates");
  g_assert_cmpstr (iss_status_bar_get_text (bar), ==, "Personal on fe01: 3 certificates");
  iss_status_bar_set_text (bar, NULL);
  g_assert_cmpstr (iss_status_bar_get_text (bar), ==, "");
  iss_status_bar_set_next (bar, "next: nothing scheduled");

  g_assert_finalize_object (bar);
}

static void
test_status_bar_zone (void)
{
  static const struct
  {
    const char *zone;
    gint64      now;
    const char *text;
  } cases[] =
  {
    { "UTC", 0, "UTC" },
    { "+02", 0, "UTC+2" },
    { "-03:30", 0, "UTC−3:30" },
    { "+05:45", 0, "UTC+5:45" },
    { "CET-1CEST,M3.5.0,M10.5.0/3", 1783000000, "UTC+2" },   /* July 2026 */
    { "CET-1CEST,M3.5.0,M10.5.0/3", 1795000000, "UTC+1" },   /* November */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssStatusBar *bar = g_object_ref_sink (ISS_STATUS_BAR (iss_status_bar_new ()));
      g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);

      g_test_message ("%s", cases[i].zone);
      g_assert_nonnull (zone);
      iss_status_bar_set_zone (bar, zone, cases[i].now);
      g_assert_cmpstr (iss_status_bar_get_zone (bar), ==, cases[i].text);
      g_assert_finalize_object (bar);
    }
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/status-bar/text", test_status_bar_text);
  g_test_add_func ("/status-bar/zone", test_status_bar_zone);

  return g_test_run ();
}
