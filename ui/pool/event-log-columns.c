/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/event-log-columns.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"
#include "core/store/audit-sentence.h"

#define NOTHING "–"

typedef struct
{
  char * (* dup_text) (IssAuditEntry *entry,
                       GTimeZone     *zone);
  GTimeZone  *zone;       /* owned */
  const char *class_name; /* (nullable) */
  gboolean    with_icon;
} Column;

static void
column_free (gpointer  data,
             GClosure *closure)
{
  Column *column = data;

  g_time_zone_unref (column->zone);
  g_free (column);
}

static char *
dup_number (IssAuditEntry *entry,
            GTimeZone     *zone)
{
  guint64 n = iss_audit_entry_get_n (entry);

  return n != 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, n) : g_strdup (NOTHING);
}

static char *
dup_time (IssAuditEntry *entry,
          GTimeZone     *zone)
{
  gint64 time = iss_audit_entry_get_time (entry);
  g_autofree char *date = NULL;
  g_autofree char *clock = NULL;

  if (time == 0)
    return g_strdup (NOTHING);

  date = iss_time_text_short (time, zone);
  clock = iss_time_text_clock (time, zone);
  return g_strconcat (date, ", ", clock, NULL);
}

static char *
dup_who (IssAuditEntry *entry,
         GTimeZone     *zone)
{
  return iss_audit_entry_get_state (entry) == ISS_AUDIT_ENTRY_WHOLE
    ? g_strdup (iss_audit_entry_get_who (entry)) : g_strdup (NOTHING);
}

static char *
dup_what (IssAuditEntry *entry,
          GTimeZone     *zone)
{
  return iss_audit_sentence_dup (entry);
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item,
          Column             *column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *text = gtk_inscription_new (NULL);

  if (column->with_icon)
    {
      GtkWidget *icon = gtk_image_new ();

      gtk_widget_set_visible (icon, FALSE);
      gtk_box_append (GTK_BOX (box), icon);
    }

  if (column->class_name != NULL)
    gtk_widget_add_css_class (text, column->class_name);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (text), 1);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), text);
  gtk_list_item_set_child (item, box);
}

/* What is no entry is not passed over. */
static void
show_state (GtkWidget          *box,
            IssAuditEntryState  state)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *text = gtk_widget_get_last_child (box);
  const gboolean damaged = state == ISS_AUDIT_ENTRY_DAMAGED;

  gtk_widget_set_visible (icon, state != ISS_AUDIT_ENTRY_WHOLE);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), damaged ? "iss-state-different-symbolic"
                                                          : "iss-state-unknown-symbolic");
  if (damaged)
    {
      gtk_widget_add_css_class (icon, "error");
      gtk_widget_add_css_class (text, "error");
    }
  else
    {
      gtk_widget_remove_css_class (icon, "error");
      gtk_widget_remove_css_class (text, "error");
    }
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item,
         Column             *column)
{
  IssAuditEntry *entry = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *inscription = gtk_widget_get_last_child (box);
  g_autofree char *text = column->dup_text (entry, column->zone);

  gtk_inscription_set_text (GTK_INSCRIPTION (inscription), text);
  if (column->with_icon)
    {
      show_state (box, iss_audit_entry_get_state (entry));
      gtk_widget_set_tooltip_text (box, text);
    }
}

/**
 * iss_event_log_columns_add:
 * @view: an empty column view
 * @zone: the zone for times
 *
 * Adds the columns.
 */
void
iss_event_log_columns_add (GtkColumnView *view,
                           GTimeZone     *zone)
{
  const struct
    {
      const char *title;
      Column      column;
      int         width;
    } columns[] =
    {
      { N_("Entry"), { dup_number, NULL, "numeric", FALSE }, 60 },
      { N_("Time"), { dup_time, NULL, "numeric", FALSE }, 190 },
      { N_("Who"), { dup_who, NULL, NULL, FALSE }, 134 },
      { N_("What"), { dup_what, NULL, NULL, TRUE }, -1 },
    };

  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));
  g_return_if_fail (zone != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      Column *column = g_memdup2 (&columns[i].column, sizeof (Column));
      g_autoptr(GtkColumnViewColumn) shown = NULL;

      column->zone = g_time_zone_ref (zone);
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), column);
      g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), column, column_free, 0);

      shown = gtk_column_view_column_new (_(columns[i].title), factory);
      gtk_column_view_column_set_resizable (shown, TRUE);
      if (columns[i].width > 0)
        gtk_column_view_column_set_fixed_width (shown, columns[i].width);
      else
        gtk_column_view_column_set_expand (shown, TRUE);
      gtk_column_view_append_column (view, shown);
    }
}
