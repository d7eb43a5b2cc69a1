/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/roll-timeline-page.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

/**
 * IssRollTimelinePage:
 *
 * What happens when, as a picture and below it in words.
 */
struct _IssRollTimelinePage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  IssRollTimeline *timeline;
  GtkGrid         *grid;
  GtkLabel        *way_back_label;

  /* Owned References */
  IssAssignPlan   *plan;
  GTimeZone       *zone;
};

static char *
iss_roll_timeline_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("What Happens When"));
}

static const char *
iss_roll_timeline_page_get_next (IssWizardPage *page)
{
  return "notices";
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);

  return label;
}

static void
show_events (IssRollTimelinePage *self,
             IssRollSchedule     *schedule)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);

  for (guint i = 0; i < iss_roll_schedule_get_n_events (schedule); i++)
    {
      const IssRollEvent *event = iss_roll_schedule_get_event (schedule, i);
      g_autofree char *when = iss_time_text_instant (event->instant, self->zone);
      GtkWidget *date = new_label (when);
      GtkWidget *text = new_label (event->text);

      gtk_widget_add_css_class (date, "numeric");
      gtk_widget_add_css_class (date, "dim-label");
      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_label_set_width_chars (GTK_LABEL (text), 50);
      gtk_widget_set_hexpand (text, TRUE);
      gtk_grid_attach (self->grid, date, 0, (int) i, 1, 1);
      gtk_grid_attach (self->grid, text, 1, (int) i, 1, 1);
    }
}

static void
iss_roll_timeline_page_enter (IssWizardPage *page)
{
  IssRollTimelinePage *self = ISS_ROLL_TIMELINE_PAGE (page);
  g_autoptr(IssPoolRoll) roll = iss_assign_plan_make_roll (self->plan);
  g_autoptr(IssRollSchedule) schedule = NULL;

  if (roll == NULL)
    return;

  schedule = iss_pool_roll_make_schedule (roll, self->zone);
  iss_roll_timeline_set_schedule (self->timeline, schedule);
  show_events (self, schedule);
  gtk_label_set_label (self->way_back_label, iss_roll_schedule_get_way_back (schedule));
}

static void
iss_roll_timeline_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_roll_timeline_page_dup_title;
  iface->get_next = iss_roll_timeline_page_get_next;
  iface->enter = iss_roll_timeline_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssRollTimelinePage, iss_roll_timeline_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_roll_timeline_page_page_init))

static void
iss_roll_timeline_page_dispose (GObject *object)
{
  IssRollTimelinePage *self = ISS_ROLL_TIMELINE_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ROLL_TIMELINE_PAGE);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_roll_timeline_page_parent_class)->dispose (object);
}

static void
iss_roll_timeline_page_class_init (IssRollTimelinePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/roll-timeline-page.ui";

  object_class->dispose = iss_roll_timeline_page_dispose;

  g_type_ensure (ISS_TYPE_ROLL_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssRollTimelinePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssRollTimelinePage, timeline);
  gtk_widget_class_bind_template_child (widget_class, IssRollTimelinePage, grid);
  gtk_widget_class_bind_template_child (widget_class, IssRollTimelinePage, way_back_label);
}

static void
iss_roll_timeline_page_init (IssRollTimelinePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_roll_timeline_page_new:
 * @plan: what is collected
 * @zone: the zone to show instants in
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_roll_timeline_page_new (IssAssignPlan *plan,
                            GTimeZone     *zone)
{
  IssRollTimelinePage *self;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  self = g_object_new (ISS_TYPE_ROLL_TIMELINE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->zone = g_time_zone_ref (zone);

  return GTK_WIDGET (self);
}

IssRollSchedule *
iss_roll_timeline_page_get_schedule (IssRollTimelinePage *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_TIMELINE_PAGE (self), NULL);

  return iss_roll_timeline_get_schedule (self->timeline);
}
