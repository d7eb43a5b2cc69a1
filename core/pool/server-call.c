/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-private.h"

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssAgentCall *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gpointer value = iss_agent_client_call_finish (ISS_AGENT_CLIENT (object), result, &error);

  if (value == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  /* It is done: a late cancel must not deny it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_return_pointer (task, value, iss_agent_call_get_result_free (call));
}

static void
start_call (IssServer      *self,
            IssAgentClient *client,
            GTask          *task)
{
  iss_agent_client_call_async (client, g_task_get_task_data (task),
                               g_task_get_cancellable (task), called_cb, g_object_ref (task));
}

/**
 * iss_server_call_async:
 * @self: a server
 * @call: what to call there
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Calls a method of the server's agent, and opens the connection first if there is none.
 */
void
iss_server_call_async (IssServer           *self,
                       IssAgentCall        *call,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (call != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (task, iss_agent_call_ref (call), (GDestroyNotify) iss_agent_call_unref);
  iss_server_run (self, task, start_call);
}

/**
 * iss_server_call_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error, which names the server
 *
 * Returns: (transfer full): what the call's own function has read from the answer
 */
gpointer
iss_server_call_finish (IssServer     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
