/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-cell-view.h"

#include "tests/lib/page-window.h"

static void
test_shows (void)
{
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_presence_cell_view_new ());
  IssPresenceCellView *view = ISS_PRESENCE_CELL_VIEW (widget);
  IssPresenceCell cell = { 0 };

  cell.verdict = ISS_VERDICT_MISSING;
  cell.word = (char *) "missing";
  cell.sentence = (char *) "fe03 · OAuthTokenIssuer · current: missing.";
  cell.stale = TRUE;

  iss_presence_cell_view_show (view, &cell, "13:41");
  g_assert_cmpstr (iss_presence_cell_view_get_word (view), ==, "missing");
  gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, cell.sentence);

  iss_presence_cell_view_set_selected (view, TRUE);
  gtk_test_accessible_assert_state (widget, GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  g_assert_true (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_SELECTED);
  iss_presence_cell_view_set_selected (view, FALSE);
  g_assert_false (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_SELECTED);

  g_assert_finalize_object (g_steal_pointer (&widget));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/presence-cell-view/shows", test_shows);

  return g_test_run ();
}
