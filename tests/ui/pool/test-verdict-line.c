/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/verdict-line.h"

#include "tests/lib/page-window.h"

static void
test_says (void)
{
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_verdict_line_new ());
  IssVerdictLine *line = ISS_VERDICT_LINE (widget);

  g_assert_cmpstr (iss_verdict_line_get_text (line), ==, "");
  iss_verdict_line_say (line, "dialog-warning-symbolic", "warning", "Not so.", "seen 14:02:11");
  g_assert_cmpstr (iss_verdict_line_get_text (line), ==, "Not so.");
  g_assert_cmpstr (iss_verdict_line_get_seen (line), ==, "seen 14:02:11");
  gtk_test_accessible_assert_role (widget, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, "Not so.");

  iss_verdict_line_say (line, "dialog-warning-symbolic", "warning", "Not so.", NULL);
  g_assert_cmpstr (iss_verdict_line_get_seen (line), ==, "");

  /* Goes while it waits to show its spinner. */
  iss_verdict_line_set_busy (line, TRUE);
  iss_verdict_line_set_busy (line, FALSE);
  iss_verdict_line_set_busy (line, TRUE);
  g_assert_finalize_object (g_steal_pointer (&widget));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/verdict-line/says", test_says);

  return g_test_run ();
}
