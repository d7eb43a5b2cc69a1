/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/workspace.h"

#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/pool/last-seen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IssWorkspace:
 *
 * Everything one administrator works with.
 *
 * The topology file is the truth about pools and servers: a change is made in a
 * fresh copy of it, written, and only then taken over in memory.
 */
struct _IssWorkspace
{
  GObject       parent_instance;

  char         *path;
  char         *cache_folder;   /* (nullable) */
  IssLaunch    *launch;
  IssClock     *clock;
  IssTopology  *topology;
  GPtrArray    *pools;          /* (element-type IssPool) */
};

static GType
iss_workspace_get_item_type (GListModel *model)
{
  return ISS_TYPE_POOL;
}

static guint
iss_workspace_get_n_items (GListModel *model)
{
  return ISS_WORKSPACE (model)->pools->len;
}

static gpointer
iss_workspace_get_item (GListModel *model,
                        guint       position)
{
  IssWorkspace *self = ISS_WORKSPACE (model);

  if (position >= self->pools->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->pools, position));
}

static void
iss_workspace_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = iss_workspace_get_item_type;
  iface->get_n_items = iss_workspace_get_n_items;
  iface->get_item = iss_workspace_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssWorkspace, iss_workspace, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      iss_workspace_list_model_init))

/* A server shows something new: keep it for the next run. What cannot be kept
 * only costs ages, so nobody is told. */
static void
server_changed_cb (IssServer    *server,
                   IssWorkspace *self)
{
  IssServerState state = iss_server_get_state (server);

  if (self->cache_folder != NULL && state != ISS_SERVER_STATE_CONNECTING &&
      state != ISS_SERVER_STATE_NEW)
    iss_last_seen_save (self->cache_folder, server, NULL);
}

static void
forget_server (IssWorkspace *self,
               IssServer    *server)
{
  g_signal_handlers_disconnect_by_data (server, self);
}

static void
iss_workspace_dispose (GObject *object)
{
  IssWorkspace *self = ISS_WORKSPACE (object);

  for (guint i = 0; i < self->pools->len; i++)
    {
      IssPool *pool = g_ptr_array_index (self->pools, i);

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        forget_server (self, iss_pool_get_server (pool, k));
    }
  g_ptr_array_set_size (self->pools, 0);

  G_OBJECT_CLASS (iss_workspace_parent_class)->dispose (object);
}

static void
iss_workspace_finalize (GObject *object)
{
  IssWorkspace *self = ISS_WORKSPACE (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->cache_folder, g_free);
  g_clear_pointer (&self->launch, iss_launch_free);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_object (&self->topology);
  g_clear_pointer (&self->pools, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_workspace_parent_class)->finalize (object);
}

static void
iss_workspace_class_init (IssWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_workspace_dispose;
  object_class->finalize = iss_workspace_finalize;
}

static void
iss_workspace_init (IssWorkspace *self)
{
  self->pools = g_ptr_array_new_with_free_func (g_object_unref);
}

static IssTopology *
load_topology (const char  *path,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  IssTopology *topology = iss_topology_load (path, &local_error);

  if (topology == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return iss_topology_new ();

  if (topology == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return topology;
}

static void
join_pool (IssWorkspace *self,
           IssPool      *pool,
           IssServer    *server)
{
  if (self->cache_folder != NULL)
    iss_last_seen_load (self->cache_folder, server, NULL);

  iss_pool_add_server (pool, server);
  g_signal_connect (server, "changed", G_CALLBACK (server_changed_cb), self);
}

static void
place_uses (IssWorkspace *self,
            IssServer    *server)
{
  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const char *type = iss_certificate_type_get (i)->name;
      g_autofree char *place = iss_topology_dup_use_place (self->topology,
                                                           iss_server_get_name (server), type);

      if (place != NULL)
        iss_witness_set_place (iss_server_get_witness (server), type, place);
    }
}

static IssPool *
make_pool (IssWorkspace *self,
           IssTopology  *topology,
           const char   *name)
{
  g_auto(GStrv) domains = iss_topology_dup_sip_domains (topology, name);
  IssPool *pool = iss_pool_new (name, (const char *const *) domains, self->clock);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const char *type = iss_certificate_type_get (i)->name;
      g_autoptr(IssAgreed) agreed = iss_topology_dup_agreed (topology, name, type);

      if (agreed != NULL)
        iss_pool_set_agreed (pool, type, agreed);
    }

  return pool;
}

static gboolean
add_pool_of_topology (IssWorkspace  *self,
                      const char    *name,
                      GError       **error)
{
  g_auto(GStrv) servers = iss_topology_dup_servers (self->topology, name);
  g_autoptr(IssPool) pool = make_pool (self, self->topology, name);

  for (guint i = 0; servers[i] != NULL; i++)
    {
      g_autofree char *connection = iss_topology_dup_connection (self->topology, servers[i]);
      g_autofree char *agent = iss_topology_dup_agent_path (self->topology, servers[i]);
      g_autoptr(IssServer) server = iss_workspace_make_server (self, servers[i], connection,
                                                               agent, error);

      if (server == NULL)
        return FALSE;

      place_uses (self, server);
      join_pool (self, pool, server);
    }

  g_ptr_array_add (self->pools, g_steal_pointer (&pool));

  return TRUE;
}

/**
 * iss_workspace_open:
 * @topology_path: the topology file; one that is missing is an empty topology
 * @cache_folder: (nullable): where what was last seen is kept
 * @launch: how agents are started
 * @clock: the console's clock
 * @error: return location for an error
 *
 * Reads the topology and makes its pools and servers. Nothing is connected.
 *
 * Returns: (transfer full): the workspace, or %NULL with @error set, which names
 *   the file and the line
 */
IssWorkspace *
iss_workspace_open (const char       *topology_path,
                    const char       *cache_folder,
                    const IssLaunch  *launch,
                    IssClock         *clock,
                    GError          **error)
{
  g_autoptr(IssWorkspace) self = NULL;
  g_auto(GStrv) pools = NULL;

  g_return_val_if_fail (topology_path != NULL, NULL);
  g_return_val_if_fail (launch != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (ISS_TYPE_WORKSPACE, NULL);
  self->path = g_strdup (topology_path);
  self->cache_folder = g_strdup (cache_folder);
  self->launch = iss_launch_copy (launch);
  self->clock = iss_clock_ref (clock);
  self->topology = load_topology (topology_path, error);
  if (self->topology == NULL)
    return NULL;

  pools = iss_topology_dup_pools (self->topology);
  for (guint i = 0; pools[i] != NULL; i++)
    {
      if (!add_pool_of_topology (self, pools[i], error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * iss_workspace_get_path:
 * @self: a workspace
 *
 * Returns: (transfer none): the topology file
 */
const char *
iss_workspace_get_path (IssWorkspace *self)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);

  return self->path;
}

/**
 * iss_workspace_get_clock:
 * @self: a workspace
 *
 * Returns: (transfer none): the console's clock
 */
IssClock *
iss_workspace_get_clock (IssWorkspace *self)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);

  return self->clock;
}

/**
 * iss_workspace_get_n_pools:
 * @self: a workspace
 *
 * Returns: how many pools there are
 */
guint
iss_workspace_get_n_pools (IssWorkspace *self)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), 0);

  return self->pools->len;
}

/**
 * iss_workspace_get_pool:
 * @self: a workspace
 * @index: less than iss_workspace_get_n_pools()
 *
 * Returns: (transfer none): a pool
 */
IssPool *
iss_workspace_get_pool (IssWorkspace *self,
                        guint         index)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (index < self->pools->len, NULL);

  return g_ptr_array_index (self->pools, index);
}

/**
 * iss_workspace_find_pool:
 * @self: a workspace
 * @name: a pool's name, in any case
 *
 * Returns: (transfer none) (nullable): the pool
 */
IssPool *
iss_workspace_find_pool (IssWorkspace *self,
                         const char   *name)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->pools->len; i++)
    {
      IssPool *pool = g_ptr_array_index (self->pools, i);

      if (g_ascii_strcasecmp (iss_pool_get_name (pool), name) == 0)
        return pool;
    }

  return NULL;
}

/**
 * iss_workspace_find_server:
 * @self: a workspace
 * @name: a server's whole or short name, in any case
 * @out_pool: (out) (optional) (transfer none): its pool
 *
 * Returns: (transfer none) (nullable): the server
 */
IssServer *
iss_workspace_find_server (IssWorkspace  *self,
                           const char    *name,
                           IssPool      **out_pool)
{
  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->pools->len; i++)
    {
      IssPool *pool = g_ptr_array_index (self->pools, i);
      IssServer *server = iss_pool_find_server (pool, name);

      if (server != NULL)
        {
          if (out_pool != NULL)
            *out_pool = pool;
          return server;
        }
    }

  return NULL;
}

/**
 * iss_workspace_set_pool:
 * @self: a workspace
 * @pool: a pool's name
 * @sip_domains: its SIP domains
 * @error: return location for an error
 *
 * Adds the pool, or changes its SIP domains; writes the topology file.
 *
 * Returns: whether it was written; nothing changes if not
 */
gboolean
iss_workspace_set_pool (IssWorkspace       *self,
                        const char         *pool,
                        const char *const  *sip_domains,
                        GError            **error)
{
  g_autoptr(IssTopology) topology = NULL;
  IssPool *known;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), FALSE);

  topology = load_topology (self->path, error);
  if (topology == NULL ||
      !iss_topology_set_pool (topology, pool, sip_domains, error) ||
      !iss_topology_save (topology, self->path, error))
    return FALSE;

  g_set_object (&self->topology, topology);
  known = iss_workspace_find_pool (self, pool);
  if (known != NULL)
    {
      iss_pool_set_sip_domains (known, sip_domains);
    }
  else
    {
      g_ptr_array_add (self->pools, make_pool (self, topology, pool));
      g_list_model_items_changed (G_LIST_MODEL (self), self->pools->len - 1, 0, 1);
    }

  return TRUE;
}

/**
 * iss_workspace_add_server:
 * @self: a workspace
 * @pool: the pool it joins
 * @server: its host name
 * @connection: how it is reached
 * @agent_path: (nullable): where the agent is on it, if not in the usual place
 * @error: return location for an error
 *
 * Adds the server; writes the topology file.
 *
 * Returns: whether it was written; nothing changes if not
 */
gboolean
iss_workspace_add_server (IssWorkspace  *self,
                          const char    *pool,
                          const char    *server,
                          const char    *connection,
                          const char    *agent_path,
                          GError       **error)
{
  g_autoptr(IssTopology) topology = NULL;
  g_autoptr(IssServer) added = NULL;
  IssPool *known;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), FALSE);

  topology = load_topology (self->path, error);
  if (topology == NULL ||
      !iss_topology_add_server (topology, pool, server, connection, agent_path, error))
    return FALSE;

  added = iss_workspace_make_server (self, server, connection, agent_path, error);
  if (added == NULL || !iss_topology_save (topology, self->path, error))
    return FALSE;

  g_set_object (&self->topology, topology);
  known = iss_workspace_find_pool (self, pool);
  if (known == NULL)
    {
      known = make_pool (self, topology, pool);
      g_ptr_array_add (self->pools, known);
      g_list_model_items_changed (G_LIST_MODEL (self), self->pools->len - 1, 0, 1);
    }
  join_pool (self, known, added);

  return TRUE;
}

/**
 * iss_workspace_remove_server:
 * @self: a workspace
 * @server: a server's whole name
 * @error: return location for an error
 *
 * Takes the server out of its pool; writes the topology file. Nothing changes on
 * the server itself.
 *
 * Returns: whether it was written; nothing changes if not
 */
gboolean
iss_workspace_remove_server (IssWorkspace  *self,
                             const char    *server,
                             GError       **error)
{
  g_autoptr(IssTopology) topology = NULL;
  IssServer *known;
  IssPool *pool = NULL;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), FALSE);

  topology = load_topology (self->path, error);
  if (topology == NULL ||
      !iss_topology_remove_server (topology, server, error) ||
      !iss_topology_save (topology, self->path, error))
    return FALSE;

  g_set_object (&self->topology, topology);
  known = iss_workspace_find_server (self, server, &pool);
  if (known != NULL)
    {
      forget_server (self, known);
      iss_pool_remove_server (pool, known);
    }

  return TRUE;
}

/* What was written is what holds. */
static void
take_agreed (IssWorkspace *self,
             IssTopology  *topology,
             IssPool      *pool,
             const char   *type)
{
  g_autoptr(IssAgreed) agreed = iss_topology_dup_agreed (topology, iss_pool_get_name (pool), type);

  g_set_object (&self->topology, topology);
  iss_pool_set_agreed (pool, type, agreed);
}

/**
 * iss_workspace_set_agreed:
 * @self: a workspace
 * @pool: one of its pools
 * @type: a certificate type's name
 * @sha256_hex: the certificate, 64 lower-case hex digits
 * @keeps_previous: whether what was agreed until now is the previous one; %FALSE: nothing is, as
 *   on the servers once a compromised one is replaced
 * @by: who agreed
 * @error: return location for an error
 *
 * Records what the pool agrees on; writes the topology file.
 *
 * Returns: whether it was written; nothing changes if not
 */
gboolean
iss_workspace_set_agreed (IssWorkspace  *self,
                          IssPool       *pool,
                          const char    *type,
                          const char    *sha256_hex,
                          gboolean       keeps_previous,
                          const char    *by,
                          GError       **error)
{
  g_autoptr(IssTopology) topology = NULL;
  const char *name;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), FALSE);
  g_return_val_if_fail (ISS_IS_POOL (pool), FALSE);

  name = iss_pool_get_name (pool);
  topology = load_topology (self->path, error);
  if (topology == NULL ||
      !iss_topology_set_agreed (topology, name, type, sha256_hex, by,
                                iss_clock_now (self->clock), error))
    return FALSE;

  if (!keeps_previous)
    iss_topology_drop_previous (topology, name, type);
  if (!iss_topology_save (topology, self->path, error))
    return FALSE;

  take_agreed (self, topology, pool, type);

  return TRUE;
}

/**
 * iss_workspace_set_agreed_next:
 * @self: a workspace
 * @pool: one of its pools
 * @type: a certificate type's name
 * @sha256_hex: (nullable): the certificate, 64 lower-case hex digits; %NULL: no roll any more
 * @by: who decided it
 * @at: the instant of the roll
 * @error: return location for an error
 *
 * Records what a roll makes of what the pool agrees on; writes the topology file. Where nothing
 * is agreed nothing is recorded.
 *
 * Returns: whether it was written; nothing changes if not
 */
gboolean
iss_workspace_set_agreed_next (IssWorkspace  *self,
                               IssPool       *pool,
                               const char    *type,
                               const char    *sha256_hex,
                               const char    *by,
                               gint64         at,
                               GError       **error)
{
  g_autoptr(IssTopology) topology = NULL;
  const char *name;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), FALSE);
  g_return_val_if_fail (ISS_IS_POOL (pool), FALSE);

  if (iss_pool_get_agreed (pool, type) == NULL)
    return TRUE;

  name = iss_pool_get_name (pool);
  topology = load_topology (self->path, error);
  if (topology == NULL ||
      !iss_topology_set_agreed_next (topology, name, type, sha256_hex, by, at,
                                     iss_clock_now (self->clock), error) ||
      !iss_topology_save (topology, self->path, error))
    return FALSE;

  take_agreed (self, topology, pool, type);

  return TRUE;
}

/**
 * iss_workspace_make_server:
 * @self: a workspace
 * @name: a host name
 * @connection: how it is reached
 * @agent_path: (nullable): where the agent is on it, if not in the usual place
 * @error: return location for an error
 *
 * Makes a server that is in no pool: to try a connection before it is added.
 *
 * Returns: (transfer full): the server, or %NULL with @error set
 */
IssServer *
iss_workspace_make_server (IssWorkspace  *self,
                           const char    *name,
                           const char    *connection,
                           const char    *agent_path,
                           GError       **error)
{
  g_autoptr(IssConnectionAddress) address = NULL;
  g_autoptr(IssLaunch) launch = NULL;
  g_autofree char *ssh_config = NULL;

  g_return_val_if_fail (ISS_IS_WORKSPACE (self), NULL);

  address = iss_connection_address_parse (connection, error);
  if (address == NULL)
    return NULL;

  launch = iss_launch_copy (self->launch);
  ssh_config = iss_topology_dup_ssh_config (self->topology);
  if (ssh_config != NULL)
    {
      g_free (launch->ssh_config);
      launch->ssh_config = g_steal_pointer (&ssh_config);
    }
  if (agent_path != NULL)
    {
      g_free (launch->remote_agent);
      launch->remote_agent = g_strdup (agent_path);
    }

  return iss_server_new (name, address, launch, self->clock);
}
