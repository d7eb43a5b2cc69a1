/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server-enroll.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/agent/agent-replica.h"
#include "core/base/error.h"
#include "core/pool/server-private.h"
#include "core/replication/proof.h"

/* Seconds by which the proof's time may differ from the server's clock as it was measured. */
#define SLACK 5

typedef struct
{
  GBytes *nonce;
  char   *server_id;
  char   *host_key;
  gint64  sent_at;
} Enrolling;

static void
enrolling_free (gpointer data)
{
  Enrolling *self = data;

  g_bytes_unref (self->nonce);
  g_free (self->server_id);
  g_free (self->host_key);
  g_free (self);
}

/* Of the connection that the proof came over. */
static gboolean
take_host_key (IssServer  *server,
               Enrolling  *enrolling,
               GError    **error)
{
  IssConnectionAddress *address = iss_server_get_address (server);
  const char *host = iss_connection_address_get_host (address);

  switch (iss_connection_address_get_kind (address))
    {
    case ISS_CONNECTION_LOCAL:
      enrolling->host_key = g_strdup (ISS_SERVER_ENROLL_LOCAL);
      return TRUE;

    case ISS_CONNECTION_SSH:
      enrolling->host_key = g_strdup (iss_server_get_host_key (server));
      break;
    }

  if (enrolling->host_key != NULL && *enrolling->host_key != '\0')
    return TRUE;

  if (enrolling->host_key != NULL)
    g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
                 _("Under which host key ssh has reached %s is not certain: it names two, so the "
                   "server, or a jump host on the way, has printed a line like ssh's own. See "
                   "what their banners say before you enrol the server"), host);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
                 _("ssh does not say under which host key it has reached %s: see that “ssh” here "
                   "is OpenSSH 8.5 or later (“ssh -V”), and no script that starts another; then "
                   "enrol the server again"), host);

  return FALSE;
}

static gboolean
verify (IssServer  *server,
        Enrolling  *enrolling,
        IssProof   *proof,
        GError    **error)
{
  const char *server_id = iss_server_get_server_id (server);
  const gint64 now = iss_clock_now (iss_server_get_clock (server));
  const gint64 offset = (gint64) floor (iss_server_get_clock_offset (server));
  GBytes *sha256 = iss_certificate_get_sha256 (iss_proof_get_certificate (proof));

  if (server_id == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_CLOSED,
                           _("The connection was closed before the proof could be verified"));
      return FALSE;
    }

  if (!take_host_key (server, enrolling, error))
    return FALSE;

  enrolling->server_id = g_strdup (server_id);

  return iss_proof_verify (proof, server_id, "", sha256, enrolling->nonce,
                           enrolling->sent_at + offset - SLACK, now + offset + SLACK, error);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  IssServer *server = ISS_SERVER (object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssProof) proof = iss_server_call_finish (server, result, &error);

  if (proof == NULL || !verify (server, g_task_get_task_data (task), proof, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, g_object_ref (iss_proof_get_certificate (proof)), g_object_unref);
}

/**
 * iss_server_enroll_async:
 * @server: a server
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * A server that has a key already keeps it.
 */
void
iss_server_enroll_async (IssServer           *server,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GError) error = NULL;
  Enrolling *enrolling;
  GBytes *nonce;

  g_return_if_fail (ISS_IS_SERVER (server));

  task = g_task_new (server, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_server_enroll_async);
  nonce = iss_proof_new_nonce (&error);
  if (nonce == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  enrolling = g_new0 (Enrolling, 1);
  enrolling->nonce = nonce;
  enrolling->sent_at = iss_clock_now (iss_server_get_clock (server));
  g_task_set_task_data (task, enrolling, enrolling_free);
  call = iss_agent_replica_new_enroll_call (nonce);
  iss_server_call_async (server, call, cancellable, answered_cb, g_steal_pointer (&task));
}

/**
 * iss_server_enroll_finish:
 * @server: a server
 * @result: the result given to the callback
 * @out_server_id: (out) (transfer full): what the server says that it is
 * @out_host_key: (out) (transfer full): the ssh host key that it was seen under, or
 *   %ISS_SERVER_ENROLL_LOCAL
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate that packages for it are to be sealed to
 */
IssCertificate *
iss_server_enroll_finish (IssServer     *server,
                          GAsyncResult  *result,
                          char         **out_server_id,
                          char         **out_host_key,
                          GError       **error)
{
  Enrolling *enrolling;
  IssCertificate *recipient;

  g_return_val_if_fail (g_task_is_valid (result, server), NULL);

  recipient = g_task_propagate_pointer (G_TASK (result), error);
  if (recipient == NULL)
    return NULL;

  enrolling = g_task_get_task_data (G_TASK (result));
  *out_server_id = g_strdup (enrolling->server_id);
  *out_host_key = g_strdup (enrolling->host_key);

  return recipient;
}
