/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/banner.h"

/**
 * IssBanner:
 *
 * A line above the panes with a symbol, a lead in bold, what follows it, and at
 * most two buttons. To a screen reader it is an alert.
 */
struct _IssBanner
{
  GtkWidget   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkImage   *icon;
  GtkLabel   *label;
  GtkBox     *buttons;

  guint       n_buttons;
};

#define MAX_BUTTONS 2

G_DEFINE_FINAL_TYPE (IssBanner, iss_banner, GTK_TYPE_WIDGET)

static void
iss_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ISS_TYPE_BANNER);

  G_OBJECT_CLASS (iss_banner_parent_class)->dispose (object);
}

static void
iss_banner_class_init (IssBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_banner_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, IssBanner, root);
  gtk_widget_class_bind_template_child (widget_class, IssBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, IssBanner, label);
  gtk_widget_class_bind_template_child (widget_class, IssBanner, buttons);
}

static void
iss_banner_init (IssBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
remove_buttons (IssBanner *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->buttons))) != NULL)
    gtk_box_remove (self->buttons, child);

  self->n_buttons = 0;
}

/**
 * iss_banner_new:
 *
 * Returns: (transfer floating): a banner that says nothing and is hidden
 */
GtkWidget *
iss_banner_new (void)
{
  return g_object_new (ISS_TYPE_BANNER, NULL);
}

/**
 * iss_banner_say:
 * @self: a banner
 * @kind: whether it is a warning or an error
 * @lead: what it is, a sentence with its full stop
 * @rest: (nullable): the particulars
 *
 * Shows the banner. Its buttons go.
 */
void
iss_banner_say (IssBanner     *self,
                IssBannerKind  kind,
                const char    *lead,
                const char    *rest)
{
  g_autofree char *markup = NULL;
  g_autofree char *plain = NULL;

  g_return_if_fail (ISS_IS_BANNER (self));
  g_return_if_fail (lead != NULL);

  if (rest == NULL)
    rest = "";

  markup = g_markup_printf_escaped ("<b>%s</b>%s%s", lead, *rest != '\0' ? " " : "", rest);
  plain = g_strconcat (lead, *rest != '\0' ? " " : "", rest, NULL);

  remove_buttons (self);
  gtk_label_set_markup (self->label, markup);
  gtk_image_set_from_icon_name (self->icon, kind == ISS_BANNER_ERROR ? "dialog-error-symbolic"
                                                                     : "dialog-warning-symbolic");
  gtk_widget_remove_css_class (self->root, kind == ISS_BANNER_ERROR ? "warning" : "error");
  gtk_widget_add_css_class (self->root, kind == ISS_BANNER_ERROR ? "error" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * iss_banner_add_button:
 * @self: a banner that says something
 * @label: a verb
 * @action_name: the action it activates
 * @target: (nullable): with this target; floating references are taken
 *
 * Adds a way out, at most two.
 */
void
iss_banner_add_button (IssBanner  *self,
                       const char *label,
                       const char *action_name,
                       GVariant   *target)
{
  GtkWidget *button;

  g_return_if_fail (ISS_IS_BANNER (self));
  g_return_if_fail (self->n_buttons < MAX_BUTTONS);

  button = gtk_button_new_with_mnemonic (label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_box_append (self->buttons, button);
  self->n_buttons++;
}

/**
 * iss_banner_clear:
 * @self: a banner
 *
 * Hides it.
 */
void
iss_banner_clear (IssBanner *self)
{
  g_return_if_fail (ISS_IS_BANNER (self));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_label_set_label (self->label, "");
  remove_buttons (self);
}

/**
 * iss_banner_get_text:
 * @self: a banner
 *
 * Returns: (transfer none): what it says, without markup; "" while hidden
 */
const char *
iss_banner_get_text (IssBanner *self)
{
  g_return_val_if_fail (ISS_IS_BANNER (self), NULL);

  return gtk_label_get_text (self->label);
}

guint
iss_banner_get_n_buttons (IssBanner *self)
{
  g_return_val_if_fail (ISS_IS_BANNER (self), 0);

  return self->n_buttons;
}
