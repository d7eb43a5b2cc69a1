/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-cell-view.h"

#include "ui/pool/state-icon.h"

/**
 * IssPresenceCellView:
 *
 * One cell of the matrix.
 */
struct _IssPresenceCellView
{
  GtkWidget   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkImage   *icon;
  GtkLabel   *word;
  GtkLabel   *age;

  const char *css_class;   /* (nullable) */
};

G_DEFINE_FINAL_TYPE (IssPresenceCellView, iss_presence_cell_view, GTK_TYPE_WIDGET)

static void
iss_presence_cell_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_PRESENCE_CELL_VIEW);

  G_OBJECT_CLASS (iss_presence_cell_view_parent_class)->dispose (object);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            gpointer         user_data)
{
  gtk_widget_grab_focus (GTK_WIDGET (user_data));
}

static void
iss_presence_cell_view_class_init (IssPresenceCellViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_presence_cell_view_dispose;

  gtk_widget_class_set_css_name (widget_class, "presencecell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID_CELL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/"
                                               "presence-cell-view.ui");
  gtk_widget_class_bind_template_child (widget_class, IssPresenceCellView, root);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceCellView, icon);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceCellView, word);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceCellView, age);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
}

static void
iss_presence_cell_view_init (IssPresenceCellView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_presence_cell_view_new:
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
iss_presence_cell_view_new (void)
{
  return g_object_new (ISS_TYPE_PRESENCE_CELL_VIEW, NULL);
}

/**
 * iss_presence_cell_view_show:
 * @self: a cell
 * @cell: what is true of it
 * @age: (nullable): when that was so, if it may no longer be
 *
 * Shows @cell. What was seen a while ago is grey.
 */
void
iss_presence_cell_view_show (IssPresenceCellView   *self,
                             const IssPresenceCell *cell,
                             const char            *age)
{
  const char *icon_name;
  const char *css_class;
  IssRung rung;

  g_return_if_fail (ISS_IS_PRESENCE_CELL_VIEW (self));
  g_return_if_fail (cell != NULL);

  rung = iss_presence_cell_get_rung_in_effect (cell);
  icon_name = iss_state_icon_of_verdict (cell->verdict, rung);
  css_class = iss_state_icon_class_of_verdict (cell->verdict, rung);
  if (cell->stale)
    css_class = "dim-label";

  if (self->css_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->css_class);
  self->css_class = css_class;
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon_name != NULL);
  gtk_label_set_label (self->word, cell->word);
  if (cell->stale || cell->verdict == ISS_VERDICT_NONE)
    gtk_widget_add_css_class (GTK_WIDGET (self->word), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->word), "dim-label");

  gtk_label_set_label (self->age, age != NULL ? age : "");
  gtk_widget_set_visible (GTK_WIDGET (self->age), age != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), cell->sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, cell->sentence, -1);
}

/**
 * iss_presence_cell_view_get_word:
 * @self: a cell
 *
 * Returns: (transfer none): the word it shows
 */
const char *
iss_presence_cell_view_get_word (IssPresenceCellView *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE_CELL_VIEW (self), NULL);

  return gtk_label_get_label (self->word);
}

/**
 * iss_presence_cell_view_set_selected:
 * @self: a cell
 * @selected: whether the lower part of the page is about it
 */
void
iss_presence_cell_view_set_selected (IssPresenceCellView *self,
                                     gboolean             selected)
{
  g_return_if_fail (ISS_IS_PRESENCE_CELL_VIEW (self));

  if (selected)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED);

  gtk_accessible_update_state (GTK_ACCESSIBLE (self),
                               GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}
