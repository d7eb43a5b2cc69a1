/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/task-columns.h"

#include <glib/gi18n-lib.h>

#include "ui/pool/task-item.h"

static const char *const colours[] = { "success", "warning", "error", "dim-label" };

static const struct
{
  const char *title;
  int         width;      /* -1 = the rest */
} columns[ISS_N_TASK_COLUMNS] =
{
  [ISS_TASK_COLUMN_TASK]        = { N_("Task"), 60 },
  [ISS_TASK_COLUMN_TYPE]        = { N_("Type"), 140 },
  [ISS_TASK_COLUMN_CERTIFICATE] = { N_("Certificate"), 180 },
  [ISS_TASK_COLUMN_DUE]         = { N_("Due"), 150 },
  [ISS_TASK_COLUMN_STATE]       = { N_("State"), 130 },
  [ISS_TASK_COLUMN_RESULT]      = { N_("Last result"), -1 },
};

/* Nothing is cut off: why a task failed is a sentence. */
static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item,
          gpointer            user_data)
{
  const IssTaskColumn column = GPOINTER_TO_UINT (user_data);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  if (column == ISS_TASK_COLUMN_STATE)
    {
      GtkWidget *icon = gtk_image_new ();

      gtk_widget_set_valign (icon, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), icon);
    }

  if (column == ISS_TASK_COLUMN_DUE)
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
  const IssTaskColumn column = GPOINTER_TO_UINT (user_data);
  IssTaskItem *line = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_widget_get_last_child (box);
  GtkWidget *icon = gtk_widget_get_first_child (box);

  gtk_label_set_label (GTK_LABEL (label), iss_task_item_get_text (line, column));
  if (icon == label)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    gtk_widget_remove_css_class (icon, colours[i]);
  gtk_widget_add_css_class (icon, iss_task_item_get_css_class (line));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), iss_task_item_get_icon (line));
}

/**
 * iss_task_columns_add:
 * @view: an empty column view
 *
 * Adds the columns.
 */
void
iss_task_columns_add (GtkColumnView *view)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) shown = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));

      shown = gtk_column_view_column_new (_(columns[i].title), factory);
      gtk_column_view_column_set_resizable (shown, TRUE);
      if (columns[i].width > 0)
        gtk_column_view_column_set_fixed_width (shown, columns[i].width);
      else
        gtk_column_view_column_set_expand (shown, TRUE);
      gtk_column_view_append_column (view, shown);
    }
}
