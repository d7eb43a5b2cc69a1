/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/context.h"

#include <glib/gi18n.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* Which servers are meant. */

static GPtrArray *
servers_of_pool (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

/* "fe01, fe02 and fe03", to say what there is. */
static char *
dup_all_names (CtlContext *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  IssWorkspace *workspace = ctl_context_get_workspace (self);

  for (guint i = 0; i < iss_workspace_get_n_pools (workspace); i++)
    {
      IssPool *pool = iss_workspace_get_pool (workspace, i);

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        g_ptr_array_add (names, iss_server_dup_short_name (iss_pool_get_server (pool, k)));
    }
  g_ptr_array_add (names, NULL);

  return g_strjoinv (",", (char **) names->pdata);
}

/**
 * ctl_context_find_server:
 * @self: a context
 * @name: a server's name, whole or short
 * @out_pool: (out) (optional) (transfer none): the pool it belongs to
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): the server, or %NULL with @error set,
 *   which says which there are
 */
IssServer *
ctl_context_find_server (CtlContext  *self,
                         const char  *name,
                         IssPool    **out_pool,
                         GError     **error)
{
  IssServer *server = iss_workspace_find_server (ctl_context_get_workspace (self), name, out_pool);
  g_autofree char *shown = NULL;
  g_autofree char *all = NULL;

  if (server != NULL)
    return server;

  shown = iss_text_sanitise (name, -1, 60);
  all = dup_all_names (self);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no server “%s”. There are: %s"), shown, all);

  return NULL;
}

static GPtrArray *
servers_by_name (CtlContext  *self,
                 const char  *typed,
                 IssPool    **out_pool,
                 GError     **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) names = g_strsplit (typed, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);
      IssPool *pool = NULL;
      IssServer *server = ctl_context_find_server (self, name, &pool, error);

      if (server == NULL)
        return NULL;

      if (*out_pool != NULL && *out_pool != pool)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("%s is in pool %s, the others are in pool %s: one pool at a time"),
                       name, iss_pool_get_name (pool), iss_pool_get_name (*out_pool));
          return NULL;
        }

      *out_pool = pool;
      if (!g_ptr_array_find (servers, server, NULL))
        g_ptr_array_add (servers, g_object_ref (server));
    }

  return g_steal_pointer (&servers);
}

static void
set_error_where (CtlContext  *self,
                 GError     **error)
{
  g_autofree char *all = dup_all_names (self);
  IssWorkspace *workspace = ctl_context_get_workspace (self);
  IssPool *pool = iss_workspace_get_n_pools (workspace) > 0 ? iss_workspace_get_pool (workspace, 0)
                                                            : NULL;

  if (pool == NULL)
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                 _("There is no pool yet in %s: begin with set-pool and add-server, "
                   "or look around with --demo"), iss_workspace_get_path (workspace));
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                 _("Say where: --server %s, or --pool %s for every server of it"), all,
                 iss_pool_get_name (pool));
}

/**
 * ctl_context_dup_servers:
 * @self: a context
 * @changes: whether the verb changes something: then it must be said where
 * @out_pool: (out) (transfer none): the pool they belong to
 * @error: return location for an error
 *
 * Finds the servers that --server, --pool or --identity name; without one of
 * them, where nothing is changed, those of the only pool.
 *
 * Returns: (transfer full) (element-type IssServer): the servers, or %NULL with
 *   @error set
 */
GPtrArray *
ctl_context_dup_servers (CtlContext  *self,
                         gboolean     changes,
                         IssPool    **out_pool,
                         GError     **error)
{
  const char *server = ctl_context_get (self, "server");
  const char *pool_name = ctl_context_get (self, "pool");
  const char *identity = ctl_context_get (self, "identity");
  guint n = (server != NULL) + (pool_name != NULL) + (identity != NULL);
  IssWorkspace *workspace = ctl_context_get_workspace (self);
  IssPool *pool = NULL;

  if (n > 1)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--server, --pool and --identity exclude each other"));
      return NULL;
    }

  if (identity != NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--identity global is for what is assigned globally: "
                             "import-certificate, set-certificate and remove-certificate take it, "
                             "get-replication-status shows it. Use --pool for every server of a "
                             "pool"));
      return NULL;
    }

  if (server != NULL)
    {
      GPtrArray *servers = servers_by_name (self, server, &pool, error);

      *out_pool = pool;
      return servers;
    }

  if (pool_name == NULL && (changes || iss_workspace_get_n_pools (workspace) != 1))
    {
      set_error_where (self, error);
      return NULL;
    }

  pool = pool_name != NULL ? iss_workspace_find_pool (workspace, pool_name)
                           : iss_workspace_get_pool (workspace, 0);
  if (pool == NULL)
    {
      g_autofree char *shown = iss_text_sanitise (pool_name, -1, 60);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("There is no pool “%s”"), shown);
      return NULL;
    }

  if (iss_pool_get_n_servers (pool) == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("Pool %s has no servers yet: add one with add-server"),
                   iss_pool_get_name (pool));
      return NULL;
    }

  *out_pool = pool;

  return servers_of_pool (pool);
}
