/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-client-private.h"

#include "core/agent/agent-wire.h"
#include "core/formats/seal.h"

/* From the call to what was read of its answer. */
typedef struct
{
  IssAgentCall *call;    /* owned */
  GVariant     *reply;   /* owned, once it is there */
} Pending;

static Pending *
pending_new (IssAgentCall *call)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->call = iss_agent_call_ref (call);

  return pending;
}

static void
pending_free (Pending *pending)
{
  iss_agent_call_unref (pending->call);
  g_clear_pointer (&pending->reply, g_variant_unref);
  g_free (pending);
}

static void
read_worker (GTask        *reading,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Pending *pending = task_data;
  g_autoptr(GError) error = NULL;
  gpointer value = iss_agent_call_read (pending->call, pending->reply, &error);

  if (value != NULL)
    g_task_return_pointer (reading, value, iss_agent_call_get_result_free (pending->call));
  else
    g_task_return_error (reading, g_steal_pointer (&error));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  const Pending *pending = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gpointer value = g_task_propagate_pointer (G_TASK (result), &error);

  if (value != NULL)
    g_task_return_pointer (task, value, iss_agent_call_get_result_free (pending->call));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* A server may send what takes its time to decode: the main loop does not wait for that. What the
 * worker reads is the call's, and freed where that is. */
static void
replied_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GTask) reading = NULL;
  g_autoptr(GError) error = NULL;
  Pending *pending = g_task_get_task_data (task);

  pending->reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);
  if (pending->reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  reading = g_task_new (NULL, NULL, read_cb, g_object_ref (task));
  g_task_set_task_data (reading, pending, NULL);
  g_task_run_in_thread (reading, read_worker);
}

static void
start_call (GTask    *task,
            GVariant *parameters)
{
  IssAgentClient *self = g_task_get_source_object (task);
  const Pending *pending = g_task_get_task_data (task);

  iss_agent_link_call_async (self->link, iss_agent_call_get_method (pending->call), parameters,
                             iss_agent_call_get_reply_type (pending->call),
                             g_task_get_cancellable (task), replied_cb, g_object_ref (task));
}

static GVariant *
new_sealed_parameters (IssAgentCall *call,
                       GBytes       *sealed)
{
  GVariant *others = iss_agent_call_get_parameters (call);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  g_variant_builder_add_value (&builder, iss_agent_wire_new_bytes (sealed));
  for (gsize i = 0; i < g_variant_n_children (others); i++)
    {
      g_autoptr(GVariant) other = g_variant_get_child_value (others, i);

      g_variant_builder_add_value (&builder, other);
    }

  return g_variant_builder_end (&builder);
}

static void
seal_worker (GTask        *sealing,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GTask *task = G_TASK (task_data);
  IssAgentClient *self = g_task_get_source_object (task);
  const Pending *pending = g_task_get_task_data (task);
  IssSecret *secret = iss_agent_call_get_secret (pending->call);
  g_autoptr(GError) error = NULL;
  GBytes *sealed = iss_seal_to (self->recipient, secret, &error);

  if (sealed != NULL)
    g_task_return_pointer (sealing, sealed, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (sealing, g_steal_pointer (&error));
}

static void
sealed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  const Pending *pending = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) sealed = g_task_propagate_pointer (G_TASK (result), &error);

  if (sealed == NULL ||
      g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    start_call (task, new_sealed_parameters (pending->call, sealed));
}

/**
 * iss_agent_client_call_async:
 * @self: a client
 * @call: what to call
 * @cancellable: (nullable): stops the wait only
 * @callback: called when the agent has answered
 * @user_data: for @callback
 *
 * Calls a method. Its secret crosses sealed to this connection's key.
 */
void
iss_agent_client_call_async (IssAgentClient      *self,
                             IssAgentCall        *call,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) sealing = NULL;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (call != NULL);

  task = iss_agent_client_new_task (self, iss_agent_client_call_async, cancellable, callback,
                                    user_data);
  g_task_set_task_data (task, pending_new (call), (GDestroyNotify) pending_free);

  if (iss_agent_call_get_secret (call) == NULL)
    {
      start_call (task, iss_agent_call_get_parameters (call));
      return;
    }

  sealing = g_task_new (NULL, NULL, sealed_cb, g_object_ref (task));
  g_task_set_task_data (sealing, task, NULL);
  g_task_run_in_thread (sealing, seal_worker);
}

/**
 * iss_agent_client_call_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): what the call's own function has read from the answer
 */
gpointer
iss_agent_client_call_finish (IssAgentClient  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
