/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/status-line.h"

/**
 * IssStatusLine:
 *
 * One sentence about what was typed on a page.
 */
struct _IssStatusLine
{
  GtkWidget   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkStack   *symbol;
  GtkImage   *icon;
  GtkSpinner *spinner;
  GtkLabel   *label;
};

G_DEFINE_FINAL_TYPE (IssStatusLine, iss_status_line, GTK_TYPE_WIDGET)

static void
iss_status_line_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_STATUS_LINE);

  G_OBJECT_CLASS (iss_status_line_parent_class)->dispose (object);
}

static void
iss_status_line_class_init (IssStatusLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/status-line.ui";

  object_class->dispose = iss_status_line_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssStatusLine, root);
  gtk_widget_class_bind_template_child (widget_class, IssStatusLine, symbol);
  gtk_widget_class_bind_template_child (widget_class, IssStatusLine, icon);
  gtk_widget_class_bind_template_child (widget_class, IssStatusLine, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssStatusLine, label);
}

static void
iss_status_line_init (IssStatusLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_symbol (IssStatusLine *self,
            const char    *icon_name,
            const char    *css_class)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "success");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "warning");
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_spinner_set_spinning (self->spinner, icon_name == NULL);
  gtk_stack_set_visible_child_name (self->symbol, icon_name == NULL ? "spinner" : "icon");
}

/**
 * iss_status_line_say:
 * @self: a line
 * @kind: what sort of thing it is
 * @text: the sentence; "" hides the line
 */
void
iss_status_line_say (IssStatusLine *self,
                     IssStatusKind  kind,
                     const char    *text)
{
  g_return_if_fail (ISS_IS_STATUS_LINE (self));
  g_return_if_fail (text != NULL);

  switch (kind)
    {
    case ISS_STATUS_NOTE:
      set_symbol (self, "dialog-information-symbolic", NULL);
      break;

    case ISS_STATUS_BUSY:
      set_symbol (self, NULL, NULL);
      break;

    case ISS_STATUS_WARNING:
      set_symbol (self, "iss-state-different-symbolic", "warning");
      break;

    case ISS_STATUS_ERROR:
      set_symbol (self, "dialog-error-symbolic", "error");
      break;

    case ISS_STATUS_SUCCESS:
      set_symbol (self, "iss-state-published-symbolic", "success");
      break;
    }

  gtk_label_set_label (self->label, text);
  if (*text == '\0')
    gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), *text != '\0');
}

/**
 * iss_status_line_say_error:
 * @self: a line
 * @error: what went wrong
 */
void
iss_status_line_say_error (IssStatusLine *self,
                           const GError  *error)
{
  g_autofree char *sentence = g_strdup_printf ("%s.", error->message);

  iss_status_line_say (self, ISS_STATUS_ERROR, sentence);
}

/**
 * iss_status_line_clear:
 * @self: a line
 *
 * Hides it.
 */
void
iss_status_line_clear (IssStatusLine *self)
{
  iss_status_line_say (self, ISS_STATUS_NOTE, "");
}

/**
 * iss_status_line_get_text:
 * @self: a line
 *
 * Returns: the sentence
 */
const char *
iss_status_line_get_text (IssStatusLine *self)
{
  g_return_val_if_fail (ISS_IS_STATUS_LINE (self), NULL);

  return gtk_label_get_label (self->label);
}
