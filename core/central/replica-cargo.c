/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replica-cargo.h"

#include "core/agent/agent-replica.h"
#include "core/base/error.h"

/**
 * iss_replica_cargo_free:
 * @self: (transfer full): a cargo
 */
void
iss_replica_cargo_free (IssReplicaCargo *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_clear_pointer (&self->packages, g_hash_table_unref);
  g_clear_pointer (&self->administrators, g_bytes_unref);
  g_free (self);
}

static gboolean
load_packages (IssReplicaCargo  *self,
               IssCentralStore  *store,
               char            **servers,
               GError          **error)
{
  for (guint i = 0; i < self->wanted->len; i++)
    for (guint k = 0; servers[k] != NULL; k++)
      {
        const IssWantedServer *entry = iss_wanted_find_server (self->wanted->pdata[i], servers[k]);
        GBytes *package;

        if (entry == NULL)
          continue;

        package = iss_central_store_get_package (store, entry->package_hex, error);
        if (package == NULL)
          return FALSE;

        g_hash_table_replace (self->packages, g_strdup (entry->package_hex), package);
      }

  return TRUE;
}

/**
 * iss_replica_cargo_load:
 * @store: the central store; this blocks
 * @pool: a pool
 * @servers: (array zero-terminated=1): those of its servers that are to be visited
 * @error: return location for an error
 *
 * Returns: (transfer full): what there is for them; nothing, when nothing was ever decided
 */
IssReplicaCargo *
iss_replica_cargo_load (IssCentralStore  *store,
                        const char       *pool,
                        char            **servers,
                        GError          **error)
{
  IssReplicaCargo *self = g_new0 (IssReplicaCargo, 1);
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) local_error = NULL;

  self->packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_bytes_unref);
  administrators = iss_central_store_get_administrators (store, pool, &self->administrators,
                                                         &local_error);
  if (administrators != NULL)
    {
      self->version = administrators->version;
      self->wanted = iss_central_store_list_wanted (store, pool, &local_error);
    }
  else if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      self->wanted = g_ptr_array_new ();
    }

  if (self->wanted != NULL && load_packages (self, store, servers, error))
    return self;

  if (self->wanted == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  iss_replica_cargo_free (self);

  return NULL;
}

static gboolean
needs_delivery (const IssReplicaType  *type,
                const IssWantedServer *entry,
                gboolean               force)
{
  return force || type == NULL || !type->deployed ||
         g_strcmp0 (type->package_hex, entry->package_hex) != 0;
}

/* What was let out for all, and this one does not know: it came late, or the last pass was cut
 * off. */
static gboolean
needs_arming (const IssWanted      *wanted,
              const IssReplicaType *type,
              gboolean              delivered)
{
  return wanted->armed_at != 0 && wanted->arming != NULL &&
         (delivered || (type != NULL && type->held && !type->local));
}

/**
 * iss_replica_cargo_list_calls:
 * @self: a cargo
 * @server: the name of a server
 * @state: what it says of itself
 * @force: whether what it has is acted upon once more
 *
 * Returns: (transfer full) (element-type IssAgentCall): what brings it up to date, in this order;
 *   the value of each is an #IssReplicaState
 */
GPtrArray *
iss_replica_cargo_list_calls (const IssReplicaCargo *self,
                              const char            *server,
                              IssReplicaState       *state,
                              gboolean               force)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_agent_call_unref);

  g_return_val_if_fail (self != NULL && server != NULL, calls);
  g_return_val_if_fail (ISS_IS_REPLICA_STATE (state), calls);

  /* Who was never enrolled is not told whom to believe. */
  if (self->administrators != NULL && iss_replica_state_get_version (state) != 0 &&
      iss_replica_state_get_version (state) < self->version)
    g_ptr_array_add (calls, iss_agent_replica_new_pin_call (self->administrators));

  for (guint i = 0; i < self->wanted->len; i++)
    {
      const IssWanted *wanted = g_ptr_array_index (self->wanted, i);
      const IssManifest *manifest = iss_wanted_get_manifest (wanted);
      const IssWantedServer *entry = iss_wanted_find_server (wanted, server);
      const IssReplicaType *type = iss_replica_state_find_type (state, manifest->type);
      gboolean delivers;

      if (entry == NULL)
        continue;

      delivers = needs_delivery (type, entry, force);
      if (delivers)
        g_ptr_array_add (calls, iss_agent_replica_new_deliver_call (
                                  manifest->type->name,
                                  g_hash_table_lookup (self->packages, entry->package_hex),
                                  force));
      if (needs_arming (wanted, type, delivers))
        g_ptr_array_add (calls, iss_agent_replica_new_arm_call (manifest->type->name,
                                                                wanted->arming));
    }

  return calls;
}
