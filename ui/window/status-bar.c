/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/status-bar.h"

/**
 * IssStatusBar:
 *
 * The window's last line.
 */
struct _IssStatusBar
{
  GtkWidget  parent_instance;

  /* Template Widgets */
  GtkWidget *root;
  GtkLabel  *text;
  GtkLabel  *next;
  GtkLabel  *zone;
};

G_DEFINE_FINAL_TYPE (IssStatusBar, iss_status_bar, GTK_TYPE_WIDGET)

static void
iss_status_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_STATUS_BAR);

  G_OBJECT_CLASS (iss_status_bar_parent_class)->dispose (object);
}

static void
iss_status_bar_class_init (IssStatusBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_status_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, IssStatusBar, root);
  gtk_widget_class_bind_template_child (widget_class, IssStatusBar, text);
  gtk_widget_class_bind_template_child (widget_class, IssStatusBar, next);
  gtk_widget_class_bind_template_child (widget_class, IssStatusBar, zone);
}

static void
iss_status_bar_init (IssStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* "UTC", "UTC+2", "UTC+5:30" */
static char *
dup_zone_text (GTimeZone *zone,
               gint64     now)
{
  gint interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, now);
  gint32 offset = g_time_zone_get_offset (zone, MAX (interval, 0));
  int hours = ABS (offset) / 3600;
  int minutes = ABS (offset) / 60 % 60;

  if (offset == 0)
    return g_strdup ("UTC");
  if (minutes == 0)
    return g_strdup_printf ("UTC%s%d", offset < 0 ? "−" : "+", hours);

  return g_strdup_printf ("UTC%s%d:%02d", offset < 0 ? "−" : "+", hours, minutes);
}

/**
 * iss_status_bar_new:
 *
 * Returns: (transfer floating): an empty status bar
 */
GtkWidget *
iss_status_bar_new (void)
{
  return g_object_new (ISS_TYPE_STATUS_BAR, NULL);
}

const char *
iss_status_bar_get_text (IssStatusBar *self)
{
  g_return_val_if_fail (ISS_IS_STATUS_BAR (self), NULL);

  return gtk_label_get_text (self->text);
}

/**
 * iss_status_bar_set_text:
 * @self: a status bar
 * @text: (nullable): what the page says of itself
 */
void
iss_status_bar_set_text (IssStatusBar *self,
                         const char   *text)
{
  g_return_if_fail (ISS_IS_STATUS_BAR (self));

  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text), text);
}

/**
 * iss_status_bar_set_next:
 * @self: a status bar
 * @next: (nullable): the next instant at which something happens
 */
void
iss_status_bar_set_next (IssStatusBar *self,
                         const char   *next)
{
  g_return_if_fail (ISS_IS_STATUS_BAR (self));

  gtk_label_set_text (self->next, next != NULL ? next : "");
}

/**
 * iss_status_bar_set_zone:
 * @self: a status bar
 * @zone: the zone in which times are shown
 * @now: an instant, because a zone's offset depends on it
 */
void
iss_status_bar_set_zone (IssStatusBar *self,
                         GTimeZone    *zone,
                         gint64        now)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_STATUS_BAR (self));
  g_return_if_fail (zone != NULL);

  text = dup_zone_text (zone, now);
  gtk_label_set_text (self->zone, text);
}

const char *
iss_status_bar_get_zone (IssStatusBar *self)
{
  g_return_val_if_fail (ISS_IS_STATUS_BAR (self), NULL);

  return gtk_label_get_text (self->zone);
}
