/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-use.h"

#include "core/pool/server-use.h"

#include <glib/gi18n-lib.h>

static void
start (IssServer           *server,
       gpointer             unused,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  iss_server_look_at_use_async (server, cancellable, callback, user_data);
}

static char *
finish (IssServer     *server,
        gpointer       unused,
        GAsyncResult  *result,
        GError       **error)
{
  return iss_server_look_at_use_finish (server, result, error) ? g_strdup (_("looked at")) : NULL;
}

/**
 * iss_pool_use_new:
 * @servers: (element-type IssServer): servers
 *
 * Returns: (transfer full) (nullable): a job that connects to their services where the topology
 *   file says so; %NULL: it says so of none
 */
IssJob *
iss_pool_use_new (GPtrArray *servers)
{
  g_autoptr(GPtrArray) placed = g_ptr_array_new ();

  g_return_val_if_fail (servers != NULL, NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      if (iss_server_has_use_places (servers->pdata[i]))
        g_ptr_array_add (placed, servers->pdata[i]);
    }

  return placed->len > 0 ? iss_job_new (placed, start, finish, NULL, NULL) : NULL;
}
