/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-keys.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-replica.h"
#include "core/base/error.h"
#include "core/replication/seal-request.h"

typedef struct
{
  /* Borrowed */
  IssGlobalKeys   keys;

  /* Owned */
  char           *pool_name;
  IssAgentCall   *call;      /* (nullable): what the holder is asked */
  char           *reason;    /* (nullable): why the last one did not seal */

  guint           slot;      /* whose key is asked for */
  guint           holder;    /* index of the server that is asked */
} Collect;

static void
collect_free (gpointer data)
{
  Collect *self = data;

  g_free (self->pool_name);
  g_clear_pointer (&self->call, iss_agent_call_unref);
  g_free (self->reason);
  g_free (self);
}

/* (element-type IssGlobalTarget): who lacks the key of the slot that is asked for */
static GPtrArray *
list_lacking (Collect *self)
{
  GPtrArray *targets = self->keys.targets;
  GPtrArray *lacking = g_ptr_array_new ();

  for (guint i = 0; i < targets->len && lacking->len < ISS_SEAL_REQUEST_MAX_RECIPIENTS; i++)
    if (iss_global_target_lacks (targets->pdata[i], self->keys.manifest, (IssSlot) self->slot))
      g_ptr_array_add (lacking, targets->pdata[i]);

  return lacking;
}

/* (nullable): it is not in the pool any more */
static IssServer *
find_server (Collect *self)
{
  const IssGlobalTarget *holder = g_ptr_array_index (self->keys.targets, self->holder);

  return iss_pool_find_server (self->keys.pool, holder->server);
}

static IssAgentCall *
new_seal_call (Collect  *self,
               GError  **error)
{
  const IssGlobalKeys *keys = &self->keys;
  const IssGlobalTarget *holder = g_ptr_array_index (keys->targets, self->holder);
  g_autoptr(GPtrArray) lacking = list_lacking (self);
  g_autoptr(GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr(IssSealRequest) request = NULL;
  g_autoptr(GBytes) message = NULL;

  for (guint i = 0; i < lacking->len; i++)
    g_ptr_array_add (recipients,
                     ((IssGlobalTarget *) lacking->pdata[i])->enrolment->recipient);

  request = iss_seal_request_new (self->pool_name, holder->enrolment->server_id,
                                  iss_certificate_get_sha256 (keys->manifest->slot[self->slot]),
                                  recipients);
  message = iss_seal_request_sign (request, keys->signer, keys->signer_key, keys->now, error);

  return message != NULL ? iss_agent_replica_new_seal_call (message) : NULL;
}

/* A key that signs may be in a token, which takes its time. */
static void
request_worker (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Collect *self = task_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->call, iss_agent_call_unref);
  self->call = new_seal_call (self, &error);
  if (self->call != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
sealed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) asking = user_data;
  Collect *self = g_task_get_task_data (asking);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sealed = iss_server_call_finish (ISS_SERVER (object), result, &error);
  g_autoptr(GPtrArray) lacking = list_lacking (self);

  if (sealed == NULL)
    {
      g_task_return_error (asking, g_steal_pointer (&error));
      return;
    }

  if (sealed->len != lacking->len)
    {
      g_task_return_new_error (asking, ISS_ERROR, ISS_ERROR_MALFORMED,
                               _("its answer is not complete"));
      return;
    }

  for (guint i = 0; i < lacking->len; i++)
    {
      IssGlobalTarget *target = g_ptr_array_index (lacking, i);

      target->sealed[self->slot] = g_bytes_ref (sealed->pdata[i]);
    }
  g_task_return_boolean (asking, TRUE);
}

static void
requested_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) asking = user_data;
  Collect *self = g_task_get_task_data (asking);
  IssServer *server = find_server (self);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (asking, g_steal_pointer (&error));
  else if (server == NULL)
    g_task_return_new_error (asking, ISS_ERROR, ISS_ERROR_CHANGED,
                             _("it was removed from the pool meanwhile"));
  else
    iss_server_call_async (server, self->call, g_task_get_cancellable (asking), sealed_cb,
                           g_object_ref (asking));
}

/* Nobody has the key who can be asked. */
static void
give_up (Collect   *self,
         GPtrArray *lacking)
{
  for (guint i = 0; i < lacking->len; i++)
    {
      IssGlobalTarget *target = g_ptr_array_index (lacking, i);

      target->trouble =
        g_strdup_printf (_("no server that answers has sealed the private key of “%s” to it (%s)"),
                         iss_certificate_get_issued_to (self->keys.manifest->slot[self->slot]),
                         self->reason != NULL ? self->reason : _("none was asked"));
    }
}

/* Who is asked next, for which slot; FALSE: there is nobody, or nothing is lacking. */
static gboolean
find_holder (Collect *self)
{
  GPtrArray *targets = self->keys.targets;

  while (self->slot < ISS_N_SLOTS)
    {
      g_autoptr(GPtrArray) lacking = list_lacking (self);

      if (lacking->len == 0)
        {
          self->slot++;
          self->holder = 0;
          continue;
        }

      for (; self->holder < targets->len; self->holder++)
        if (((IssGlobalTarget *) targets->pdata[self->holder])->enrolment != NULL &&
            find_server (self) != NULL && self->keys.signer_key != NULL)
          return TRUE;

      give_up (self, lacking);
    }

  return FALSE;
}

/* One server for the keys of one slot. */
static void
ask_next (GTask               *task,
          GAsyncReadyCallback  asked)
{
  Collect *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GTask) asking = NULL;
  g_autoptr(GTask) work = NULL;

  if (!find_holder (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  asking = g_task_new (NULL, cancellable, asked, g_object_ref (task));
  g_task_set_task_data (asking, self, NULL);
  work = g_task_new (NULL, cancellable, requested_cb, g_object_ref (asking));
  g_task_set_task_data (work, self, NULL);
  g_task_run_in_thread (work, request_worker);
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Collect *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      /* Without a call it could not be signed, and the next one would not be asked either. */
      if (self->call == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }

      g_free (self->reason);
      self->reason = g_strdup (error->message);
      self->holder++;
    }

  ask_next (task, asked_cb);
}

/**
 * iss_global_keys_collect_async:
 * @self: whose keys
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Asks one server after another for the keys that are lacking, a slot at a time: who has it seals
 * it to those who lack it. Why a server gets none is noted with it, and is no error.
 */
void
iss_global_keys_collect_async (const IssGlobalKeys *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Collect *collect;

  g_return_if_fail (self != NULL);

  collect = g_new0 (Collect, 1);
  collect->keys = *self;
  collect->pool_name = g_strdup (iss_pool_get_name (self->pool));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_global_keys_collect_async);
  g_task_set_task_data (task, collect, collect_free);
  ask_next (task, asked_cb);
}

/**
 * iss_global_keys_collect_finish:
 * @result: the result
 * @error: return location for an error: it could not be signed, or was cancelled
 *
 * Returns: whether everybody was asked who had to be
 */
gboolean
iss_global_keys_collect_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
