/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-writer.h"

#include "core/base/error.h"

#define RETRY_MILLISECONDS 50
#define PATIENCE_MILLISECONDS 10000

typedef struct
{
  /* Owned */
  IssRootFolder      *root;
  char               *who;
  gpointer            func_data;
  GDestroyNotify      func_data_free;

  IssAgentWriterFunc  func;
  GDestroyNotify      result_free;
  gint64              now;
  gint64              deadline;   /* monotonic */
} Writing;

static void
writing_free (Writing *writing)
{
  if (writing->func_data_free != NULL)
    writing->func_data_free (writing->func_data);
  g_object_unref (writing->root);
  g_free (writing->who);
  g_free (writing);
}

static void
work_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Writing *writing = task_data;
  g_autoptr(GError) error = NULL;
  gpointer result;

  result = writing->func (writing->root, cancellable, writing->func_data, &error);
  iss_root_folder_unlock (writing->root);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, result, writing->result_free);
}

static gboolean
try_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Writing *writing = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (iss_root_folder_try_lock (writing->root, writing->who, writing->now, &error))
    {
      /* From here on only the worker says whether the cancel came in time. */
      g_task_set_check_cancellable (task, FALSE);
      g_task_run_in_thread (task, work_worker);
      return G_SOURCE_REMOVE;
    }

  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_BUSY) &&
      g_get_monotonic_time () < writing->deadline)
    return G_SOURCE_CONTINUE;

  g_task_return_error (task, g_steal_pointer (&error));
  return G_SOURCE_REMOVE;
}

/**
 * iss_agent_writer_run_async:
 * @root: the folder to change
 * @who: who changes it
 * @now: the time, seconds since 1970
 * @patience: for how long to try to get the lock, in milliseconds; 0 = 10 seconds
 * @func: changes it, in a thread
 * @func_data: (transfer full): for @func
 * @func_data_free: (nullable): frees @func_data
 * @result_free: (nullable): frees what @func returns when nobody takes it
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes the lock, trying again as long as @patience lasts, and runs @func. Fails with
 * %ISS_ERROR_BUSY, naming the holder, when the lock cannot be had.
 */
void
iss_agent_writer_run_async (IssRootFolder       *root,
                            const char          *who,
                            gint64               now,
                            guint                patience,
                            IssAgentWriterFunc   func,
                            gpointer             func_data,
                            GDestroyNotify       func_data_free,
                            GDestroyNotify       result_free,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Writing *writing;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (who != NULL);
  g_return_if_fail (func != NULL);

  writing = g_new0 (Writing, 1);
  writing->root = g_object_ref (root);
  writing->who = g_strdup (who);
  writing->now = now;
  writing->func = func;
  writing->func_data = func_data;
  writing->func_data_free = func_data_free;
  writing->result_free = result_free;
  writing->deadline = g_get_monotonic_time () +
    (gint64) (patience != 0 ? patience : PATIENCE_MILLISECONDS) * 1000;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_writer_run_async);
  g_task_set_task_data (task, writing, (GDestroyNotify) writing_free);

  if (try_cb (task) == G_SOURCE_CONTINUE)
    g_timeout_add_full (G_PRIORITY_DEFAULT, RETRY_MILLISECONDS, try_cb,
                        g_object_ref (task), g_object_unref);
}

/**
 * iss_agent_writer_run_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): what the function returned
 */
gpointer
iss_agent_writer_run_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_writer_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
