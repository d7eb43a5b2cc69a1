/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/use-place.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_PORT 443
#define PATIENCE 10   /* seconds */

typedef struct
{
  GSocketConnectable *address;      /* owned */
  GIOStream          *connection;   /* owned, (nullable): until the handshake is over */
  GBytes             *sha256;       /* owned, (nullable): seen already */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->address);
  g_clear_object (&look->connection);
  g_clear_pointer (&look->sha256, g_bytes_unref);
  g_free (look);
}

/**
 * iss_use_place_is_metadata:
 * @uri: what the topology file says
 *
 * Returns: whether it is the address of a document
 */
gboolean
iss_use_place_is_metadata (const char *uri)
{
  g_return_val_if_fail (uri != NULL, FALSE);

  return g_str_has_prefix (uri, "https://");
}

/**
 * iss_use_place_parse:
 * @uri: `tls://host:port`, `tls://host`, or an https: address
 * @out_port: (out) (optional): the port
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): the host
 */
char *
iss_use_place_parse (const char  *uri,
                     guint16     *out_port,
                     GError     **error)
{
  g_autoptr(GUri) parsed = NULL;
  const char *host;
  const char *path;
  gboolean is_metadata = iss_use_place_is_metadata (uri);
  int port;

  g_return_val_if_fail (uri != NULL, NULL);

  parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  host = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  path = parsed != NULL ? g_uri_get_path (parsed) : NULL;
  port = parsed != NULL ? g_uri_get_port (parsed) : 0;

  if (parsed == NULL || host == NULL || port == 0 ||
      (!is_metadata && strcmp (g_uri_get_scheme (parsed), "tls") != 0) ||
      (!iss_text_is_host_name (host) && !g_hostname_is_ip_address (host)) ||
      (!is_metadata && *path != '\0' && strcmp (path, "/") != 0) ||
      (!is_metadata && g_uri_get_query (parsed) != NULL) ||
      g_uri_get_userinfo (parsed) != NULL || g_uri_get_fragment (parsed) != NULL)
    {
      g_autofree char *shown = iss_text_sanitise (uri, -1, 60);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not where a certificate can be seen in use: write "
                     "tls://fe01.contoso.example:443, or the https: address of its metadata"),
                   shown);
      return NULL;
    }

  if (out_port != NULL)
    *out_port = port > 0 ? (guint16) port : DEFAULT_PORT;

  return g_strdup (host);
}

/**
 * iss_use_place_hash:
 * @certificate: what somebody has shown
 *
 * Returns: (transfer full) (nullable): its SHA-256
 */
GBytes *
iss_use_place_hash (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[ISS_SHA256_SIZE];
  gsize size = sizeof digest;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return NULL;

  g_checksum_update (checksum, der->data, der->len);
  g_checksum_get_digest (checksum, digest, &size);
  return g_bytes_new (digest, size);
}

/* Whether it is trusted is not the question; and a handshake that fails later, such as for want
 * of a client's certificate, has shown it all the same. */
static gboolean
accept_cb (GTlsConnection       *tls,
           GTlsCertificate      *certificate,
           GTlsCertificateFlags  errors,
           gpointer              user_data)
{
  Look *look = g_task_get_task_data (G_TASK (user_data));

  if (look->sha256 == NULL)
    look->sha256 = iss_use_place_hash (certificate);

  return TRUE;
}

static void
shaken_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Look *look = g_task_get_task_data (task);
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (object));
  g_autoptr(GError) error = NULL;
  gboolean shaken = g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error);

  g_signal_handlers_disconnect_by_func (object, accept_cb, task);
  if (look->sha256 == NULL && certificate != NULL)
    look->sha256 = iss_use_place_hash (certificate);

  /* Nothing was said, so nothing has to be said to end it. */
  g_io_stream_close_async (look->connection, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  if (look->sha256 != NULL)
    g_task_return_pointer (task, g_bytes_ref (look->sha256), (GDestroyNotify) g_bytes_unref);
  else if (!shaken)
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNREACHABLE, "%s", error->message);
  else
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_FAILED, _("It shows no certificate"));
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Look *look = g_task_get_task_data (task);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GIOStream) tls = NULL;
  g_autoptr(GError) error = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  if (connection == NULL)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNREACHABLE, "%s", error->message);
      return;
    }

  tls = g_tls_client_connection_new (G_IO_STREAM (connection), look->address, &error);
  if (tls == NULL)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNSUPPORTED, "%s", error->message);
      return;
    }

  look->connection = G_IO_STREAM (g_steal_pointer (&connection));
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_cb), task);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), shaken_cb,
                                    g_object_ref (task));
}

/**
 * iss_use_place_look_async:
 * @uri: see iss_use_place_parse()
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over, after 20 seconds at the latest
 * @user_data: data for @callback
 *
 * Connects and makes a TLS handshake, to see which certificate is in use there. Nothing more is
 * sent.
 */
void
iss_use_place_look_async (const char          *uri,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *host = NULL;
  guint16 port = 0;
  Look *look;

  g_return_if_fail (uri != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_use_place_look_async);
  look = g_new0 (Look, 1);
  g_task_set_task_data (task, look, look_free);

  host = iss_use_place_parse (uri, &port, &error);
  if (host == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                               _("TLS is not available here: install the package "
                                 "glib-networking"));
      return;
    }

  look->address = g_network_address_new (host, port);
  g_socket_client_set_timeout (client, PATIENCE);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, look->address, cancellable, connected_cb,
                                 g_object_ref (task));
}

/**
 * iss_use_place_look_finish:
 * @result: what the callback got
 * @error: return location for an error: %ISS_ERROR_UNREACHABLE, %ISS_ERROR_UNSUPPORTED without a
 *   TLS library for GLib, or %ISS_ERROR_FAILED
 *
 * Returns: (transfer full): the SHA-256 of the certificate that was shown
 */
GBytes *
iss_use_place_look_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_use_place_look_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
