/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-ladder.h"

#include <glib/gi18n-lib.h>

/**
 * IssPresenceLadder:
 *
 * How far the certificate of one cell has come, a rung beside the other.
 */
struct _IssPresenceLadder
{
  GtkWidget  parent_instance;

  /* Template Widgets */
  GtkWidget *root;
  GtkGrid   *grid;

  /* Borrowed References */
  GtkWidget *labels[ISS_N_RUNGS];
  GtkWidget *marks[ISS_N_RUNGS];
  GtkWidget *times[ISS_N_RUNGS];
  GtkWidget *observers[ISS_N_RUNGS];
};

typedef struct
{
  const char *symbol;
  const char *css_class;
  const char *word;
} MarkLook;

static const MarkLook looks[] =
{
  [ISS_RUNG_MARK_NONE]    = { "–", "dim-label", N_("not looked at, or does not exist here") },
  [ISS_RUNG_MARK_REACHED] = { "●", "success",   N_("reached") },
  [ISS_RUNG_MARK_FAILED]  = { "✕", "error",     N_("not reached") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (looks) == ISS_N_RUNG_MARKS);

G_DEFINE_FINAL_TYPE (IssPresenceLadder, iss_presence_ladder, GTK_TYPE_WIDGET)

static void
iss_presence_ladder_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_PRESENCE_LADDER);

  G_OBJECT_CLASS (iss_presence_ladder_parent_class)->dispose (object);
}

static void
iss_presence_ladder_class_init (IssPresenceLadderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_presence_ladder_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/presence-ladder.ui");
  gtk_widget_class_bind_template_child (widget_class, IssPresenceLadder, root);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceLadder, grid);
}

static GtkWidget *
add_small (GtkGrid    *grid,
           int         column,
           int         row,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return label;
}

static void
iss_presence_ladder_init (IssPresenceLadder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    {
      int column = (int) (rung - ISS_RUNG_RECEIVED) * 2;

      self->labels[rung] = gtk_label_new (iss_rung_get_label ((IssRung) rung));
      self->marks[rung] = gtk_label_new ("");
      gtk_grid_attach (self->grid, self->labels[rung], column, 0, 1, 1);
      self->times[rung] = add_small (self->grid, column, 2, "numeric");
      self->observers[rung] = add_small (self->grid, column, 3, NULL);
      gtk_grid_attach (self->grid, self->marks[rung], column, 1, 1, 1);

      if (rung > ISS_RUNG_RECEIVED)
        {
          GtkWidget *line = gtk_label_new ("─");

          gtk_widget_add_css_class (line, "dim-label");
          gtk_grid_attach (self->grid, line, column - 1, 0, 1, 1);
        }
    }
}

/**
 * iss_presence_ladder_new:
 *
 * Returns: (transfer floating): a ladder of which nothing is known
 */
GtkWidget *
iss_presence_ladder_new (void)
{
  return g_object_new (ISS_TYPE_PRESENCE_LADDER, NULL);
}

static void
show_rung (IssPresenceLadder     *self,
           IssRung                rung,
           const IssPresenceRung *known,
           gboolean               is_stale)
{
  const MarkLook *look = &looks[known->mark];
  const char *css_classes[] = { is_stale ? "dim-label" : look->css_class, NULL };
  g_autofree char *name = NULL;

  gtk_label_set_label (GTK_LABEL (self->marks[rung]), look->symbol);
  gtk_widget_set_css_classes (self->marks[rung], css_classes);
  gtk_label_set_label (GTK_LABEL (self->times[rung]), known->time != NULL ? known->time : "");
  gtk_label_set_label (GTK_LABEL (self->observers[rung]),
                       known->observer != NULL ? known->observer : "");

  /* Translators: rung, state: "published: seen 14:02:11 by the agent on fe01" */
  name = g_strdup_printf (_("%s: %s"), iss_rung_get_label (rung),
                          known->text != NULL ? known->text : _(look->word));
  gtk_widget_set_tooltip_text (self->marks[rung], name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->marks[rung]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * iss_presence_ladder_show:
 * @self: a ladder
 * @cell: (nullable): whose certificate it is about
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Marks the rungs. Each is named with its mark, time and observer for a screen reader.
 */
void
iss_presence_ladder_show (IssPresenceLadder     *self,
                          const IssPresenceCell *cell,
                          gint64                 now,
                          GTimeZone             *zone)
{
  g_return_if_fail (ISS_IS_PRESENCE_LADDER (self));

  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    {
      g_auto(IssPresenceRung) known = { ISS_RUNG_MARK_NONE };

      if (cell != NULL)
        iss_presence_rung_init (&known, cell, (IssRung) rung, now, zone);

      show_rung (self, (IssRung) rung, &known, cell != NULL && cell->stale);
    }
}

/**
 * iss_presence_ladder_show_reached:
 * @self: a ladder
 * @reached: the highest rung that was reached; %ISS_RUNG_NONE: none
 * @time: (nullable): when that was said
 * @observer: (nullable): by whom
 *
 * Marks the rungs up to @reached, and the next as not reached if it should be: up to published.
 */
void
iss_presence_ladder_show_reached (IssPresenceLadder *self,
                                  IssRung            reached,
                                  const char        *time,
                                  const char        *observer)
{
  g_return_if_fail (ISS_IS_PRESENCE_LADDER (self));

  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    {
      IssPresenceRung known = { ISS_RUNG_MARK_NONE };

      if (rung <= reached)
        {
          known.mark = ISS_RUNG_MARK_REACHED;
          known.time = (char *) time;
          known.observer = (char *) observer;
        }
      else if (rung == (guint) reached + 1 && rung <= ISS_RUNG_PUBLISHED)
        known.mark = ISS_RUNG_MARK_FAILED;

      show_rung (self, (IssRung) rung, &known, FALSE);
    }
}
