/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-use.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/metadata-fetch.h"
#include "core/pool/presence-seen.h"
#include "core/pool/server-private.h"
#include "core/pool/use-place.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

/* Keeps what one place showed, and ends with the last of them. */
static void
keep (Look         *look,
      GBytes       *sha256,
      gboolean      is_named,
      const GError *error)
{
  IssServer *server = g_task_get_source_object (look->task);
  guint *n_pending = g_task_get_task_data (look->task);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    iss_witness_add_use (iss_server_get_witness (server), look->type, look->place,
                         iss_clock_now (iss_server_get_clock (server)), sha256, is_named,
                         error != NULL ? error->message : NULL);

  if (--*n_pending > 0)
    return;

  iss_server_witnessed (server);
  g_task_return_boolean (look->task, TRUE);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) sha256 = iss_use_place_look_finish (result, &error);

  keep (look, sha256, FALSE, error);
}

static gboolean
is_hash_of (GBytes                 *hash,
            const IssObservedSlot  *slot,
            IssServer              *server)
{
  const IssObservedCertificate *certificate = iss_presence_seen_certificate (server, slot->sha256);
  gsize size;
  gconstpointer data = g_bytes_get_data (hash, &size);

  if (size == sizeof slot->sha256)
    return memcmp (data, slot->sha256, size) == 0;

  return certificate != NULL && size == sizeof certificate->sha1
         && memcmp (data, certificate->sha1, size) == 0;
}

/* (transfer full) (nullable): of several that are said to sign, the one that should; else the
 * first that is told in full. */
static GBytes *
choose (Look       *look,
        GPtrArray  *keys,
        gboolean   *out_is_named,
        GError    **error)
{
  IssServer *server = g_task_get_source_object (look->task);
  const IssObservedSlot *current = iss_presence_seen_slot (server, look->type, ISS_SLOT_CURRENT, 0);

  for (guint i = 0; current != NULL && i < keys->len; i++)
    {
      const IssMetadataKey *key = g_ptr_array_index (keys, i);

      *out_is_named = key->is_named;
      if (is_hash_of (key->hash, current, server))
        return g_bytes_new (current->sha256, sizeof current->sha256);
    }

  for (guint i = 0; i < keys->len; i++)
    {
      const IssMetadataKey *key = g_ptr_array_index (keys, i);

      *out_is_named = key->is_named;
      if (g_bytes_get_size (key->hash) == ISS_SHA256_SIZE)
        return g_bytes_ref (key->hash);
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED,
                       _("None of the certificates that it names (x5t) is the assigned one"));
  return NULL;
}

/* (transfer full): what the server says, by the way that is authenticated, that it uses: whoever
 * shows one of these, and has its key, is that server */
static GPtrArray *
list_known (IssServer *self)
{
  IssObservation *seen = iss_server_get_observation (self);
  GPtrArray *known = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; seen != NULL && i < iss_observation_get_n_types (seen); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (seen, i);

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        if (type->slots[slot].is_set && slot != ISS_SLOT_STAGED)
          g_ptr_array_add (known, g_bytes_new (type->slots[slot].sha256, ISS_SHA256_SIZE));
    }

  return known;
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = iss_metadata_fetch_finish (result, &error);
  gboolean is_named = FALSE;
  g_autoptr(GBytes) sha256 = keys != NULL ? choose (look, keys, &is_named, &error) : NULL;

  keep (look, sha256, is_named, error);
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
  g_autoptr(GPtrArray) known = NULL;
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

  known = list_known (self);
  g_task_set_task_data (task, g_memdup2 (&n, sizeof n), g_free);
  for (guint i = 0; i < n; i++)
    {
      Look *look = g_new0 (Look, 1);

      look->task = g_object_ref (task);
      look->type = g_strdup (types[i]);
      look->place = g_strdup (iss_witness_get_place (iss_server_get_witness (self), types[i]));
      if (iss_use_place_is_metadata (look->place))
        iss_metadata_fetch_async (look->place, known, cancellable, fetched_cb, look);
      else
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
