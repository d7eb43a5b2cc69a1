/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/verdict-line.h"

#define PATIENCE 300   /* milliseconds without a spinner */

/**
 * IssVerdictLine:
 *
 * The answer of a page in its first line.
 */
struct _IssVerdictLine
{
  GtkWidget   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkImage   *icon;
  GtkLabel   *text;
  GtkLabel   *seen;
  GtkSpinner *spinner;
  GtkBox     *extras;

  const char *css_class;   /* (nullable) */
  guint       busy_id;
};

G_DEFINE_FINAL_TYPE (IssVerdictLine, iss_verdict_line, GTK_TYPE_WIDGET)

static void
iss_verdict_line_dispose (GObject *object)
{
  IssVerdictLine *self = ISS_VERDICT_LINE (object);

  g_clear_handle_id (&self->busy_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_VERDICT_LINE);

  G_OBJECT_CLASS (iss_verdict_line_parent_class)->dispose (object);
}

static void
iss_verdict_line_class_init (IssVerdictLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_verdict_line_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/verdict-line.ui");
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, root);
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, icon);
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, text);
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, seen);
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssVerdictLine, extras);
}

static void
iss_verdict_line_init (IssVerdictLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
show_spinner_cb (gpointer user_data)
{
  IssVerdictLine *self = user_data;

  self->busy_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_start (self->spinner);

  return G_SOURCE_REMOVE;
}

/**
 * iss_verdict_line_new:
 *
 * Returns: (transfer floating): a line that says nothing yet
 */
GtkWidget *
iss_verdict_line_new (void)
{
  return g_object_new (ISS_TYPE_VERDICT_LINE, NULL);
}

/**
 * iss_verdict_line_say:
 * @self: a verdict line
 * @icon_name: the answer's symbol
 * @css_class: its colour, a static string
 * @text: the answer
 * @seen: (nullable): when that was seen: "seen 14:02:11"
 *
 * Shows the answer.
 */
void
iss_verdict_line_say (IssVerdictLine *self,
                      const char     *icon_name,
                      const char     *css_class,
                      const char     *text,
                      const char     *seen)
{
  g_return_if_fail (ISS_IS_VERDICT_LINE (self));
  g_return_if_fail (text != NULL);

  if (self->css_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->css_class);
  self->css_class = css_class;
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_label (self->text, text);
  gtk_label_set_label (self->seen, seen != NULL ? seen : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/**
 * iss_verdict_line_get_text:
 * @self: a verdict line
 *
 * Returns: (transfer none): the answer
 */
const char *
iss_verdict_line_get_text (IssVerdictLine *self)
{
  g_return_val_if_fail (ISS_IS_VERDICT_LINE (self), NULL);

  return gtk_label_get_label (self->text);
}

/**
 * iss_verdict_line_get_seen:
 * @self: a verdict line
 *
 * Returns: (transfer none): when it was seen, "" if it was not
 */
const char *
iss_verdict_line_get_seen (IssVerdictLine *self)
{
  g_return_val_if_fail (ISS_IS_VERDICT_LINE (self), NULL);

  return gtk_label_get_label (self->seen);
}

/**
 * iss_verdict_line_append:
 * @self: a verdict line
 * @widget: what only this page has, such as a button
 *
 * Adds it before Look Again.
 */
void
iss_verdict_line_append (IssVerdictLine *self,
                         GtkWidget      *widget)
{
  g_return_if_fail (ISS_IS_VERDICT_LINE (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_box_append (self->extras, widget);
  gtk_widget_set_visible (GTK_WIDGET (self->extras), TRUE);
}

/**
 * iss_verdict_line_set_busy:
 * @self: a verdict line
 * @busy: whether a look is under way
 *
 * Shows a spinner, unless the look is over in no time.
 */
void
iss_verdict_line_set_busy (IssVerdictLine *self,
                           gboolean        busy)
{
  gboolean is_busy;

  g_return_if_fail (ISS_IS_VERDICT_LINE (self));

  is_busy = self->busy_id != 0 || gtk_widget_get_visible (GTK_WIDGET (self->spinner));
  if (busy == is_busy)
    return;

  if (busy)
    {
      self->busy_id = g_timeout_add (PATIENCE, show_spinner_cb, self);
      return;
    }

  g_clear_handle_id (&self->busy_id, g_source_remove);
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
}
