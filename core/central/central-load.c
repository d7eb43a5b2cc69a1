/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-load.h"

typedef struct
{
  IssCentralStore     *store;     /* (nullable) */
  char                *pool;
  char               **servers;
  IssCentralLoadFunc   load;
  GDestroyNotify       free_func;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->store);
  g_free (load->pool);
  g_strfreev (load->servers);
  g_free (load);
}

static void
load_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Load *load = task_data;
  g_autoptr(GError) error = NULL;
  gpointer found = load->load (load->store, load->pool, (const char *const *) load->servers,
                               &error);

  /* The thread may hold the task for longer than whoever asked holds the store. */
  g_clear_object (&load->store);
  if (found != NULL)
    g_task_return_pointer (task, found, load->free_func);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_central_load_async:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: (array zero-terminated=1): the names of its servers
 * @load: reads it
 * @free_func: frees what @load returns
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is read
 * @user_data: data for @callback
 *
 * Reads something of a pool from the central store, in a thread.
 */
void
iss_central_load_async (IssCentralStore     *store,
                        const char          *pool,
                        const char *const   *servers,
                        IssCentralLoadFunc   load,
                        GDestroyNotify       free_func,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Load *data;

  g_return_if_fail (store == NULL || ISS_IS_CENTRAL_STORE (store));
  g_return_if_fail (pool != NULL && servers != NULL);
  g_return_if_fail (load != NULL && free_func != NULL);

  data = g_new0 (Load, 1);
  g_set_object (&data->store, store);
  data->pool = g_strdup (pool);
  data->servers = g_strdupv ((char **) servers);
  data->load = load;
  data->free_func = free_func;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_central_load_async);
  g_task_set_task_data (task, data, load_free);
  g_task_run_in_thread (task, load_worker);
}

/**
 * iss_central_load_finish:
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full): what was read, or %NULL with @error set
 */
gpointer
iss_central_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_central_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
