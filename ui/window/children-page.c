/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/children-page.h"

#include <glib/gi18n-lib.h>

/**
 * IssChildrenPage:
 *
 * The nodes below a node, as a list; a double click or Return goes there.
 */
struct _IssChildrenPage
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkListView  *list;

  /* Owned References */
  IssScopeNode *node;
};

static char *
iss_children_page_dup_status (IssPage *page)
{
  IssChildrenPage *self = ISS_CHILDREN_PAGE (page);
  GListModel *children = iss_scope_node_get_children (self->node);
  guint n_children = children != NULL ? g_list_model_get_n_items (children) : 0;

  if (iss_scope_node_get_kind (self->node) != ISS_SCOPE_KIND_CERTIFICATES)
    return NULL;

  return g_strdup_printf (ngettext ("%u store", "%u stores", n_children), n_children);
}

static void
iss_children_page_page_init (IssPageInterface *iface)
{
  iface->dup_status = iss_children_page_dup_status;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssChildrenPage, iss_children_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_children_page_page_init))

static void
iss_children_page_dispose (GObject *object)
{
  IssChildrenPage *self = ISS_CHILDREN_PAGE (object);

  if (self->node != NULL && iss_scope_node_get_children (self->node) != NULL)
    g_signal_handlers_disconnect_by_data (iss_scope_node_get_children (self->node), self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CHILDREN_PAGE);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (iss_children_page_parent_class)->dispose (object);
}

static void
activate_cb (GtkListView *list,
             guint        position,
             gpointer     user_data)
{
  IssChildrenPage *self = user_data;
  GListModel *children = iss_scope_node_get_children (self->node);
  g_autoptr(IssScopeNode) child = g_list_model_get_item (children, position);

  gtk_widget_activate_action (GTK_WIDGET (self), "console.show", "s",
                              iss_scope_node_get_path (child));
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ISS_CHILDREN_PAGE (widget)->list));
}

static void
iss_children_page_class_init (IssChildrenPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_children_page_dispose;
  widget_class->grab_focus = grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/children-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssChildrenPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssChildrenPage, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
iss_children_page_init (IssChildrenPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_children_page_new:
 * @node: a node with children
 *
 * Returns: (transfer floating): a page that lists them
 */
GtkWidget *
iss_children_page_new (IssScopeNode *node)
{
  IssChildrenPage *self;
  GListModel *children;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);

  self = g_object_new (ISS_TYPE_CHILDREN_PAGE, NULL);
  self->node = g_object_ref (node);
  children = iss_scope_node_get_children (node);

  if (children != NULL)
    {
      g_autoptr(GtkSingleSelection) selection = gtk_single_selection_new (g_object_ref (children));

      gtk_single_selection_set_autoselect (selection, FALSE);
      gtk_single_selection_set_selected (selection, GTK_INVALID_LIST_POSITION);
      gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
      g_signal_connect_object (children, "items-changed", G_CALLBACK (iss_page_changed), self,
                               G_CONNECT_SWAPPED);
    }

  return GTK_WIDGET (self);
}
