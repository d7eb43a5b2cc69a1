/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/root-page.h"

#include <glib/gi18n-lib.h>

#include "ui/window/children-page.h"

/**
 * IssRootPage:
 *
 * The Console Root. It changes between the list of pools and the welcome by
 * itself, when the first pool comes or the last one goes.
 */
struct _IssRootPage
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkStack     *root;
  GtkWidget    *connect_button;

  /* Owned References */
  IssScopeNode *node;
};

static char *
iss_root_page_dup_status (IssPage *page)
{
  IssRootPage *self = ISS_ROOT_PAGE (page);
  guint n_pools = g_list_model_get_n_items (iss_scope_node_get_children (self->node));

  return g_strdup_printf (ngettext ("%u pool", "%u pools", n_pools), n_pools);
}

static void
iss_root_page_page_init (IssPageInterface *iface)
{
  iface->dup_status = iss_root_page_dup_status;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssRootPage, iss_root_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_root_page_page_init))

static void
iss_root_page_dispose (GObject *object)
{
  IssRootPage *self = ISS_ROOT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ROOT_PAGE);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (iss_root_page_parent_class)->dispose (object);
}

static gboolean
iss_root_page_grab_focus (GtkWidget *widget)
{
  IssRootPage *self = ISS_ROOT_PAGE (widget);

  return gtk_widget_grab_focus (iss_root_page_is_welcome (self)
                                ? self->connect_button
                                : gtk_stack_get_visible_child (self->root));
}

static void
iss_root_page_class_init (IssRootPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_root_page_dispose;
  widget_class->grab_focus = iss_root_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/root-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssRootPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssRootPage, connect_button);
}

static void
iss_root_page_init (IssRootPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
pools_changed_cb (IssRootPage *self)
{
  GListModel *pools = iss_scope_node_get_children (self->node);

  gtk_stack_set_visible_child_name (self->root, g_list_model_get_n_items (pools) > 0 ? "pools"
                                                                                     : "welcome");
  iss_page_changed (ISS_PAGE (self));
}

/**
 * iss_root_page_new:
 * @node: the Console Root
 *
 * Returns: (transfer floating): its page
 */
GtkWidget *
iss_root_page_new (IssScopeNode *node)
{
  IssRootPage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_kind (node) == ISS_SCOPE_KIND_ROOT, NULL);

  self = g_object_new (ISS_TYPE_ROOT_PAGE, NULL);
  self->node = g_object_ref (node);
  gtk_stack_add_named (self->root, iss_children_page_new (node), "pools");
  g_signal_connect_object (iss_scope_node_get_children (node), "items-changed",
                           G_CALLBACK (pools_changed_cb), self, G_CONNECT_SWAPPED);
  pools_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * iss_root_page_is_welcome:
 * @self: a page
 *
 * Returns: whether there is no pool yet
 */
gboolean
iss_root_page_is_welcome (IssRootPage *self)
{
  g_return_val_if_fail (ISS_IS_ROOT_PAGE (self), FALSE);

  return g_strcmp0 (gtk_stack_get_visible_child_name (self->root), "welcome") == 0;
}
