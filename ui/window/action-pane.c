/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/action-pane.h"

/**
 * IssActionPane:
 *
 * What can be done here, as sections of flat buttons.
 *
 * A section is a heading and one button an item. The buttons are actionables,
 * so the pane needs to know nothing of sensitivity.
 */
struct _IssActionPane
{
  GtkWidget   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkBox     *sections;

  /* Owned References */
  GMenuModel *menu;
};

enum
{
  PROP_MENU = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssActionPane, iss_action_pane, GTK_TYPE_WIDGET)

static void
iss_action_pane_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_MENU:
      g_value_set_object (value, ISS_ACTION_PANE (object)->menu);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_action_pane_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_MENU:
      iss_action_pane_set_menu (ISS_ACTION_PANE (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_action_pane_dispose (GObject *object)
{
  IssActionPane *self = ISS_ACTION_PANE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ACTION_PANE);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (iss_action_pane_parent_class)->dispose (object);
}

static void
iss_action_pane_class_init (IssActionPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_action_pane_get_property;
  object_class->set_property = iss_action_pane_set_property;
  object_class->dispose = iss_action_pane_dispose;

  properties[PROP_MENU] =
    g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/action-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, IssActionPane, root);
  gtk_widget_class_bind_template_child (widget_class, IssActionPane, sections);
}

static void
iss_action_pane_init (IssActionPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
dup_attribute (GMenuModel *model,
               int         index,
               const char *name)
{
  char *value = NULL;

  g_menu_model_get_item_attribute (model, index, name, "s", &value);

  return value;
}

static void
add_item (IssActionPane *self,
          GMenuModel    *section,
          int            index)
{
  g_autofree char *text = dup_attribute (section, index, G_MENU_ATTRIBUTE_LABEL);
  g_autofree char *action = dup_attribute (section, index, G_MENU_ATTRIBUTE_ACTION);
  g_autoptr(GVariant) target = g_menu_model_get_item_attribute_value (section, index,
                                                                      G_MENU_ATTRIBUTE_TARGET,
                                                                      NULL);
  GtkWidget *button;
  GtkWidget *label;

  if (text == NULL || action == NULL)
    return;

  button = gtk_button_new ();
  label = gtk_label_new_with_mnemonic (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_button_set_child (GTK_BUTTON (button), label);
  /* GTK names a button by its own label only, and by its class where there is none. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (label)), -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_box_append (self->sections, button);
}

static void
add_section (IssActionPane *self,
             const char    *title,
             GMenuModel    *section)
{
  if (gtk_widget_get_first_child (GTK_WIDGET (self->sections)) != NULL)
    gtk_box_append (self->sections, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));

  if (title != NULL)
    {
      GtkWidget *heading = gtk_label_new (title);

      gtk_label_set_xalign (GTK_LABEL (heading), 0);
      gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (heading), 1);
      gtk_widget_set_tooltip_text (heading, title);
      gtk_widget_add_css_class (heading, "heading");
      gtk_box_append (self->sections, heading);
    }

  for (int i = 0; i < g_menu_model_get_n_items (section); i++)
    add_item (self, section, i);
}

/**
 * iss_action_pane_new:
 *
 * Returns: (transfer floating): an empty action pane
 */
GtkWidget *
iss_action_pane_new (void)
{
  return g_object_new (ISS_TYPE_ACTION_PANE, NULL);
}

/**
 * iss_action_pane_get_menu:
 * @self: an action pane
 *
 * Returns: (transfer none) (nullable): what it shows
 */
GMenuModel *
iss_action_pane_get_menu (IssActionPane *self)
{
  g_return_val_if_fail (ISS_IS_ACTION_PANE (self), NULL);

  return self->menu;
}

/**
 * iss_action_pane_set_menu:
 * @self: an action pane
 * @menu: (nullable): a menu of sections; one that changes is given again
 */
void
iss_action_pane_set_menu (IssActionPane *self,
                          GMenuModel    *menu)
{
  GtkWidget *child;

  g_return_if_fail (ISS_IS_ACTION_PANE (self));
  g_return_if_fail (menu == NULL || G_IS_MENU_MODEL (menu));

  if (!g_set_object (&self->menu, menu))
    return;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sections))) != NULL)
    gtk_box_remove (self->sections, child);

  for (int i = 0; menu != NULL && i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *title = dup_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL);
      g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      if (section != NULL)
        add_section (self, title, section);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MENU]);
}
