/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/many-rows.h"

static void
test_place (void)
{
  GtkWidget *parent = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_visible (scrolled, FALSE);
  gtk_box_append (GTK_BOX (parent), scrolled);
  gtk_box_append (GTK_BOX (parent), rows);

  iss_many_rows_place (GTK_SCROLLED_WINDOW (scrolled), rows, 6);
  g_assert_true (gtk_widget_get_parent (rows) == parent);
  g_assert_false (gtk_widget_get_visible (scrolled));

  /* And they stay there. */
  for (guint n = 7; n >= 6; n--)
    {
      iss_many_rows_place (GTK_SCROLLED_WINDOW (scrolled), rows, n);
      g_assert_true (gtk_widget_is_ancestor (rows, scrolled));
      g_assert_true (gtk_widget_get_visible (scrolled));
    }

  g_assert_finalize_object (parent);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/many-rows/place", test_place);

  return g_test_run ();
}
