/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/many-rows.h"

/* What scrolls does not know how high text is that wraps, and would be too low for it. */
#define MANY 6

/**
 * iss_many_rows_place:
 * @scrolled: hidden, and empty
 * @rows: a box in the same box as @scrolled
 * @n_rows: how many rows there are
 *
 * Few rows stand on the page, as high as they are. More than six go into @scrolled, and stay
 * there.
 */
void
iss_many_rows_place (GtkScrolledWindow *scrolled,
                     GtkWidget         *rows,
                     guint              n_rows)
{
  g_autoptr(GtkWidget) held = NULL;

  g_return_if_fail (GTK_IS_SCROLLED_WINDOW (scrolled));
  g_return_if_fail (GTK_IS_WIDGET (rows));

  if (n_rows <= MANY || gtk_widget_get_visible (GTK_WIDGET (scrolled)))
    return;

  held = g_object_ref (rows);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (rows)), rows);
  gtk_scrolled_window_set_child (scrolled, rows);
  gtk_widget_set_visible (GTK_WIDGET (scrolled), TRUE);
}
