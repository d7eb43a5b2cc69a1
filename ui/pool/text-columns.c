/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/text-columns.h"

#include <glib/gi18n-lib.h>

static const char *const colours[] = { "success", "warning", "error", "dim-label" };

/* What a factory's handlers are given. */
typedef struct
{
  const IssTextColumns *columns;
  guint                 index;
} Cell;

static void
cell_free (gpointer  cell,
           GClosure *closure)
{
  g_free (cell);
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item,
          gpointer            user_data)
{
  const Cell *cell = user_data;
  const IssTextColumn *column = &cell->columns->columns[cell->index];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  if (column->has_icon)
    {
      GtkWidget *icon = gtk_image_new ();

      gtk_widget_set_valign (icon, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), icon);
    }

  if (column->is_numeric)
    gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item,
         gpointer            user_data)
{
  const Cell *cell = user_data;
  gpointer line = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_widget_get_last_child (box);
  GtkWidget *icon = gtk_widget_get_first_child (box);

  gtk_label_set_label (GTK_LABEL (label), cell->columns->get_text (line, cell->index));
  if (icon == label)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    gtk_widget_remove_css_class (icon, colours[i]);
  gtk_widget_add_css_class (icon, cell->columns->get_css_class (line));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), cell->columns->get_icon (line));
}

static void
connect (GtkListItemFactory   *factory,
         const char           *signal,
         GCallback             callback,
         const IssTextColumns *columns,
         guint                 index)
{
  Cell *cell = g_new (Cell, 1);

  cell->columns = columns;
  cell->index = index;
  g_signal_connect_data (factory, signal, callback, cell, cell_free, 0);
}

/**
 * iss_text_columns_add:
 * @view: an empty column view
 * @columns: what it is to have; kept
 *
 * Adds the columns.
 */
void
iss_text_columns_add (GtkColumnView        *view,
                      const IssTextColumns *columns)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));
  g_return_if_fail (columns != NULL);

  for (guint i = 0; i < columns->n_columns; i++)
    {
      const IssTextColumn *column = &columns->columns[i];
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) shown = NULL;

      connect (factory, "setup", G_CALLBACK (setup_cb), columns, i);
      connect (factory, "bind", G_CALLBACK (bind_cb), columns, i);

      shown = gtk_column_view_column_new (_(column->title), factory);
      gtk_column_view_column_set_resizable (shown, TRUE);
      if (column->width > 0)
        gtk_column_view_column_set_fixed_width (shown, column->width);
      else
        gtk_column_view_column_set_expand (shown, TRUE);
      gtk_column_view_append_column (view, shown);
    }
}
