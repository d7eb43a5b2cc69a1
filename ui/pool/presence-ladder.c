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

/**
 * iss_presence_ladder_is_replicated:
 * @cell: a cell
 *
 * Returns: whether its certificate came from the central store; only then was it
 *   received and decrypted
 */
gboolean
iss_presence_ladder_is_replicated (const IssPresenceCell *cell)
{
  IssObservation *observation = iss_server_get_observation (cell->server);
  const IssObservedCertificate *certificate = NULL;

  if (observation != NULL && cell->has_certificate)
    certificate = iss_observation_find_certificate (observation, cell->sha256);

  return certificate != NULL && g_str_has_prefix (certificate->origin, "global");
}

/* (nullable) */
static const char *
get_readers (const IssPresenceCell *cell)
{
  IssObservation *observation = iss_server_get_observation (cell->server);

  return observation != NULL && cell->has_certificate
         ? iss_observation_get_readers (observation, cell->sha256) : NULL;
}

/**
 * iss_presence_ladder_get_mark:
 * @cell: a cell
 * @rung: a rung
 *
 * A certificate that was imported by hand was never received or decrypted. What
 * is only kept, to verify or for later, need not be published.
 *
 * Returns: what stands below @rung
 */
IssRungMark
iss_presence_ladder_get_mark (const IssPresenceCell *cell,
                              IssRung                rung)
{
  IssRung wanted;
  IssRung first;

  g_return_val_if_fail (cell != NULL, ISS_RUNG_MARK_NONE);
  g_return_val_if_fail (rung > ISS_RUNG_NONE && rung < ISS_N_RUNGS, ISS_RUNG_MARK_NONE);

  if (cell->verdict == ISS_VERDICT_UNKNOWN || cell->verdict == ISS_VERDICT_NONE)
    return ISS_RUNG_MARK_NONE;

  if (rung <= ISS_RUNG_DECRYPTED && !iss_presence_ladder_is_replicated (cell))
    return ISS_RUNG_MARK_NONE;

  /* What is published says nothing about who may read its key. Where only the owner may, the
   * service may be the owner: that is no failure. */
  if (rung == ISS_RUNG_READABLE)
    return get_readers (cell) != NULL ? ISS_RUNG_MARK_REACHED : ISS_RUNG_MARK_NONE;

  if (rung <= cell->rung)
    return ISS_RUNG_MARK_REACHED;

  wanted = cell->slot == ISS_SLOT_CURRENT ? ISS_RUNG_PUBLISHED : ISS_RUNG_IN_STORE;
  first = MAX (cell->rung + 1,
               iss_presence_ladder_is_replicated (cell) ? ISS_RUNG_RECEIVED : ISS_RUNG_IN_STORE);
  if (first == ISS_RUNG_READABLE)
    first = ISS_RUNG_PUBLISHED;

  return rung == first && rung <= wanted ? ISS_RUNG_MARK_FAILED : ISS_RUNG_MARK_NONE;
}

/**
 * iss_presence_ladder_show:
 * @self: a ladder
 * @cell: (nullable): whose certificate it is about
 *
 * Marks the rungs. Each is named with its mark for a screen reader.
 */
void
iss_presence_ladder_show (IssPresenceLadder     *self,
                          const IssPresenceCell *cell)
{
  g_return_if_fail (ISS_IS_PRESENCE_LADDER (self));

  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    {
      const char *css_classes[3] = { NULL };
      g_autofree char *name = NULL;
      const MarkLook *look;
      IssRungMark mark = ISS_RUNG_MARK_NONE;

      if (cell != NULL)
        mark = iss_presence_ladder_get_mark (cell, (IssRung) rung);

      look = &looks[mark];
      css_classes[0] = cell != NULL && cell->stale ? "dim-label" : look->css_class;
      gtk_label_set_label (GTK_LABEL (self->marks[rung]), look->symbol);
      gtk_widget_set_css_classes (self->marks[rung], css_classes);

      /* Translators: rung, state: "published: reached" */
      name = rung == ISS_RUNG_READABLE && mark == ISS_RUNG_MARK_REACHED
           /* Translators: the rung "readable by the service", and accounts */
           ? g_strdup_printf (_("%s: %s, by permissions"), iss_rung_get_label ((IssRung) rung),
                              get_readers (cell))
           : g_strdup_printf (_("%s: %s"), iss_rung_get_label ((IssRung) rung), _(look->word));
      gtk_widget_set_tooltip_text (self->marks[rung], name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->marks[rung]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
}
