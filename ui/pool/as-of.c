/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/as-of.h"

#include <glib/gi18n-lib.h>

#include "core/base/effective-date.h"
#include "core/base/time-text.h"

#define MONTH (30 * 24 * 3600)

/**
 * IssAsOf:
 *
 * Chooses the instant as of which a page is drawn. What is past cannot be chosen: what was then
 * is in the log.
 */
struct _IssAsOf
{
  GtkWidget      parent_instance;

  /* Template Widgets */
  GtkMenuButton *button;
  GtkPopover    *popover;
  GtkButton     *roll_choice;
  GtkEntry      *entry;
  GtkLabel      *error;

  /* Owned References */
  GTimeZone     *zone;

  gint64         now;
  gint64         next_roll;
  gint64         instant;     /* 0 = now */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssAsOf, iss_as_of, GTK_TYPE_WIDGET)

static void
show_error (IssAsOf    *self,
            const char *message)
{
  gtk_label_set_label (self->error, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), message != NULL);
}

static void
choose (IssAsOf *self,
        gint64   instant)
{
  g_autofree char *text = instant != 0 ? iss_time_text_instant (instant, self->zone)
                                       : g_strdup (_("now"));
  /* Translators: "as of now", "as of 14 July 2027, 00:00 (UTC+2)" */
  g_autofree char *label = g_strdup_printf (_("as of %s"), text);

  show_error (self, NULL);
  gtk_popover_popdown (self->popover);
  gtk_menu_button_set_label (self->button, label);
  if (self->instant == instant)
    return;

  self->instant = instant;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
now_cb (IssAsOf *self)
{
  choose (self, 0);
}

static void
roll_cb (IssAsOf *self)
{
  choose (self, self->next_roll);
}

static void
month_cb (IssAsOf *self)
{
  choose (self, self->now + MONTH);
}

static void
typed_cb (IssAsOf *self)
{
  iss_as_of_type (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
iss_as_of_dispose (GObject *object)
{
  IssAsOf *self = ISS_AS_OF (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_AS_OF);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_as_of_parent_class)->dispose (object);
}

static void
iss_as_of_class_init (IssAsOfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_as_of_dispose;

  /**
   * IssAsOf::changed:
   *
   * Another instant was chosen.
   */
  signals[CHANGED] = g_signal_new ("changed", ISS_TYPE_AS_OF, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/as-of.ui");
  gtk_widget_class_bind_template_child (widget_class, IssAsOf, button);
  gtk_widget_class_bind_template_child (widget_class, IssAsOf, popover);
  gtk_widget_class_bind_template_child (widget_class, IssAsOf, roll_choice);
  gtk_widget_class_bind_template_child (widget_class, IssAsOf, entry);
  gtk_widget_class_bind_template_child (widget_class, IssAsOf, error);
  gtk_widget_class_bind_template_callback (widget_class, now_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_cb);
  gtk_widget_class_bind_template_callback (widget_class, month_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
}

static void
iss_as_of_init (IssAsOf *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_as_of_new:
 *
 * Returns: (transfer floating): a chooser, at now
 */
GtkWidget *
iss_as_of_new (void)
{
  return g_object_new (ISS_TYPE_AS_OF, NULL);
}

/**
 * iss_as_of_set_present:
 * @self: a chooser
 * @now: the present, in seconds since 1970
 * @next_roll: when something that is staged becomes current; 0: nothing is
 * @zone: the zone in which dates are typed and shown
 *
 * Says what there is to choose from.
 */
void
iss_as_of_set_present (IssAsOf   *self,
                       gint64     now,
                       gint64     next_roll,
                       GTimeZone *zone)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_AS_OF (self));
  g_return_if_fail (zone != NULL);

  g_time_zone_ref (zone);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone;
  self->now = now;
  self->next_roll = next_roll;

  if (next_roll != 0)
    {
      g_autofree char *when = iss_time_text_instant (next_roll, zone);

      /* Translators: a date */
      text = g_strdup_printf (_("After the roll, %s"), when);
      gtk_button_set_label (self->roll_choice, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->roll_choice), next_roll != 0);
}

/**
 * iss_as_of_get_instant:
 * @self: a chooser
 *
 * Returns: as of which instant, in seconds since 1970; 0: as it is now
 */
gint64
iss_as_of_get_instant (IssAsOf *self)
{
  g_return_val_if_fail (ISS_IS_AS_OF (self), 0);

  return self->instant;
}

/**
 * iss_as_of_type:
 * @self: a chooser
 * @typed: a date
 *
 * Chooses it, or says below why it cannot be chosen.
 *
 * Returns: whether it was chosen
 */
gboolean
iss_as_of_type (IssAsOf    *self,
                const char *typed)
{
  g_autoptr(IssEffectiveDate) date = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (ISS_IS_AS_OF (self), FALSE);
  g_return_val_if_fail (typed != NULL, FALSE);
  g_return_val_if_fail (self->zone != NULL, FALSE);

  date = iss_effective_date_parse (typed, self->zone, NULL, &error);
  if (date == NULL)
    {
      sentence = g_strdup_printf ("%s.", error->message);
      show_error (self, sentence);
      return FALSE;
    }

  if (iss_effective_date_get_instant (date) < self->now)
    {
      show_error (self, _("That is past: what was then is in the event log."));
      return FALSE;
    }

  choose (self, iss_effective_date_get_instant (date));
  return TRUE;
}
