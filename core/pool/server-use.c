/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-use.h"

#include "core/pool/server-private.h"
#include "core/pool/use-place.h"

/* One type of a server. */
typedef struct
{
  GTask *task;    /* owned */
  char  *type;
  char  *place;
} Look;

static void
look_free (Look *self)
{
  g_object_unref (self->task);
  g_free (self->type);
  g_free (self->place);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  IssServer *server = g_task_get_source_object (look->task);
  guint *n_pending = g_task_get_task_data (look->task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) sha256 = iss_use_place_look_finish (result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    iss_witness_add_use (iss_server_get_witness (server), look->type, look->place,
                         iss_clock_now (iss_server_get_clock (server)), sha256,
                         error != NULL ? error->message : NULL);

  if (--*n_pending > 0)
    return;

  iss_server_witnessed (server);
  g_task_return_boolean (look->task, TRUE);
}

/**
 * iss_server_has_use_places:
 * @self: a server
 *
 * Returns: whether it is known where a service of its can be seen
 */
gboolean
iss_server_has_use_places (IssServer *self)
{
  g_auto(GStrv) types = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (self), FALSE);

  types = iss_witness_dup_placed_types (iss_server_get_witness (self));
  return types[0] != NULL;
}

/**
 * iss_server_look_at_use_async:
 * @self: a server
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Connects to each place of the server, past its agent, and keeps which certificate was shown
 * there, or why none: see #IssWitness.
 */
void
iss_server_look_at_use_async (IssServer           *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_auto(GStrv) types = NULL;
  guint n;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_server_look_at_use_async);
  types = iss_witness_dup_placed_types (iss_server_get_witness (self));
  n = g_strv_length (types);
  if (n == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, g_memdup2 (&n, sizeof n), g_free);
  for (guint i = 0; i < n; i++)
    {
      Look *look = g_new0 (Look, 1);

      look->task = g_object_ref (task);
      look->type = g_strdup (types[i]);
      look->place = g_strdup (iss_witness_get_place (iss_server_get_witness (self), types[i]));
      iss_use_place_look_async (look->place, cancellable, looked_cb, look);
    }
}

/**
 * iss_server_look_at_use_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error: only that it was cancelled
 *
 * Returns: whether every place was looked at, whatever it showed
 */
gboolean
iss_server_look_at_use_finish (IssServer     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
