/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-row.h"

/**
 * IssScopeRow:
 *
 * One line of the scope tree. It is used again for other nodes as the list is
 * scrolled, so everything it shows follows its node.
 */
struct _IssScopeRow
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkImage     *icon;
  GtkLabel     *label;
  GtkSpinner   *spinner;
  GtkWidget    *indicator;
  GtkImage     *indicator_icon;
  GtkLabel     *indicator_label;

  /* Owned References */
  IssScopeNode *node;
};

enum
{
  PROP_NODE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssScopeRow, iss_scope_row, GTK_TYPE_WIDGET)

static void
iss_scope_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NODE:
      g_value_set_object (value, ISS_SCOPE_ROW (object)->node);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_scope_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_NODE:
      iss_scope_row_set_node (ISS_SCOPE_ROW (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_scope_row_dispose (GObject *object)
{
  IssScopeRow *self = ISS_SCOPE_ROW (object);

  iss_scope_row_set_node (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SCOPE_ROW);

  G_OBJECT_CLASS (iss_scope_row_parent_class)->dispose (object);
}

static void
iss_scope_row_class_init (IssScopeRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_scope_row_get_property;
  object_class->set_property = iss_scope_row_set_property;
  object_class->dispose = iss_scope_row_dispose;

  properties[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, ISS_TYPE_SCOPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/scope-row.ui");
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, root);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, icon);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, label);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, indicator);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, indicator_icon);
  gtk_widget_class_bind_template_child (widget_class, IssScopeRow, indicator_label);
}

static void
iss_scope_row_init (IssScopeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
update (IssScopeRow *self)
{
  const char *label = iss_scope_node_get_label (self->node);
  const char *tooltip = iss_scope_node_get_tooltip (self->node);
  const char *indicator = iss_scope_node_get_indicator (self->node);
  const char *indicator_icon = iss_scope_node_get_indicator_icon (self->node);
  const char *css_class = iss_scope_node_get_indicator_class (self->node);
  const char *classes[] = { css_class, NULL };
  gboolean busy = iss_scope_node_is_busy (self->node);
  gboolean says = indicator_icon != NULL || *indicator != '\0';

  gtk_image_set_from_icon_name (self->icon, iss_scope_node_get_icon_name (self->node));
  gtk_label_set_label (self->label, label);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_visible (self->indicator, says && !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->indicator_icon), indicator_icon != NULL);
  gtk_image_set_from_icon_name (self->indicator_icon, indicator_icon);
  gtk_label_set_label (self->indicator_label, indicator);
  gtk_widget_set_visible (GTK_WIDGET (self->indicator_label), *indicator != '\0');
  gtk_widget_set_css_classes (self->indicator, classes);
  /* A label that does not fit is told in whole. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip != NULL ? tooltip : label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  tooltip != NULL ? tooltip : "",
                                  -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, busy, -1);
}

/**
 * iss_scope_row_new:
 *
 * Returns: (transfer floating): a line without a node
 */
GtkWidget *
iss_scope_row_new (void)
{
  return g_object_new (ISS_TYPE_SCOPE_ROW, NULL);
}

/**
 * iss_scope_row_get_node:
 * @self: a line
 *
 * Returns: (transfer none) (nullable): the node it shows
 */
IssScopeNode *
iss_scope_row_get_node (IssScopeRow *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_ROW (self), NULL);

  return self->node;
}

/**
 * iss_scope_row_set_node:
 * @self: a line
 * @node: (nullable): the node it shall show
 */
void
iss_scope_row_set_node (IssScopeRow  *self,
                        IssScopeNode *node)
{
  g_return_if_fail (ISS_IS_SCOPE_ROW (self));
  g_return_if_fail (node == NULL || ISS_IS_SCOPE_NODE (node));

  if (self->node == node)
    return;

  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, update, self);

  g_set_object (&self->node, node);

  if (node != NULL)
    {
      g_signal_connect_swapped (node, "changed", G_CALLBACK (update), self);
      update (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}
