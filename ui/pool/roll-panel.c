/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/roll-panel.h"

#include "ui/pool/roll-timeline.h"

/**
 * IssRollPanel:
 *
 * The roll below the assignments.
 *
 * A roll stays until the previous certificate may go: that is when nothing is
 * left to be waited for.
 */
struct _IssRollPanel
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  GtkLabel        *headline;
  IssRollTimeline *timeline;
  GtkLabel        *way_back;

  /* Owned References */
  char            *shown;      /* (nullable): what it was made from */
};

G_DEFINE_FINAL_TYPE (IssRollPanel, iss_roll_panel, GTK_TYPE_WIDGET)

static void
iss_roll_panel_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_ROLL_PANEL);
  g_clear_pointer (&ISS_ROLL_PANEL (object)->shown, g_free);

  G_OBJECT_CLASS (iss_roll_panel_parent_class)->dispose (object);
}

static void
iss_roll_panel_class_init (IssRollPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_roll_panel_dispose;

  g_type_ensure (ISS_TYPE_ROLL_TIMELINE);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/roll-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, IssRollPanel, root);
  gtk_widget_class_bind_template_child (widget_class, IssRollPanel, headline);
  gtk_widget_class_bind_template_child (widget_class, IssRollPanel, timeline);
  gtk_widget_class_bind_template_child (widget_class, IssRollPanel, way_back);
}

static void
iss_roll_panel_init (IssRollPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (nullable): of @type, or else of any. */
static IssPoolRoll *
find_roll (GPtrArray  *servers,
           const char *type,
           gint64      now)
{
  IssPoolRoll *roll = type != NULL ? iss_pool_roll_find (servers, type, now) : NULL;

  for (guint i = 0; i < iss_certificate_type_get_n () && roll == NULL; i++)
    roll = iss_pool_roll_find (servers, iss_certificate_type_get (i)->name, now);

  return roll;
}

/**
 * iss_roll_panel_update:
 * @self: a panel
 * @servers: (element-type IssServer): whose roll
 * @type: (nullable): the certificate type that is of interest first
 * @now: the present
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Shows the roll of @type, or if there is none, of another type.
 */
void
iss_roll_panel_update (IssRollPanel *self,
                       GPtrArray    *servers,
                       const char   *type,
                       gint64        now,
                       GTimeZone    *zone)
{
  g_autoptr(IssPoolRoll) roll = NULL;
  g_autoptr(IssRollSchedule) schedule = NULL;
  g_autofree char *headline = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_ROLL_PANEL (self));
  g_return_if_fail (servers != NULL);

  roll = find_roll (servers, type, now);
  gtk_widget_set_visible (GTK_WIDGET (self), roll != NULL);
  if (roll == NULL)
    {
      g_clear_pointer (&self->shown, g_free);
      gtk_label_set_label (self->headline, "");
      iss_roll_timeline_set_schedule (self->timeline, NULL);
      return;
    }

  /* A look that finds nothing new moves nothing. */
  schedule = iss_pool_roll_make_schedule (roll, zone);
  text = iss_roll_schedule_dup_text (schedule);
  if (g_strcmp0 (text, self->shown) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&text);
  headline = iss_pool_roll_dup_headline (roll, zone);
  gtk_label_set_label (self->headline, headline);
  iss_roll_timeline_set_schedule (self->timeline, schedule);
  gtk_label_set_label (self->way_back, iss_roll_schedule_get_way_back (schedule));
}

const char *
iss_roll_panel_get_text (IssRollPanel *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_PANEL (self), NULL);

  return gtk_label_get_label (self->headline);
}
