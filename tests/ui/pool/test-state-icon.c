/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/state-icon.h"

#include "tests/lib/page-window.h"

static void
assert_there (const char *icon)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_test_message ("%s", icon);
  g_assert_true (gtk_icon_theme_has_icon (theme, icon));
}

static void
test_all (void)
{
  for (IssVerdict verdict = ISS_VERDICT_AGREES; verdict <= ISS_VERDICT_UNKNOWN; verdict++)
    {
      const char *icon = iss_state_icon_of_verdict (verdict, ISS_RUNG_IN_STORE);

      g_assert_cmpint (icon == NULL, ==, verdict == ISS_VERDICT_NONE);
      if (icon != NULL)
        assert_there (icon);
      g_assert_nonnull (iss_state_icon_class_of_verdict (verdict, ISS_RUNG_IN_STORE));
    }

  for (IssOverviewLevel level = ISS_OVERVIEW_GOOD; level < ISS_N_OVERVIEW_LEVELS; level++)
    {
      assert_there (iss_state_icon_of_level (level));
      g_assert_nonnull (iss_state_icon_class_of_level (level));
    }
}

/* Only what is published looks good. */
static void
test_published (void)
{
  g_assert_cmpstr (iss_state_icon_class_of_verdict (ISS_VERDICT_AGREES, ISS_RUNG_PUBLISHED), ==,
                   "success");
  g_assert_cmpstr (iss_state_icon_class_of_verdict (ISS_VERDICT_AGREES, ISS_RUNG_READABLE), ==,
                   "warning");
  g_assert_cmpstr (iss_state_icon_class_of_verdict (ISS_VERDICT_EXPIRED, ISS_RUNG_PUBLISHED), ==,
                   "error");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/state-icon/all", test_all);
  g_test_add_func ("/state-icon/published", test_published);

  return g_test_run ();
}
