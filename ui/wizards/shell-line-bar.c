/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/shell-line-bar.h"

#include <string.h>

/**
 * IssShellLineBar:
 *
 * The line that does in a shell what a wizard has done.
 */
struct _IssShellLineBar
{
  GtkWidget  parent_instance;

  /* Template Widgets */
  GtkWidget *root;
  GtkLabel  *title_label;
  GtkLabel  *label;
  GtkWidget *copy_button;
};

G_DEFINE_FINAL_TYPE (IssShellLineBar, iss_shell_line_bar, GTK_TYPE_WIDGET)

static void
iss_shell_line_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_SHELL_LINE_BAR);

  G_OBJECT_CLASS (iss_shell_line_bar_parent_class)->dispose (object);
}

static void
copy_cb (IssShellLineBar *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->label));
}

/* A line is broken at any hyphen, but "-" at its end and "Thumbprint" below is no option. */
static PangoAttrList *
keep_options (const char *line)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  gsize start = 0;

  while (line[start] != '\0')
    {
      gsize end = start + strcspn (line + start, " \n");

      if (line[start] == '-')
        {
          PangoAttribute *whole = pango_attr_allow_breaks_new (FALSE);

          whole->start_index = (guint) start;
          whole->end_index = (guint) end;
          pango_attr_list_insert (attributes, whole);
        }
      start = end + strspn (line + end, " \n");
    }

  return attributes;
}

static void
iss_shell_line_bar_class_init (IssShellLineBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/shell-line-bar.ui";

  object_class->dispose = iss_shell_line_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssShellLineBar, root);
  gtk_widget_class_bind_template_child (widget_class, IssShellLineBar, title_label);
  gtk_widget_class_bind_template_child (widget_class, IssShellLineBar, label);
  gtk_widget_class_bind_template_child (widget_class, IssShellLineBar, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
iss_shell_line_bar_init (IssShellLineBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

const char *
iss_shell_line_bar_get_line (IssShellLineBar *self)
{
  g_return_val_if_fail (ISS_IS_SHELL_LINE_BAR (self), NULL);

  return gtk_label_get_label (self->label);
}

/**
 * iss_shell_line_bar_set_line:
 * @self: a bar
 * @line: a line for a shell; "" hides the bar
 *
 * Shows another line.
 */
void
iss_shell_line_bar_set_line (IssShellLineBar *self,
                             const char      *line)
{
  g_autoptr(PangoAttrList) attributes = NULL;

  g_return_if_fail (ISS_IS_SHELL_LINE_BAR (self));
  g_return_if_fail (line != NULL);

  attributes = keep_options (line);
  gtk_label_set_label (self->label, line);
  gtk_label_set_attributes (self->label, attributes);
  gtk_widget_set_visible (GTK_WIDGET (self), *line != '\0');
}

/**
 * iss_shell_line_bar_set_title:
 * @self: a bar
 * @title: in which shell, with its colon, instead of "The same in a shell:"
 *
 * Says for which shell the line is.
 */
void
iss_shell_line_bar_set_title (IssShellLineBar *self,
                              const char      *title)
{
  g_return_if_fail (ISS_IS_SHELL_LINE_BAR (self));
  g_return_if_fail (title != NULL);

  gtk_label_set_label (self->title_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
}
