/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-node.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/pool/presence.h"

/**
 * IssScopeNode:
 *
 * A node of the scope tree.
 *
 * A node owns its children and borrows its parent, and stands for the same
 * thing as long as it lives, so the window may keep a page by its node. What is
 * said of it is worked out anew whenever its pool or server says "changed".
 */
struct _IssScopeNode
{
  GObject        parent_instance;

  IssScopeKind   kind;
  IssStoreName   store;

  /* Borrowed References */
  IssScopeNode  *parent;           /* weak */

  /* Owned References */
  IssWorkspace  *workspace;
  IssPool       *pool;
  IssServer     *server;
  GListStore    *children;
  /* of pools or of servers, whose nodes come after the fixed ones */
  GListModel    *watched;
  guint          n_fixed;

  char          *path;
  char          *label;
  const char    *icon_name;
  char          *indicator;
  const char    *indicator_icon;
  const char    *indicator_class;
  char          *tooltip;
  gboolean       busy;
};

enum
{
  PROP_LABEL = 1,
  PROP_ICON_NAME,
  PROP_INDICATOR,
  PROP_INDICATOR_ICON,
  PROP_INDICATOR_CLASS,
  PROP_TOOLTIP,
  PROP_BUSY,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssScopeNode, iss_scope_node, G_TYPE_OBJECT)

static void
iss_scope_node_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  IssScopeNode *self = ISS_SCOPE_NODE (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;

    case PROP_INDICATOR:
      g_value_set_string (value, self->indicator);
      break;

    case PROP_INDICATOR_ICON:
      g_value_set_string (value, self->indicator_icon);
      break;

    case PROP_INDICATOR_CLASS:
      g_value_set_string (value, self->indicator_class);
      break;

    case PROP_TOOLTIP:
      g_value_set_string (value, self->tooltip);
      break;

    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_scope_node_dispose (GObject *object)
{
  IssScopeNode *self = ISS_SCOPE_NODE (object);

  if (self->watched != NULL)
    g_signal_handlers_disconnect_by_data (self->watched, self);
  if (self->pool != NULL)
    g_signal_handlers_disconnect_by_data (self->pool, self);
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);

  g_clear_weak_pointer (&self->parent);
  g_clear_object (&self->children);
  g_clear_object (&self->watched);
  g_clear_object (&self->server);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (iss_scope_node_parent_class)->dispose (object);
}

static void
iss_scope_node_finalize (GObject *object)
{
  IssScopeNode *self = ISS_SCOPE_NODE (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->indicator, g_free);
  g_clear_pointer (&self->tooltip, g_free);

  G_OBJECT_CLASS (iss_scope_node_parent_class)->finalize (object);
}

static void
iss_scope_node_class_init (IssScopeNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = iss_scope_node_get_property;
  object_class->dispose = iss_scope_node_dispose;
  object_class->finalize = iss_scope_node_finalize;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_INDICATOR] = g_param_spec_string ("indicator", NULL, NULL, "", flags);
  properties[PROP_INDICATOR_ICON] =
    g_param_spec_string ("indicator-icon", NULL, NULL, NULL, flags);
  properties[PROP_INDICATOR_CLASS] =
    g_param_spec_string ("indicator-class", NULL, NULL, NULL, flags);
  properties[PROP_TOOLTIP] = g_param_spec_string ("tooltip", NULL, NULL, NULL, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IssScopeNode::changed:
   *
   * What is said of the node is different now.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_SCOPE_NODE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_scope_node_init (IssScopeNode *self)
{
  self->label = g_strdup ("");
  self->indicator = g_strdup ("");
}

static void
set_string (IssScopeNode  *self,
            char         **field,
            char          *value,
            guint          prop_id)
{
  if (g_strcmp0 (*field, value) == 0)
    {
      g_free (value);
      return;
    }

  g_free (*field);
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_static_string (IssScopeNode  *self,
                   const char   **field,
                   const char    *value,
                   guint          prop_id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_busy (IssScopeNode *self,
          gboolean      busy)
{
  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* How many of the pool's slots are not as agreed, on however many servers. */
static guint
count_worries (IssPresence *presence)
{
  guint n_worries = 0;

  for (guint column = 0; column < iss_presence_get_n_columns (presence); column++)
    {
      const IssPresenceColumn *head = iss_presence_get_column (presence, column);
      gboolean worry = FALSE;

      for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
        {
          const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);

          if (head->slot == ISS_SLOT_CURRENT && cell->verdict != ISS_VERDICT_AGREES &&
              (head->pool_wide || cell->verdict == ISS_VERDICT_EXPIRED))
            worry = TRUE;
        }

      if (worry)
        n_worries++;
    }

  /* The verdict line knows of more than the matrix shows, such as nothing agreed. */
  if (n_worries == 0 && !iss_presence_is_good (presence))
    n_worries = 1;

  return n_worries;
}

static void
update_presence (IssScopeNode *self)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssPresence) presence = NULL;
  guint n_worries;

  if (iss_pool_get_n_servers (self->pool) == 0)
    return;

  presence = iss_presence_new (self->pool, NULL,
                               iss_clock_now (iss_pool_get_clock (self->pool)), zone);
  n_worries = iss_presence_get_seen_at (presence) != 0 ? count_worries (presence) : 0;

  set_static_string (self, &self->indicator_icon,
                     n_worries > 0 ? "iss-state-different-symbolic" : NULL, PROP_INDICATOR_ICON);
  set_static_string (self, &self->indicator_class,
                     n_worries > 0 ? "warning" : NULL, PROP_INDICATOR_CLASS);
  set_string (self, &self->indicator,
              n_worries > 0 ? g_strdup_printf ("%u", n_worries) : g_strdup (""), PROP_INDICATOR);
  set_string (self, &self->tooltip, g_strdup (iss_presence_get_verdict (presence)), PROP_TOOLTIP);
}

/* The state in words, and what ssh or the agent said. */
static char *
dup_server_tooltip (IssServer *server)
{
  g_autofree char *text = iss_server_dup_state_text (server);
  const GError *error = iss_server_get_error (server);

  if (error == NULL || strstr (text, error->message) != NULL)
    return g_steal_pointer (&text);

  return g_strdup_printf ("%s\n%s", text, error->message);
}

static void
update_server (IssScopeNode *self)
{
  IssServerState state = iss_server_get_state (self->server);
  const char *icon_name = "iss-server-off-symbolic";
  const char *indicator_icon = "window-close-symbolic";
  const char *indicator_class = "error";

  switch (state)
    {
    case ISS_SERVER_STATE_NEW:
    case ISS_SERVER_STATE_CONNECTING:
      icon_name = "iss-server-symbolic";
      indicator_icon = state == ISS_SERVER_STATE_NEW ? "iss-state-unknown-symbolic" : NULL;
      indicator_class = "dim-label";
      break;

    case ISS_SERVER_STATE_READY:
      icon_name = "iss-server-symbolic";
      indicator_icon = "iss-state-published-symbolic";
      indicator_class = "success";
      break;

    case ISS_SERVER_STATE_UNREACHABLE:
    case ISS_SERVER_STATE_LOGIN:
    case ISS_SERVER_STATE_HOST_KEY_UNKNOWN:
    case ISS_SERVER_STATE_HOST_KEY_CHANGED:
    case ISS_SERVER_STATE_NO_AGENT:
    case ISS_SERVER_STATE_PROTOCOL:
    case ISS_SERVER_STATE_NOT_OWNER:
    case ISS_SERVER_STATE_FAILED:
      break;
    }

  set_static_string (self, &self->icon_name, icon_name, PROP_ICON_NAME);
  set_static_string (self, &self->indicator_icon, indicator_icon, PROP_INDICATOR_ICON);
  set_static_string (self, &self->indicator_class, indicator_class, PROP_INDICATOR_CLASS);
  set_string (self, &self->tooltip, dup_server_tooltip (self->server), PROP_TOOLTIP);
  set_busy (self, state == ISS_SERVER_STATE_CONNECTING);
}

static void
update (IssScopeNode *self)
{
  switch (self->kind)
    {
    case ISS_SCOPE_KIND_PRESENCE:
      update_presence (self);
      break;

    case ISS_SCOPE_KIND_SERVER:
      update_server (self);
      break;

    case ISS_SCOPE_KIND_ROOT:
    case ISS_SCOPE_KIND_POOL:
    case ISS_SCOPE_KIND_ASSIGNMENTS:
    case ISS_SCOPE_KIND_REPLICATION:
    case ISS_SCOPE_KIND_CERTIFICATES:
    case ISS_SCOPE_KIND_STORE:
    case ISS_SCOPE_KIND_TASKS:
    case ISS_SCOPE_KIND_EVENT_LOG:
    case ISS_N_SCOPE_KINDS:
      break;
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static IssScopeNode *
new_node (IssScopeKind  kind,
          IssScopeNode *parent,
          IssWorkspace *workspace,
          IssPool      *pool,
          IssServer    *server,
          const char   *label,
          const char   *icon_name,
          char         *path)
{
  IssScopeNode *self = g_object_new (ISS_TYPE_SCOPE_NODE, NULL);

  self->kind = kind;
  g_set_weak_pointer (&self->parent, parent);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->pool, pool);
  g_set_object (&self->server, server);
  g_free (self->label);
  self->label = g_strdup (label);
  self->icon_name = icon_name;
  self->path = path;

  return self;
}

/* Takes @child. */
static void
add_fixed (IssScopeNode *self,
           IssScopeNode *child)
{
  if (self->children == NULL)
    self->children = g_list_store_new (ISS_TYPE_SCOPE_NODE);

  g_list_store_append (self->children, child);
  self->n_fixed++;
  g_object_unref (child);
}

static IssScopeNode *
new_assignments (IssScopeNode *parent)
{
  return new_node (ISS_SCOPE_KIND_ASSIGNMENTS, parent, parent->workspace, parent->pool,
                   parent->server, _("Assignments"), "iss-assignment-symbolic",
                   g_strconcat (parent->path, "/assignments", NULL));
}

static IssScopeNode *
new_certificates (IssScopeNode *server_node)
{
  IssScopeNode *self = new_node (ISS_SCOPE_KIND_CERTIFICATES, server_node,
                                 server_node->workspace, server_node->pool, server_node->server,
                                 _("Certificates"), "iss-certificate-symbolic",
                                 g_strconcat (server_node->path, "/certificates", NULL));

  for (IssStoreName store = 0; store < ISS_N_STORES; store++)
    {
      IssScopeNode *child = new_node (ISS_SCOPE_KIND_STORE, self,
                                      self->workspace, self->pool, self->server,
                                      iss_store_name_get_label (store), "iss-store-symbolic",
                                      g_strconcat (self->path, "/",
                                                   iss_store_name_get_nick (store), NULL));

      child->store = store;
      add_fixed (self, child);
    }

  return self;
}

static IssScopeNode *
new_server (IssScopeNode *pool_node,
            IssServer    *server)
{
  g_autofree char *label = iss_server_dup_short_name (server);
  IssScopeNode *self = new_node (ISS_SCOPE_KIND_SERVER, pool_node,
                                 pool_node->workspace, pool_node->pool, server,
                                 label, "iss-server-symbolic",
                                 g_strconcat (pool_node->path, "/",
                                              iss_server_get_name (server), NULL));

  add_fixed (self, new_certificates (self));
  add_fixed (self, new_assignments (self));
  add_fixed (self, new_node (ISS_SCOPE_KIND_TASKS, self, self->workspace, self->pool, server,
                             _("Scheduled Tasks"), "iss-task-symbolic",
                             g_strconcat (self->path, "/tasks", NULL)));
  add_fixed (self, new_node (ISS_SCOPE_KIND_EVENT_LOG, self, self->workspace, self->pool, server,
                             _("Event Log"), "iss-log-symbolic",
                             g_strconcat (self->path, "/event-log", NULL)));
  g_signal_connect_swapped (server, "changed", G_CALLBACK (update), self);
  update (self);

  return self;
}

static void
servers_changed_cb (GListModel   *servers,
                    guint         position,
                    guint         n_removed,
                    guint         n_added,
                    IssScopeNode *self)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(IssServer) server = g_list_model_get_item (servers, position + i);

      g_ptr_array_add (added, new_server (self, server));
    }

  g_list_store_splice (self->children, self->n_fixed + position, n_removed,
                       added->pdata, added->len);
}

static IssScopeNode *
new_pool (IssScopeNode *root,
          IssWorkspace *workspace,
          IssPool      *pool)
{
  IssScopeNode *self = new_node (ISS_SCOPE_KIND_POOL, root, workspace, pool, NULL,
                                 iss_pool_get_name (pool), "iss-pool-symbolic",
                                 g_strdup (iss_pool_get_name (pool)));
  IssScopeNode *presence = new_node (ISS_SCOPE_KIND_PRESENCE, self, workspace, pool, NULL,
                                     _("Presence"), "iss-presence-symbolic",
                                     g_strconcat (self->path, "/presence", NULL));

  add_fixed (self, new_assignments (self));
  g_signal_connect_swapped (pool, "changed", G_CALLBACK (update), presence);
  update (presence);
  add_fixed (self, presence);
  add_fixed (self, new_node (ISS_SCOPE_KIND_REPLICATION, self, workspace, pool, NULL,
                             _("Replication"), "iss-replication-symbolic",
                             g_strconcat (self->path, "/replication", NULL)));

  self->watched = g_object_ref (G_LIST_MODEL (pool));
  g_signal_connect (pool, "items-changed", G_CALLBACK (servers_changed_cb), self);
  servers_changed_cb (self->watched, 0, 0, g_list_model_get_n_items (self->watched), self);

  return self;
}

static void
pools_changed_cb (GListModel   *pools,
                  guint         position,
                  guint         n_removed,
                  guint         n_added,
                  IssScopeNode *self)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(IssPool) pool = g_list_model_get_item (pools, position + i);

      g_ptr_array_add (added, new_pool (self, self->workspace, pool));
    }

  g_list_store_splice (self->children, self->n_fixed + position, n_removed,
                       added->pdata, added->len);
}

/**
 * iss_scope_node_new_root:
 * @workspace: (nullable): whose pools it shows; %NULL when there is none yet
 *
 * Returns: (transfer full): the Console Root
 */
IssScopeNode *
iss_scope_node_new_root (IssWorkspace *workspace)
{
  IssScopeNode *self = new_node (ISS_SCOPE_KIND_ROOT, NULL, workspace, NULL, NULL,
                                 _("Console Root"), "iss-console-symbolic", g_strdup (""));

  self->children = g_list_store_new (ISS_TYPE_SCOPE_NODE);

  if (workspace != NULL)
    {
      self->watched = g_object_ref (G_LIST_MODEL (workspace));
      g_signal_connect (workspace, "items-changed", G_CALLBACK (pools_changed_cb), self);
      pools_changed_cb (self->watched, 0, 0, g_list_model_get_n_items (self->watched), self);
    }

  return self;
}

/**
 * iss_scope_node_new_pool:
 * @workspace: (nullable): whose pool it is; may be left out in tests
 * @pool: a pool
 *
 * Returns: (transfer full): the node of @pool, without a parent
 */
IssScopeNode *
iss_scope_node_new_pool (IssWorkspace *workspace,
                         IssPool      *pool)
{
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  return new_pool (NULL, workspace, pool);
}

IssScopeKind
iss_scope_node_get_kind (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), ISS_SCOPE_KIND_ROOT);

  return self->kind;
}

/**
 * iss_scope_node_get_parent:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): the node above it
 */
IssScopeNode *
iss_scope_node_get_parent (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->parent;
}

/**
 * iss_scope_node_get_workspace:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): the workspace it was made for
 */
IssWorkspace *
iss_scope_node_get_workspace (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->workspace;
}

/**
 * iss_scope_node_get_pool:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): its pool; %NULL for the Console Root
 */
IssPool *
iss_scope_node_get_pool (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->pool;
}

/**
 * iss_scope_node_get_server:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): its server, where it belongs to one
 */
IssServer *
iss_scope_node_get_server (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->server;
}

/**
 * iss_scope_node_get_store:
 * @self: a node of kind %ISS_SCOPE_KIND_STORE
 *
 * Returns: its store
 */
IssStoreName
iss_scope_node_get_store (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), ISS_STORE_MY);

  return self->store;
}

/**
 * iss_scope_node_get_path:
 * @self: a node
 *
 * Returns: (transfer none): its place in the tree, such as
 *   "pool01.contoso.example/presence"; "" for the Console Root
 */
const char *
iss_scope_node_get_path (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->path;
}

const char *
iss_scope_node_get_label (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->label;
}

const char *
iss_scope_node_get_icon_name (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->icon_name;
}

/**
 * iss_scope_node_get_indicator:
 * @self: a node
 *
 * Returns: (transfer none): what stands at the end of its line, such as the
 *   number of worries; "" for nothing
 */
const char *
iss_scope_node_get_indicator (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->indicator;
}

const char *
iss_scope_node_get_indicator_icon (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->indicator_icon;
}

const char *
iss_scope_node_get_indicator_class (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->indicator_class;
}

/**
 * iss_scope_node_get_tooltip:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): one sentence about its state, for the
 *   tooltip and for screen readers
 */
const char *
iss_scope_node_get_tooltip (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->tooltip;
}

gboolean
iss_scope_node_is_busy (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), FALSE);

  return self->busy;
}

/**
 * iss_scope_node_get_children:
 * @self: a node
 *
 * Returns: (transfer none) (nullable): the nodes below it, of #IssScopeNode;
 *   %NULL for a leaf
 */
GListModel *
iss_scope_node_get_children (IssScopeNode *self)
{
  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);

  return self->children != NULL ? G_LIST_MODEL (self->children) : NULL;
}

/**
 * iss_scope_node_find:
 * @self: where to begin
 * @path: the path of a node
 *
 * Returns: (transfer none) (nullable): @self or the node below it at @path
 */
IssScopeNode *
iss_scope_node_find (IssScopeNode *self,
                     const char   *path)
{
  guint n_children;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  if (g_str_equal (self->path, path))
    return self;

  n_children = self->children != NULL
             ? g_list_model_get_n_items (G_LIST_MODEL (self->children)) : 0;

  for (guint i = 0; i < n_children; i++)
    {
      g_autoptr(IssScopeNode) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);
      gsize length = strlen (child->path);

      if (strncmp (child->path, path, length) == 0 && (path[length] == '/' || path[length] == 0))
        return iss_scope_node_find (child, path);
    }

  return NULL;
}
