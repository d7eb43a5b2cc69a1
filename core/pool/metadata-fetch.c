/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/metadata-fetch.h"

#include "core/base/error.h"
#include "core/pool/use-place.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#define PATIENCE 10        /* seconds for each step */
#define WHOLE_PATIENCE 20  /* seconds for all of them */

/* Of the session, the cancellable is our own, so that the time for all of it can end it. */
typedef struct
{
  SoupSession  *session;
  SoupMessage  *message;
  GPtrArray    *known;        /* (element-type GBytes) */
  GInputStream *body;         /* (nullable) */
  guchar       *buffer;
  GCancellable *cancellable;
  GCancellable *outer;        /* (nullable) */
  gulong        outer_id;
  guint         timeout_id;
  gboolean      is_late;
  gboolean      is_stranger;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  if (fetch->outer != NULL)
    g_cancellable_disconnect (fetch->outer, fetch->outer_id);
  g_clear_object (&fetch->outer);
  g_clear_handle_id (&fetch->timeout_id, g_source_remove);
  g_clear_object (&fetch->body);
  g_clear_object (&fetch->message);
  g_clear_object (&fetch->session);
  g_clear_object (&fetch->cancellable);
  g_ptr_array_unref (fetch->known);
  g_free (fetch->buffer);
  g_free (fetch);
}

/* What went wrong, unless it was that the time was over. */
static void
fail (GTask        *task,
      const GError *error)
{
  Fetch *fetch = g_task_get_task_data (task);

  if (fetch->is_late)
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNREACHABLE,
                             _("It has not answered within %d seconds"), WHOLE_PATIENCE);
  else if (fetch->is_stranger)
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_REFUSED,
                             _("Who answers there is not verified: its TLS certificate is neither "
                               "trusted on this machine nor one that the server uses. Let this "
                               "machine trust its authority"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNREACHABLE, "%s", error->message);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GBytes) document = NULL;
  GPtrArray *keys;
  g_autoptr(GError) error = NULL;
  gsize size = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &size, &error))
    {
      fail (task, error);
      return;
    }

  document = g_bytes_new (fetch->buffer, size);
  keys = iss_metadata_read (document, &error);
  if (keys != NULL)
    g_task_return_pointer (task, keys, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  SoupStatus status;

  fetch->body = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (fetch->body == NULL)
    {
      fail (task, error);
      return;
    }

  status = soup_message_get_status (fetch->message);
  if (SOUP_STATUS_IS_REDIRECTION (status))
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_FAILED,
                               _("It is somewhere else (HTTP status %u): write in the topology "
                                 "file where it really is"), status);
      return;
    }

  if (status != SOUP_STATUS_OK)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_FAILED,
                               _("It answers with HTTP status %u"), status);
      return;
    }

  /* One byte more than may be tells that there is more. */
  fetch->buffer = g_malloc (ISS_METADATA_MAX_BYTES + 1);
  g_input_stream_read_all_async (fetch->body, fetch->buffer, ISS_METADATA_MAX_BYTES + 1,
                                 G_PRIORITY_DEFAULT, fetch->cancellable, read_cb,
                                 g_object_ref (task));
}

/* Asked only about what this machine does not trust by itself. */
static gboolean
accept_cb (SoupMessage          *message,
           GTlsCertificate      *certificate,
           GTlsCertificateFlags  errors,
           gpointer              user_data)
{
  Fetch *fetch = user_data;
  g_autoptr(GBytes) sha256 = iss_use_place_hash (certificate);

  fetch->is_stranger = sha256 == NULL ||
    !g_ptr_array_find_with_equal_func (fetch->known, sha256, g_bytes_equal, NULL);

  return !fetch->is_stranger;
}

static gboolean
late_cb (gpointer user_data)
{
  Fetch *fetch = user_data;

  fetch->timeout_id = 0;
  fetch->is_late = TRUE;
  g_cancellable_cancel (fetch->cancellable);

  return G_SOURCE_REMOVE;
}

/**
 * iss_metadata_fetch_async:
 * @uri: an https: address
 * @known: (element-type GBytes): SHA-256 of certificates that the server is known to use
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Asks a service which certificates it signs with.
 */
void
iss_metadata_fetch_async (const char          *uri,
                          GPtrArray           *known,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Fetch *fetch;

  g_return_if_fail (uri != NULL && known != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_metadata_fetch_async);
  fetch = g_new0 (Fetch, 1);
  fetch->known = g_ptr_array_ref (known);
  fetch->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, fetch, fetch_free);
  if (cancellable != NULL)
    {
      fetch->outer = g_object_ref (cancellable);
      fetch->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (g_cancellable_cancel),
                                               g_object_ref (fetch->cancellable),
                                               g_object_unref);
    }

  fetch->message = soup_message_new (SOUP_METHOD_GET, uri);
  if (fetch->message == NULL)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("That is not the address of a document"));
      return;
    }

  fetch->session = soup_session_new_with_options ("proxy-resolver", NULL, "timeout", PATIENCE,
                                                  "max-conns", 1, NULL);
  soup_message_add_flags (fetch->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (fetch->message, "accept-certificate", G_CALLBACK (accept_cb), fetch);
  fetch->timeout_id = g_timeout_add_seconds (WHOLE_PATIENCE, late_cb, fetch);
  soup_session_send_async (fetch->session, fetch->message, G_PRIORITY_DEFAULT,
                           fetch->cancellable, answered_cb, g_object_ref (task));
}

/**
 * iss_metadata_fetch_finish:
 * @result: what the callback got
 * @error: return location for an error: %ISS_ERROR_UNREACHABLE, %ISS_ERROR_FAILED,
 *   %ISS_ERROR_REFUSED when who answers is not verified, or those of iss_metadata_read()
 *
 * Returns: (transfer full) (element-type IssMetadataKey): as of iss_metadata_read()
 */
GPtrArray *
iss_metadata_fetch_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_metadata_fetch_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
