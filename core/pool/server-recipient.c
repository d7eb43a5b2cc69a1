/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-recipient.h"

#include "core/pool/server-private.h"

static void
start (IssServer      *self,
       IssAgentClient *client,
       GTask          *task)
{
  g_task_return_pointer (task, g_object_ref (iss_agent_client_get_recipient (client)),
                         g_object_unref);
}

/**
 * iss_server_recipient_async:
 * @self: a server
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: data for @callback
 *
 * Opens the connection if there is none. What is sealed to another connection
 * than the one that is open when it arrives cannot be read there.
 */
void
iss_server_recipient_async (IssServer           *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  iss_server_run (self, task, start);
}

/**
 * iss_server_recipient_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error, which names the server
 *
 * Returns: (transfer full): the certificate to seal to
 */
IssCertificate *
iss_server_recipient_finish (IssServer     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
