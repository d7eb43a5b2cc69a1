/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-client-private.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"

#define MAX_NAME 256
/* One that iss_seal_make_recipient() made has 300 bytes. */
#define MAX_RECIPIENT (8 * 1024)
#define MAX_TIME G_GINT64_CONSTANT (253402300799)   /* the year 9999 */

enum
{
  CLOSED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssAgentClient, iss_agent_client, G_TYPE_OBJECT)

static void
iss_agent_client_dispose (GObject *object)
{
  IssAgentClient *self = ISS_AGENT_CLIENT (object);

  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);
  g_clear_object (&self->link);
  g_clear_object (&self->recipient);

  G_OBJECT_CLASS (iss_agent_client_parent_class)->dispose (object);
}

static void
iss_agent_client_finalize (GObject *object)
{
  IssAgentClient *self = ISS_AGENT_CLIENT (object);

  g_free (self->server_id);
  g_free (self->version);
  g_free (self->owner);
  g_free (self->role);
  g_free (self->scheduler);
  g_free (self->zone);

  G_OBJECT_CLASS (iss_agent_client_parent_class)->finalize (object);
}

static void
iss_agent_client_class_init (IssAgentClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_agent_client_dispose;
  object_class->finalize = iss_agent_client_finalize;

  /**
   * IssAgentClient::closed:
   * @self: the client
   * @reason: why
   *
   * The connection is gone. Emitted once.
   */
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);

  /**
   * IssAgentClient::changed:
   * @self: the client
   *
   * The server says that something changed there.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_agent_client_init (IssAgentClient *self)
{
}

static void
link_closed_cb (IssAgentClient *self,
                GError         *reason)
{
  g_signal_emit (self, signals[CLOSED], 0, reason);
}

static void
link_changed_cb (IssAgentClient *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* FALSE when the server does not say, or nonsense. */
static gboolean
look_up_time (GVariant   *dictionary,
              const char *name,
              gint64     *out_us)
{
  return g_variant_lookup (dictionary, name, "x", out_us) && *out_us >= 0 &&
         *out_us <= MAX_TIME * G_USEC_PER_SEC;
}

/* What an answer says of the server's clock. As in NTP (RFC 5905): half of the time on the way
 * there and back, without the time that the server took to answer. */
void
iss_agent_client_measure (IssAgentClient *self,
                          GVariant       *dictionary,
                          gint64          sent,
                          gint64          received)
{
  gint64 began;
  gint64 replied;

  if (!look_up_time (dictionary, "time-us", &began))
    {
      /* An older agent: somewhere in that second. */
      if (!g_variant_lookup (dictionary, "time", "x", &began) || began < 0 || began > MAX_TIME)
        return;
      began = began * G_USEC_PER_SEC + G_USEC_PER_SEC / 2;
    }
  if (!look_up_time (dictionary, "replied-us", &replied))
    replied = began;

  self->measured_time = began + (replied - began) / 2;
  self->measured_monotonic = sent + (received - sent) / 2;
}

/* All but the certificate that secrets are sealed for, which @out_recipient gets undecoded. */
static gboolean
read_hello (IssAgentClient  *self,
            GVariant        *hello,
            GBytes         **out_recipient,
            GError         **error)
{
  g_autoptr(GVariant) seal = g_variant_lookup_value (hello, "seal", G_VARIANT_TYPE_BYTESTRING);
  guint32 parser_lacks = ISS_PARSER_LACKS_ALL;
  gint64 sent, received;

  g_variant_lookup (hello, "parser-lacks", "u", &parser_lacks);
  self->parser_lacks = (IssParserLacks) (parser_lacks & ISS_PARSER_LACKS_ALL);
  self->server_id = iss_agent_wire_dup_text (hello, "server-id", MAX_NAME);
  self->version = iss_agent_wire_dup_text (hello, "version", MAX_NAME);
  self->owner = iss_agent_wire_dup_text (hello, "owner", MAX_NAME);
  self->role = iss_agent_wire_dup_text (hello, "role", MAX_NAME);
  self->scheduler = iss_agent_wire_dup_text (hello, "scheduler", MAX_NAME);
  self->zone = iss_agent_wire_dup_text (hello, "zone", MAX_NAME);

  if (*self->server_id == '\0' || seal == NULL ||
      g_variant_get_size (seal) > MAX_RECIPIENT ||
      !g_variant_lookup (hello, "time", "x", &self->hello_time))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_PROTOCOL,
                           _("The agent does not introduce itself as it should"));
      return FALSE;
    }

  iss_agent_link_get_hello_times (self->link, &sent, &received);
  iss_agent_client_measure (self, hello, sent, received);
  *out_recipient = iss_agent_wire_dup_bytes (seal);
  return TRUE;
}

/* In a worker, as all that others have written. */
static void
decode_recipient (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  GError *error = NULL;
  IssCertificate *recipient = iss_certificate_new_from_der (task_data, &error);

  if (recipient != NULL)
    g_task_return_pointer (task, recipient, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
recipient_decoded_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  IssAgentClient *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->recipient = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->recipient != NULL && iss_agent_link_is_closed (self->link))
    g_set_error_literal (&error, ISS_ERROR, ISS_ERROR_CLOSED,
                         _("The connection ended while the agent introduced itself"));
  if (error != NULL)
    {
      iss_agent_link_close (self->link, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_signal_connect_swapped (self->link, "closed", G_CALLBACK (link_closed_cb), self);
  g_signal_connect_swapped (self->link, "changed", G_CALLBACK (link_changed_cb), self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(IssAgentClient) self = NULL;
  g_autoptr(IssAgentLink) link = NULL;
  g_autoptr(GVariant) hello = NULL;
  g_autoptr(GBytes) recipient = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) decoding = NULL;

  link = iss_agent_link_open_finish (result, &hello, &error);
  if (link == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self = g_object_new (ISS_TYPE_AGENT_CLIENT, NULL);
  self->link = g_steal_pointer (&link);
  if (!read_hello (self, hello, &recipient, &error))
    {
      iss_agent_link_close (self->link, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_set_task_data (task, g_steal_pointer (&self), g_object_unref);
  decoding = g_task_new (NULL, g_task_get_cancellable (task), recipient_decoded_cb,
                         g_object_ref (task));
  g_task_set_task_data (decoding, g_steal_pointer (&recipient), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (decoding, decode_recipient);
}

/**
 * iss_agent_client_open_async:
 * @address: the server
 * @launch: how to start agents
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is open, or is not going to be
 * @user_data: for @callback
 *
 * Connects to a server's agent. Ends by itself with %ISS_ERROR_UNREACHABLE after 60 seconds,
 * 120 when somebody may be asked a question (see #IssLaunch). The program ignores SIGPIPE.
 */
void
iss_agent_client_open_async (IssConnectionAddress *address,
                             const IssLaunch      *launch,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (address != NULL);
  g_return_if_fail (launch != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_client_open_async);
  iss_agent_link_open_async (address, launch, cancellable, opened_cb, g_object_ref (task));
}

/**
 * iss_agent_client_open_finish:
 * @result: what the callback got
 * @error: return location for an error: why not, see iss_ssh_failure_new()
 *
 * Returns: (transfer full): an open connection
 */
IssAgentClient *
iss_agent_client_open_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_client_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * iss_agent_client_close:
 * @self: a client
 *
 * Ends the connection; what is pending fails with %ISS_ERROR_CLOSED. The agent ends by it.
 */
void
iss_agent_client_close (IssAgentClient *self)
{
  g_autoptr(GError) reason = NULL;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));

  reason = g_error_new_literal (ISS_ERROR, ISS_ERROR_CLOSED,
                                _("The connection to the server was closed here"));
  iss_agent_link_close (self->link, reason);
}

/**
 * iss_agent_client_is_closed:
 * @self: a client
 *
 * Returns: whether the connection is gone
 */
gboolean
iss_agent_client_is_closed (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), TRUE);

  return iss_agent_link_is_closed (self->link);
}

/**
 * iss_agent_client_get_server_id:
 * @self: a client
 *
 * Returns: what tells this server from every other
 */
const char *
iss_agent_client_get_server_id (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->server_id;
}

/**
 * iss_agent_client_get_host_key:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): see iss_agent_link_get_host_key()
 */
const char *
iss_agent_client_get_host_key (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return iss_agent_link_get_host_key (self->link);
}

/**
 * iss_agent_client_get_version:
 * @self: a client
 *
 * Returns: the agent's version
 */
const char *
iss_agent_client_get_version (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->version;
}

/**
 * iss_agent_client_get_owner:
 * @self: a client
 *
 * Returns: the account on the server that owns the root folder
 */
const char *
iss_agent_client_get_owner (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->owner;
}

/**
 * iss_agent_client_get_role:
 * @self: a client
 *
 * Returns: "operator", or "viewer" who may not change anything there
 */
const char *
iss_agent_client_get_role (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->role;
}

/**
 * iss_agent_client_get_zone:
 * @self: a client
 *
 * Returns: the name of the server's time zone, as it says; "" if it does not
 */
const char *
iss_agent_client_get_zone (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->zone;
}

/**
 * iss_agent_client_get_scheduler:
 * @self: a client
 *
 * Returns: who runs due tasks there: "none" or "resident since …"
 */
const char *
iss_agent_client_get_scheduler (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->scheduler;
}

/**
 * iss_agent_client_get_parser_lacks:
 * @self: a client
 *
 * Returns: which walls around the process that reads files there the system does not have
 */
IssParserLacks
iss_agent_client_get_parser_lacks (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), ISS_PARSER_LACKS_ALL);

  return self->parser_lacks;
}

/**
 * iss_agent_client_get_recipient:
 * @self: a client
 *
 * Returns: (transfer none): the certificate to which secrets for this connection are sealed
 */
IssCertificate *
iss_agent_client_get_recipient (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), NULL);

  return self->recipient;
}

/**
 * iss_agent_client_get_hello_time:
 * @self: a client
 *
 * Returns: the server's clock when the connection was made, seconds since 1970
 */
gint64
iss_agent_client_get_hello_time (IssAgentClient *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), 0);

  return self->hello_time;
}

/**
 * iss_agent_client_get_measured:
 * @self: a client
 * @out_monotonic: (out): when that was, by the monotonic clock, in microseconds
 *
 * Each Hello and each look measures the server's clock, less half of the time on the way.
 *
 * Returns: the server's clock then, microseconds since 1970; 0: it says nothing of use
 */
gint64
iss_agent_client_get_measured (IssAgentClient *self,
                               gint64         *out_monotonic)
{
  g_return_val_if_fail (ISS_IS_AGENT_CLIENT (self), 0);

  *out_monotonic = self->measured_monotonic;
  return self->measured_time;
}

/* A call of one method on @self. */
GTask *
iss_agent_client_new_task (IssAgentClient      *self,
                           gpointer             source_tag,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  /* An answer that has come is handed out. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* The options of Judge. */
GVariant *
iss_agent_client_new_options (const char        *server_name,
                              const char *const *sip_domains,
                              gboolean           force,
                              gboolean           what_if)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "server-name", "s", server_name != NULL ? server_name : "");
  if (sip_domains != NULL)
    g_variant_dict_insert_value (&dict, "sip-domains", g_variant_new_strv (sip_domains, -1));
  g_variant_dict_insert (&dict, "force", "b", force);
  g_variant_dict_insert (&dict, "what-if", "b", what_if);
  return g_variant_dict_end (&dict);
}
