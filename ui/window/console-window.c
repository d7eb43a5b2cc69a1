/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include <glib/gi18n-lib.h>

#include "core/pool/asked.h"
#include "ui/certificates/store-page.h"
#include "ui/pool/central-desk.h"
#include "ui/stack-pages.h"
#include "ui/window/page-factory.h"

/**
 * IssConsoleWindow:
 *
 * The console. The scope tree's selection is what the window shows: the result
 * pane holds one page a node, made when it is first shown. Title, status bar,
 * action pane, Action menu and context menu are all drawn from that page.
 */

/* After File; see console-window.ui. */
#define ACTION_MENU 1
#define VIEW_MENU 2

enum
{
  PROP_WORKSPACE = 1,
  PROP_SHOW_ACTION_PANE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssConsoleWindow, iss_console_window, GTK_TYPE_APPLICATION_WINDOW)

static void
update_title (IssConsoleWindow *self)
{
  IssScopeNode *node = iss_console_window_get_node (self);
  g_autofree char *page_title = self->page != NULL ? iss_page_dup_title (self->page) : NULL;
  g_autofree char *title = NULL;

  if (page_title == NULL && node != NULL)
    page_title = g_strdup (iss_scope_node_get_label (node));

  /* Translators: the window's title: what is shown, then the program's name */
  title = page_title != NULL ? g_strdup_printf (_("%s – Issuant"), page_title)
                             : g_strdup ("Issuant");
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
update_actions_menu (IssConsoleWindow *self)
{
  g_autoptr(GMenuModel) menu = self->page != NULL ? iss_page_dup_actions (self->page) : NULL;

  g_menu_remove_all (self->action_menu);

  for (int i = 0; menu != NULL && i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new_from_model (menu, i);

      g_menu_append_item (self->action_menu, item);
    }

  iss_console_window_changes_append_undo (self, self->action_menu);
  iss_action_pane_set_menu (self->action_pane, menu);
  gtk_widget_set_visible (self->side, self->show_action_pane && menu != NULL);
}

static void
page_changed_cb (IssConsoleWindow *self)
{
  g_autofree char *status = self->page != NULL ? iss_page_dup_status (self->page) : NULL;

  update_title (self);
  iss_status_bar_set_text (self->status_bar, status);
  update_actions_menu (self);
  iss_console_window_actions_update (self);
}

static void
set_page (IssConsoleWindow *self,
          IssPage          *page)
{
  GActionGroup *group = page != NULL ? iss_page_get_action_group (page) : NULL;

  if (self->page == page)
    return;

  if (self->page != NULL)
    g_signal_handlers_disconnect_by_func (self->page, page_changed_cb, self);

  self->page = page;
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", group);
  gtk_editable_set_text (self->search_entry, "");

  if (page != NULL)
    {
      if (iss_page_can_filter (page))
        iss_page_set_filter (page, "");
      g_signal_connect_swapped (page, "changed", G_CALLBACK (page_changed_cb), self);
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
      iss_page_refresh (page);
    }

  page_changed_cb (self);
}

static void
drop_pages (IssConsoleWindow *self)
{
  GHashTableIter iter;
  gpointer page;

  set_page (self, NULL);

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, NULL, &page))
    gtk_stack_remove (self->stack, page);

  g_hash_table_remove_all (self->pages);
}

static void
update_pool (IssConsoleWindow *self)
{
  IssPool *pool = iss_console_window_get_pool (self);

  if (pool == self->pool && pool != NULL)
    return;

  if (self->pool != NULL)
    g_signal_handlers_disconnect_by_func (self->pool, iss_console_window_banner_update, self);

  g_set_object (&self->pool, pool);

  if (pool != NULL)
    g_signal_connect_swapped (pool, "changed", G_CALLBACK (iss_console_window_banner_update), self);

  iss_console_window_banner_update (self);
}

static IssPage *
ensure_page (IssConsoleWindow *self,
             IssScopeNode     *node)
{
  const char *path = iss_scope_node_get_path (node);
  IssPage *page = g_hash_table_lookup (self->pages, path);

  if (page == NULL)
    {
      page = iss_page_factory_make (node);
      if (ISS_IS_STORE_PAGE (page))
        iss_certificate_list_set_columns (iss_store_page_get_list (ISS_STORE_PAGE (page)),
                                          self->columns);
      gtk_stack_add_child (self->stack, GTK_WIDGET (page));
      g_hash_table_insert (self->pages, g_strdup (path), page);
    }

  return page;
}

static void
show_node (IssConsoleWindow *self,
           IssScopeNode     *node)
{
  if (!self->moving)
    iss_history_visit (self->history, iss_scope_node_get_path (node));

  set_page (self, ensure_page (self, node));
  update_pool (self);
  iss_console_window_actions_update (self);
}

static void
selected_changed_cb (IssScopeTree *tree,
                     GParamSpec   *pspec,
                     gpointer      user_data)
{
  IssConsoleWindow *self = user_data;
  IssScopeNode *node = iss_scope_tree_get_selected (tree);

  if (node != NULL && self->root_node != NULL)
    show_node (self, node);
}

/* A page of a server that was removed shows what is no more. */
static void
forget_lost_pages (IssConsoleWindow *self)
{
  GHashTableIter iter;
  gpointer path;
  gpointer page;

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &path, &page))
    {
      if (iss_scope_node_find (self->root_node, path) != NULL)
        continue;

      if (self->page == page)
        set_page (self, NULL);
      gtk_stack_remove (self->stack, page);
      g_hash_table_iter_remove (&iter);
    }
}

static void
looked_again_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(IssConsoleWindow) self = user_data;

  if (iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL))
    iss_console_window_actions_update (self);
}

/* Whether some server was not asked about something that another one has. */
static gboolean
is_unasked (IssPool   *pool,
            GPtrArray *asked)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      IssObservation *observation = iss_server_get_observation (server);

      if (observation == NULL || !iss_server_is_answering (server))
        continue;

      for (guint j = 0; j < asked->len; j++)
        {
          const guint8 *sha256 = g_bytes_get_data (g_ptr_array_index (asked, j), NULL);

          if (iss_observation_find_certificate (observation, sha256) == NULL)
            return TRUE;
        }
    }

  return FALSE;
}

/* A look fails only when it is cancelled: each server keeps its own error. The
 * first one tells what is meant for the pool; the second, who has it. */
static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssConsoleWindow) self = user_data;
  IssPool *pool = ISS_POOL (object);
  g_autoptr(GPtrArray) asked = NULL;

  if (!iss_pool_look_finish (pool, result, NULL, NULL))
    return;

  asked = iss_asked_find (pool);
  if (is_unasked (pool, asked))
    iss_pool_look_async (pool, asked, self->cancellable, looked_again_cb, g_object_ref (self));
  else
    iss_console_window_actions_update (self);
}

/* In the private header, because a verb looks, too. */
void
iss_console_window_look (IssConsoleWindow *self,
                         IssPool          *pool)
{
  g_autoptr(GPtrArray) asked = iss_asked_find (pool);

  iss_pool_look_async (pool, asked, self->cancellable, looked_cb, g_object_ref (self));
}

static void
pools_changed_cb (GListModel       *pools,
                  guint             position,
                  guint             n_removed,
                  guint             n_added,
                  IssConsoleWindow *self)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(IssPool) pool = g_list_model_get_item (pools, position + i);

      iss_console_window_look (self, pool);
      iss_central_desk_get_service (iss_central_desk_get (self->workspace), pool);
    }

  /* The first pool of all: its overview is the first page. */
  if (n_added > n_removed && n_added == iss_workspace_get_n_pools (self->workspace))
    iss_scope_tree_select (self->tree,
                           iss_pool_get_name (iss_workspace_get_pool (self->workspace, 0)));

  forget_lost_pages (self);
  update_pool (self);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   gpointer        user_data)
{
  IssConsoleWindow *self = user_data;

  if (self->page != NULL && iss_page_can_filter (self->page))
    iss_page_set_filter (self->page, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
stop_search_cb (GtkSearchEntry *entry,
                gpointer        user_data)
{
  IssConsoleWindow *self = user_data;

  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  if (self->page != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

static void
search_activate_cb (GtkSearchEntry *entry,
                    gpointer        user_data)
{
  IssConsoleWindow *self = user_data;

  if (self->page != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

static void
context_closed_cb (GtkPopover *popover,
                   gpointer    user_data)
{
  IssConsoleWindow *self = user_data;

  if (self->context_menu == GTK_WIDGET (popover))
    self->context_menu = NULL;

  /* The item's action runs after the menu closes, and needs its parent. */
  g_idle_add_once ((GSourceOnceFunc) gtk_widget_unparent, popover);
}

/* In the private header, because a key opens the menu, too. Without a @parent
 * it opens over the page. */
void
iss_console_window_popup_menu (IssConsoleWindow *self,
                               GtkWidget        *parent,
                               double            x,
                               double            y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);
  GdkRectangle at = { 0, 0, 1, 1 };

  if (parent == NULL)
    parent = GTK_WIDGET (self->stack);

  if (g_menu_model_get_n_items (G_MENU_MODEL (self->action_menu)) == 0 ||
      self->context_menu != NULL)
    return;

  self->context_menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (self->action_menu));

  /* Below a box, because only a layout manager gives popovers their place. */
  gtk_widget_set_parent (self->context_menu, self->root);
  if (gtk_widget_compute_point (parent, self->root, &point, &point))
    {
      at.x = (int) point.x;
      at.y = (int) point.y;
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->context_menu), &at);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->context_menu), FALSE);
  gtk_widget_set_halign (self->context_menu, GTK_ALIGN_START);
  g_signal_connect (self->context_menu, "closed", G_CALLBACK (context_closed_cb), self);
  gtk_popover_popup (GTK_POPOVER (self->context_menu));
}

/* A heading may have a menu of its own. */
static gboolean
is_in_heading (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *parent = gtk_widget_get_parent (widget);

      if (parent != NULL && GTK_IS_COLUMN_VIEW (parent))
        return gtk_widget_get_first_child (parent) == widget;
    }

  return FALSE;
}

static void
context_click_cb (GtkGestureClick *gesture,
                  int              n_press,
                  double           x,
                  double           y,
                  gpointer         user_data)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  if (!is_in_heading (gtk_widget_pick (widget, x, y, GTK_PICK_DEFAULT)))
    iss_console_window_popup_menu (ISS_CONSOLE_WINDOW (user_data), widget, x, y);
}

static void
iss_console_window_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;

    case PROP_SHOW_ACTION_PANE:
      g_value_set_boolean (value, self->show_action_pane);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_console_window_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      iss_console_window_set_workspace (self, g_value_get_object (value));
      break;

    case PROP_SHOW_ACTION_PANE:
      if (self->show_action_pane != g_value_get_boolean (value))
        {
          self->show_action_pane = g_value_get_boolean (value);
          update_actions_menu (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_console_window_dispose (GObject *object)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);

  if (self->pages != NULL)
    drop_pages (self);
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  if (self->pool != NULL)
    g_signal_handlers_disconnect_by_data (self->pool, self);

  g_clear_object (&self->root_node);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->pages, g_hash_table_unref);

  /* No gtk_widget_dispose_template (): a window removes its child by itself. */
  G_OBJECT_CLASS (iss_console_window_parent_class)->dispose (object);
}

static void
iss_console_window_finalize (GObject *object)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (object);

  g_clear_object (&self->action_menu);
  g_clear_object (&self->columns);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->history, iss_history_free);

  G_OBJECT_CLASS (iss_console_window_parent_class)->finalize (object);
}

static void
iss_console_window_class_init (IssConsoleWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_console_window_get_property;
  object_class->set_property = iss_console_window_set_property;
  object_class->dispose = iss_console_window_dispose;
  object_class->finalize = iss_console_window_finalize;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, ISS_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOW_ACTION_PANE] =
    g_param_spec_boolean ("show-action-pane", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (ISS_TYPE_ACTION_PANE);
  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_SCOPE_TREE);
  g_type_ensure (ISS_TYPE_STATUS_BAR);
  g_type_ensure (ISS_TYPE_UNDO_BAR);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/window/console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, root);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, menu_bar);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, tree);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, side);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, action_pane);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, undo_bar);
  gtk_widget_class_bind_template_child (widget_class, IssConsoleWindow, status_bar);
  gtk_widget_class_bind_template_callback (widget_class, selected_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, context_click_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);

  iss_console_window_actions_install (widget_class);
}

/* Not bound as the widgets are: gtk_widget_dispose_template () takes everything
 * bound for a widget. */
static GMenu *
dup_menu (IssConsoleWindow *self,
          int               which)
{
  GMenuModel *menu = gtk_popover_menu_bar_get_menu_model (self->menu_bar);

  return G_MENU (g_menu_model_get_item_link (menu, which, G_MENU_LINK_SUBMENU));
}

static void
add_columns_menu (IssConsoleWindow *self)
{
  g_autoptr(GMenu) view_menu = dup_menu (self, VIEW_MENU);
  g_autoptr(GMenu) section = g_menu_new ();

  g_menu_append_submenu (section, _("_Columns"), iss_column_choice_get_menu (self->columns));
  g_menu_append_section (view_menu, NULL, G_MENU_MODEL (section));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "column",
                                  iss_column_choice_get_action_group (self->columns));
}

/* In capture, because GtkPaned has its own idea of F6. */
static void
add_pane_keys (IssConsoleWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F6, 0),
                      gtk_named_action_new ("console.next-pane")));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F6, GDK_SHIFT_MASK),
                      gtk_named_action_new ("console.previous-pane")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
iss_console_window_init (IssConsoleWindow *self)
{
  self->show_action_pane = TRUE;
  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->history = iss_history_new ();
  self->columns = iss_column_choice_new ();
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_stack_pages_tell (self->stack);
  self->action_menu = dup_menu (self, ACTION_MENU);
  add_columns_menu (self);
  add_pane_keys (self);
  iss_console_window_actions_update (self);
}

/**
 * iss_console_window_new:
 * @application: (nullable): the program; may be left out in tests
 *
 * Returns: (transfer none): a window, which GTK owns as any toplevel
 */
GtkWidget *
iss_console_window_new (GtkApplication *application)
{
  return g_object_new (ISS_TYPE_CONSOLE_WINDOW, "application", application, NULL);
}

/**
 * iss_console_window_get_workspace:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): what it works with
 */
IssWorkspace *
iss_console_window_get_workspace (IssConsoleWindow *self)
{
  g_return_val_if_fail (ISS_IS_CONSOLE_WINDOW (self), NULL);

  return self->workspace;
}

/**
 * iss_console_window_set_workspace:
 * @self: a window
 * @workspace: (nullable): what it shall work with
 *
 * Shows the first pool's page, or the root's where there is no pool, and looks
 * at every server.
 */
void
iss_console_window_set_workspace (IssConsoleWindow *self,
                                  IssWorkspace     *workspace)
{
  g_return_if_fail (ISS_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (workspace == NULL || ISS_IS_WORKSPACE (workspace));

  if (self->workspace == workspace && self->root_node != NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_func (self->workspace, pools_changed_cb, self);

  drop_pages (self);
  iss_history_clear (self->history);
  g_set_object (&self->workspace, workspace);
  g_clear_object (&self->root_node);
  self->failed = FALSE;

  self->moving = TRUE;
  self->root_node = iss_scope_node_new_root (workspace);
  iss_scope_tree_set_root (self->tree, self->root_node);
  self->moving = FALSE;

  if (workspace != NULL)
    {
      /* After the tree's own handler, so that the nodes are there. */
      g_signal_connect (workspace, "items-changed", G_CALLBACK (pools_changed_cb), self);

      /* Before a page is shown, which would look by itself. */
      for (guint i = 0; i < iss_workspace_get_n_pools (workspace); i++)
        iss_console_window_look (self, iss_workspace_get_pool (workspace, i));

      /* For as long as the console runs, if anything was ever decided here. */
      for (guint i = 0; i < iss_workspace_get_n_pools (workspace); i++)
        iss_central_desk_get_service (iss_central_desk_get (workspace),
                                      iss_workspace_get_pool (workspace, i));

      if (iss_workspace_get_n_pools (workspace) > 0)
        iss_scope_tree_select (self->tree,
                               iss_pool_get_name (iss_workspace_get_pool (workspace, 0)));
    }

  if (iss_console_window_get_node (self) != NULL)
    show_node (self, iss_console_window_get_node (self));

  update_pool (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

/**
 * iss_console_window_remember:
 * @self: a window
 * @path: of a file, which need not be there
 *
 * Keeps what the administrator chooses to see in a file, and shows what was chosen before.
 */
void
iss_console_window_remember (IssConsoleWindow *self,
                             const char       *path)
{
  g_return_if_fail (ISS_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (path != NULL);

  iss_column_choice_remember (self->columns, path);
}

/**
 * iss_console_window_set_waiting:
 * @self: a window
 * @what: (nullable): what is being done, such as "Making the demo pool…";
 *   %NULL when it is over
 *
 * Shows a spinner instead of a page.
 */
void
iss_console_window_set_waiting (IssConsoleWindow *self,
                                const char       *what)
{
  g_return_if_fail (ISS_IS_CONSOLE_WINDOW (self));

  gtk_spinner_set_spinning (self->spinner, what != NULL);
  gtk_label_set_label (self->waiting_label, what != NULL ? what : "");

  if (what != NULL)
    {
      set_page (self, NULL);
      gtk_stack_set_visible_child_name (self->stack, "waiting");
    }
  else if (iss_console_window_get_node (self) != NULL)
    {
      show_node (self, iss_console_window_get_node (self));
    }
}

/**
 * iss_console_window_say_error:
 * @self: a window
 * @lead: what could not be done, a sentence
 * @error: why
 *
 * Says it in the banner, where it stays until another workspace is opened.
 */
void
iss_console_window_say_error (IssConsoleWindow *self,
                              const char       *lead,
                              const GError     *error)
{
  g_autofree char *rest = NULL;

  g_return_if_fail (ISS_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (lead != NULL && error != NULL);

  rest = g_strconcat (error->message, ".", NULL);
  iss_banner_say (self->banner, ISS_BANNER_ERROR, lead, rest);
  self->failed = TRUE;
}

/**
 * iss_console_window_show_path:
 * @self: a window
 * @path: the path of a node
 *
 * Returns: %FALSE if there is no such node
 */
gboolean
iss_console_window_show_path (IssConsoleWindow *self,
                              const char       *path)
{
  g_return_val_if_fail (ISS_IS_CONSOLE_WINDOW (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return iss_scope_tree_select (self->tree, path);
}

/**
 * iss_console_window_get_node:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the node whose page is shown
 */
IssScopeNode *
iss_console_window_get_node (IssConsoleWindow *self)
{
  g_return_val_if_fail (ISS_IS_CONSOLE_WINDOW (self), NULL);

  return self->root_node != NULL ? iss_scope_tree_get_selected (self->tree) : NULL;
}

/**
 * iss_console_window_get_page:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the page shown
 */
IssPage *
iss_console_window_get_page (IssConsoleWindow *self)
{
  g_return_val_if_fail (ISS_IS_CONSOLE_WINDOW (self), NULL);

  return self->page;
}

/**
 * iss_console_window_get_pool:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the pool that what is shown belongs to;
 *   at the root, the only pool there is
 */
IssPool *
iss_console_window_get_pool (IssConsoleWindow *self)
{
  IssScopeNode *node = iss_console_window_get_node (self);
  IssPool *pool = node != NULL ? iss_scope_node_get_pool (node) : NULL;

  if (pool == NULL && self->workspace != NULL && iss_workspace_get_n_pools (self->workspace) == 1)
    pool = iss_workspace_get_pool (self->workspace, 0);

  return pool;
}
