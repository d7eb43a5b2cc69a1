/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-tree.h"

#include "ui/window/scope-row.h"

/**
 * IssScopeTree:
 *
 * The tree on the left: Console Root, pools, servers, stores. One node is
 * always selected, and that is what the window shows. Left and Right close and
 * open a node, or go to its parent and first child, as in any tree.
 */
struct _IssScopeTree
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root_child;
  GtkListView        *list;

  /* Owned References */
  IssScopeNode       *root;
  GtkTreeListModel   *tree;
  GtkSingleSelection *selection;
};

enum
{
  PROP_ROOT = 1,
  PROP_SELECTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssScopeTree, iss_scope_tree, GTK_TYPE_WIDGET)

static void
iss_scope_tree_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  IssScopeTree *self = ISS_SCOPE_TREE (object);

  switch (prop_id)
    {
    case PROP_ROOT:
      g_value_set_object (value, self->root);
      break;

    case PROP_SELECTED:
      g_value_set_object (value, iss_scope_tree_get_selected (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_scope_tree_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ROOT:
      iss_scope_tree_set_root (ISS_SCOPE_TREE (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_scope_tree_dispose (GObject *object)
{
  IssScopeTree *self = ISS_SCOPE_TREE (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SCOPE_TREE);
  g_clear_object (&self->selection);
  g_clear_object (&self->tree);
  g_clear_object (&self->root);

  G_OBJECT_CLASS (iss_scope_tree_parent_class)->dispose (object);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), iss_scope_row_new ());
  gtk_list_item_set_child (item, expander);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(IssScopeNode) node = gtk_tree_list_row_get_item (row);

  gtk_tree_expander_set_list_row (expander, row);
  iss_scope_row_set_node (ISS_SCOPE_ROW (gtk_tree_expander_get_child (expander)), node);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  iss_scope_node_get_label (node), -1);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));

  iss_scope_row_set_node (ISS_SCOPE_ROW (gtk_tree_expander_get_child (expander)), NULL);
  gtk_tree_expander_set_list_row (expander, NULL);
}

static void
activate_cb (GtkListView *list,
             guint        position,
             gpointer     user_data)
{
  IssScopeTree *self = user_data;
  g_autoptr(GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, position);

  if (row != NULL && gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
}

/* The list's own idea of the row that has the keys is not moved by a selection from outside,
 * and it selects that row when it gets the focus: so the row gets it. */
static gboolean
focus_selected (IssScopeTree *self)
{
  IssScopeNode *selected = iss_scope_tree_get_selected (self);

  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->list));
       item != NULL && selected != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *expander = gtk_widget_get_first_child (item);
      GtkWidget *row = GTK_IS_TREE_EXPANDER (expander)
                     ? gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander)) : NULL;

      if (ISS_IS_SCOPE_ROW (row) && iss_scope_row_get_node (ISS_SCOPE_ROW (row)) == selected)
        return gtk_widget_grab_focus (item);
    }

  return FALSE;
}

static gboolean
focus_selected_cb (GtkWidget     *widget,
                   GdkFrameClock *clock,
                   gpointer       user_data)
{
  focus_selected (ISS_SCOPE_TREE (widget));
  return G_SOURCE_REMOVE;
}

static void
go_to (IssScopeTree *self,
       guint         position)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  gtk_single_selection_set_selected (self->selection, position);
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)))
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
go_to_parent (IssScopeTree   *self,
              GtkTreeListRow *row)
{
  g_autoptr(GtkTreeListRow) parent = gtk_tree_list_row_get_parent (row);

  if (parent != NULL)
    go_to (self, gtk_tree_list_row_get_position (parent));
}

/* In capture, because the list itself takes the arrow keys. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  IssScopeTree *self = user_data;
  GtkTreeListRow *row = self->selection != NULL
                      ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  gboolean backward = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                    ? keyval == GDK_KEY_Right : keyval == GDK_KEY_Left;

  if ((keyval != GDK_KEY_Left && keyval != GDK_KEY_Right) || row == NULL ||
      (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  if (backward && gtk_tree_list_row_get_expanded (row))
    gtk_tree_list_row_set_expanded (row, FALSE);
  else if (backward)
    go_to_parent (self, row);
  else if (gtk_tree_list_row_is_expandable (row) && !gtk_tree_list_row_get_expanded (row))
    gtk_tree_list_row_set_expanded (row, TRUE);
  else if (gtk_tree_list_row_is_expandable (row))
    go_to (self, gtk_tree_list_row_get_position (row) + 1);

  return GDK_EVENT_STOP;
}

static gboolean
iss_scope_tree_grab_focus (GtkWidget *widget)
{
  IssScopeTree *self = ISS_SCOPE_TREE (widget);

  if (self->selection == NULL || focus_selected (self))
    return self->selection != NULL;

  /* It is scrolled out of sight, and has a row after the next layout only. */
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u",
                              gtk_single_selection_get_selected (self->selection));
  gtk_widget_add_tick_callback (widget, focus_selected_cb, NULL, NULL);
  return TRUE;
}

static void
iss_scope_tree_class_init (IssScopeTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_scope_tree_get_property;
  object_class->set_property = iss_scope_tree_set_property;
  object_class->dispose = iss_scope_tree_dispose;
  widget_class->grab_focus = iss_scope_tree_grab_focus;

  properties[PROP_ROOT] =
    g_param_spec_object ("root", NULL, NULL, ISS_TYPE_SCOPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, ISS_TYPE_SCOPE_NODE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/scope-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, IssScopeTree, root_child);
  gtk_widget_class_bind_template_child (widget_class, IssScopeTree, list);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
iss_scope_tree_init (IssScopeTree *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  GListModel *children = iss_scope_node_get_children (item);

  return children != NULL ? g_object_ref (children) : NULL;
}

static void
selected_changed_cb (IssScopeTree *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/* Opens the rows above @path, so that there is a row for it. */
static gboolean
find_position (IssScopeTree *self,
               const char   *path,
               guint        *out_position)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++)
    {
      g_autoptr(GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);
      g_autoptr(IssScopeNode) node = gtk_tree_list_row_get_item (row);
      const char *own = iss_scope_node_get_path (node);
      gsize length = strlen (own);

      if (g_str_equal (own, path))
        {
          *out_position = i;
          return TRUE;
        }

      if (length == 0 || (strncmp (own, path, length) == 0 && path[length] == '/'))
        gtk_tree_list_row_set_expanded (row, TRUE);
    }

  return FALSE;
}

/* The root and its pools are open from the start, servers are not. */
static void
expand_pools (IssScopeTree *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++)
    {
      g_autoptr(GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);

      if (gtk_tree_list_row_get_depth (row) < 2)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

/**
 * iss_scope_tree_new:
 *
 * Returns: (transfer floating): a tree without a root
 */
GtkWidget *
iss_scope_tree_new (void)
{
  return g_object_new (ISS_TYPE_SCOPE_TREE, NULL);
}

/**
 * iss_scope_tree_get_root:
 * @self: a tree
 *
 * Returns: (transfer none) (nullable): its root
 */
IssScopeNode *
iss_scope_tree_get_root (IssScopeTree *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_TREE (self), NULL);

  return self->root;
}

/**
 * iss_scope_tree_set_root:
 * @self: a tree
 * @root: (nullable): the node it begins with
 *
 * Shows another tree, with its root selected and its pools open.
 */
void
iss_scope_tree_set_root (IssScopeTree *self,
                         IssScopeNode *root)
{
  g_return_if_fail (ISS_IS_SCOPE_TREE (self));
  g_return_if_fail (root == NULL || ISS_IS_SCOPE_NODE (root));

  if (!g_set_object (&self->root, root))
    return;

  gtk_list_view_set_model (self->list, NULL);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->tree);

  if (root != NULL)
    {
      GListStore *top = g_list_store_new (ISS_TYPE_SCOPE_NODE);

      g_list_store_append (top, root);
      self->tree = gtk_tree_list_model_new (G_LIST_MODEL (top), FALSE, FALSE,
                                            create_children, NULL, NULL);
      expand_pools (self);
      self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->tree)));
      g_signal_connect_swapped (self->selection, "notify::selected-item",
                                G_CALLBACK (selected_changed_cb), self);
      gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROOT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/**
 * iss_scope_tree_get_selected:
 * @self: a tree
 *
 * Returns: (transfer none) (nullable): the selected node
 */
IssScopeNode *
iss_scope_tree_get_selected (IssScopeTree *self)
{
  GtkTreeListRow *row;
  g_autoptr(IssScopeNode) node = NULL;

  g_return_val_if_fail (ISS_IS_SCOPE_TREE (self), NULL);

  row = self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  if (row == NULL)
    return NULL;

  /* The row and its parent's model hold it. */
  node = gtk_tree_list_row_get_item (row);

  return node;
}

/**
 * iss_scope_tree_select:
 * @self: a tree
 * @path: the path of a node
 *
 * Selects a node, opens those above it, and brings it into view.
 *
 * Returns: %FALSE if there is no such node
 */
gboolean
iss_scope_tree_select (IssScopeTree *self,
                       const char   *path)
{
  guint position;

  g_return_val_if_fail (ISS_IS_SCOPE_TREE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (self->tree == NULL || !find_position (self, path, &position))
    return FALSE;

  go_to (self, position);

  return TRUE;
}
