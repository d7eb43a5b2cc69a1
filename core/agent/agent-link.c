/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-link.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-child.h"
#include "core/agent/agent-client.h"
#include "core/agent/agent-stream.h"
#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define PATIENCE_SECONDS 60
#define PATIENCE_WITH_ASKPASS_SECONDS 120
#define MAX_MESSAGE 4096

/**
 * IssAgentLink:
 *
 * A child process and the D-Bus connection over its stdin and stdout. Everything that comes
 * in is a server's, which may be hostile: only replies and one signal are let through, and no
 * reply over 16 MiB.
 */
struct _IssAgentLink
{
  GObject          parent_instance;

  /* Owned */
  IssAgentChild   *child;
  GDBusConnection *connection;
  GVariant        *hello;
  gint64           hello_sent;      /* monotonic */
  gint64           hello_received;
  GError          *reason;         /* why it is closed, once that is known */
  int             *oversized;      /* counted: GDBus's thread sets it, maybe after us */

  guint            changed_id;     /* subscription */
  guint            filter_id;
  gboolean         closed;
  gboolean         told;           /* "closed" was emitted */
};

enum
{
  CLOSED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssAgentLink, iss_agent_link, G_TYPE_OBJECT)

typedef struct
{
  /* Owned */
  IssConnectionAddress *address;
  GCancellable         *cancellable;   /* ours: the caller's, or the guard */
  GCancellable         *callers;       /* (nullable) */
  GSource              *callers_source;
  IssAgentLink         *link;
  GError               *error;         /* what went wrong, before it is explained */

  guint                 guard;         /* source id */
  guint                 patience;
  gboolean              timed_out;
} Opening;

static void
opening_free (Opening *opening)
{
  g_clear_handle_id (&opening->guard, g_source_remove);
  if (opening->callers_source != NULL)
    g_source_destroy (opening->callers_source);
  g_clear_pointer (&opening->callers_source, g_source_unref);
  g_clear_pointer (&opening->address, iss_connection_address_unref);
  g_clear_object (&opening->cancellable);
  g_clear_object (&opening->callers);
  g_clear_object (&opening->link);
  g_clear_error (&opening->error);
  g_free (opening);
}

static void
iss_agent_link_dispose (GObject *object)
{
  IssAgentLink *self = ISS_AGENT_LINK (object);

  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      if (self->changed_id != 0)
        g_dbus_connection_signal_unsubscribe (self->connection, self->changed_id);
      if (self->filter_id != 0)
        g_dbus_connection_remove_filter (self->connection, self->filter_id);
      self->changed_id = self->filter_id = 0;
      if (!g_dbus_connection_is_closed (self->connection))
        g_dbus_connection_close (self->connection, NULL, NULL, NULL);
    }

  if (self->child != NULL)
    iss_agent_child_dismiss (self->child);

  g_clear_object (&self->connection);
  g_clear_object (&self->child);
  g_clear_pointer (&self->hello, g_variant_unref);
  g_clear_error (&self->reason);
  g_clear_pointer (&self->oversized, g_atomic_rc_box_release);

  G_OBJECT_CLASS (iss_agent_link_parent_class)->dispose (object);
}

static void
iss_agent_link_class_init (IssAgentLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_agent_link_dispose;

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_agent_link_init (IssAgentLink *self)
{
  self->oversized = g_atomic_rc_box_new0 (int);
}

static GError *
new_too_large (void)
{
  return g_error_new (ISS_ERROR, ISS_ERROR_TOO_LARGE,
                      _("The server's answer is larger than %d MiB: the connection was closed"),
                      ISS_AGENT_WIRE_MAX_REPLY / (1024 * 1024));
}

static void
tell_closed (IssAgentLink *self,
             GError       *reason)
{
  if (self->told)
    return;

  self->told = TRUE;
  if (self->reason == NULL)
    self->reason = g_error_copy (reason);
  g_object_ref (self);
  g_signal_emit (self, signals[CLOSED], 0, self->reason);
  g_object_unref (self);
}

static void
explained_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(IssAgentLink) self = ISS_AGENT_LINK (user_data);
  g_autoptr(GError) reason = iss_agent_child_explain_finish (ISS_AGENT_CHILD (object), result);

  tell_closed (self, reason);
}

static void
connection_closed_cb (IssAgentLink *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  if (g_atomic_int_get (self->oversized))
    {
      g_autoptr(GError) reason = new_too_large ();

      iss_agent_child_dismiss (self->child);
      tell_closed (self, reason);
      return;
    }

  iss_agent_child_explain_async (self->child, explained_cb, g_object_ref (self));
}

static void
changed_cb (GDBusConnection *connection,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *signal,
            GVariant        *parameters,
            gpointer         user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
}

/* In GDBus's thread. */
static GDBusMessage *
filter_cb (GDBusConnection *connection,
           GDBusMessage    *message,
           gboolean         incoming,
           gpointer         user_data)
{
  int *oversized = user_data;
  GVariant *body = g_dbus_message_get_body (message);

  if (!incoming)
    return message;

  if (body != NULL && g_variant_get_size (body) > ISS_AGENT_WIRE_MAX_REPLY)
    {
      g_atomic_int_set (oversized, TRUE);
      g_dbus_connection_close (connection, NULL, NULL, NULL);
      g_object_unref (message);
      return NULL;
    }

  /* Nothing of ours is for a server to call, not even what GDBus answers by itself. */
  if (g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    {
      g_object_unref (message);
      return NULL;
    }

  return message;
}

static void
adopt (IssAgentLink    *self,
       GDBusConnection *connection)
{
  self->connection = connection;
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (connection_closed_cb), self);

  self->filter_id = g_dbus_connection_add_filter (connection, filter_cb,
                                                  g_atomic_rc_box_acquire (self->oversized),
                                                  g_atomic_rc_box_release);
  self->changed_id = g_dbus_connection_signal_subscribe (connection, NULL,
                                                         ISS_AGENT_WIRE_INTERFACE, "Changed",
                                                         ISS_AGENT_WIRE_PATH, NULL,
                                                         G_DBUS_SIGNAL_FLAGS_NONE,
                                                         changed_cb, self, NULL);
  g_dbus_connection_start_message_processing (connection);
}

/* What a server may say about its own state; that it is not reached is ours to say. */
static IssError
admit_code (int code)
{
  if (code < ISS_ERROR_UNREACHABLE || code == ISS_ERROR_PROTOCOL || code == ISS_ERROR_STAGED)
    return (IssError) code;

  return ISS_ERROR_FAILED;
}

static GError *
translate_remote (GError *error)
{
  g_autofree char *text = NULL;

  g_dbus_error_strip_remote_error (error);
  text = iss_text_sanitise (error->message, -1, MAX_MESSAGE);

  if (error->domain == ISS_ERROR)
    return g_error_new_literal (ISS_ERROR, admit_code (error->code), text);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("It was cancelled"));

  return g_error_new (ISS_ERROR, ISS_ERROR_PROTOCOL,
                      _("The agent does not understand this console: %s"), text);
}

static GError *
translate (IssAgentLink *self,
           GError       *error)
{
  g_autofree char *text = NULL;

  if (g_dbus_error_is_remote_error (error))
    return translate_remote (error);

  if (error->domain == ISS_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  if (g_atomic_int_get (self->oversized))
    return new_too_large ();

  if (self->closed || g_dbus_connection_is_closed (self->connection) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new_literal (ISS_ERROR, ISS_ERROR_CLOSED,
                                _("The connection ended before the server had answered"));

  text = iss_text_sanitise (error->message, -1, MAX_MESSAGE);
  return g_error_new (ISS_ERROR, ISS_ERROR_PROTOCOL,
                      _("The server's answer cannot be understood: %s"), text);
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  IssAgentLink *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, translate (self, error));
}

/**
 * iss_agent_link_call_async:
 * @self: a link
 * @method: a method of org.issuant.Agent1
 * @parameters: (transfer floating) (nullable): its arguments, a tuple
 * @reply_type: the type of its answer; another one is an error
 * @cancellable: (nullable): stops the wait, not the agent
 * @callback: called when it has answered
 * @user_data: for @callback
 *
 * Calls a method. There is no time limit: ssh notices when the server is gone.
 */
void
iss_agent_link_call_async (IssAgentLink        *self,
                           const char          *method,
                           GVariant            *parameters,
                           const char          *reply_type,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GVariant) kept = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_AGENT_LINK (self));
  g_return_if_fail (method != NULL);

  kept = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_link_call_async);
  /* An answer that has come is handed out. */
  g_task_set_check_cancellable (task, FALSE);

  if (iss_agent_link_is_closed (self))
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_CLOSED,
                               _("The connection to the server has ended"));
      return;
    }

  g_dbus_connection_call (self->connection, NULL, ISS_AGENT_WIRE_PATH, ISS_AGENT_WIRE_INTERFACE,
                          method, kept, G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NONE,
                          G_MAXINT, cancellable, called_cb, g_object_ref (task));
}

/**
 * iss_agent_link_call_finish:
 * @self: a link
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer
 */
GVariant *
iss_agent_link_call_finish (IssAgentLink  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * iss_agent_link_is_closed:
 * @self: a link
 *
 * Returns: whether nothing can be called any more
 */
gboolean
iss_agent_link_is_closed (IssAgentLink *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_LINK (self), TRUE);

  return self->closed || self->connection == NULL ||
         g_dbus_connection_is_closed (self->connection);
}

/**
 * iss_agent_link_close:
 * @self: a link
 * @reason: why
 *
 * Closes it; the child ends by that. Emits "closed".
 */
void
iss_agent_link_close (IssAgentLink *self,
                      GError       *reason)
{
  g_return_if_fail (ISS_IS_AGENT_LINK (self));
  g_return_if_fail (reason != NULL);

  if (self->closed)
    return;

  self->closed = TRUE;
  g_dbus_connection_close (self->connection, NULL, NULL, NULL);
  iss_agent_child_dismiss (self->child);
  tell_closed (self, reason);
}

static const char *
get_name (IssConnectionAddress *address)
{
  const char *host = iss_connection_address_get_host (address);

  return host != NULL ? host : iss_connection_address_get_uri (address);
}

/* ssh's or the agent's own words say more than that the stream has ended. */
static void
open_explained_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr(GError) said = iss_agent_child_explain_finish (ISS_AGENT_CHILD (object), result);

  /* An agent that says that it was cut off was cut off by us. */
  if (!g_error_matches (opening->error, ISS_ERROR, ISS_ERROR_CLOSED) &&
      (g_error_matches (said, ISS_ERROR, ISS_ERROR_CLOSED) ||
       g_error_matches (said, ISS_ERROR, ISS_ERROR_FAILED)))
    {
      g_prefix_error (&opening->error, "%s: ", get_name (opening->address));
      g_task_return_error (task, g_steal_pointer (&opening->error));
      return;
    }

  g_task_return_error (task, g_steal_pointer (&said));
}

static void
fail (GTask  *task,
      GError *error)
{
  Opening *opening = g_task_get_task_data (task);
  IssAgentChild *child = opening->link->child;

  if (opening->link->connection != NULL)
    {
      opening->link->closed = TRUE;
      g_dbus_connection_close (opening->link->connection, NULL, NULL, NULL);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_io_stream_close (iss_agent_child_get_stream (child), NULL, NULL);
    }

  /* A cancel may come when a connection was just made: GDBus's thread reads from the stream
   * then, which closes when the last of its users lets go of it. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      iss_agent_child_kill (child);
      if (opening->timed_out)
        g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_UNREACHABLE,
                                 _("%s has not answered within %u seconds"),
                                 get_name (opening->address), opening->patience);
      else
        g_task_return_error (task, g_error_copy (error));
      return;
    }

  opening->error = g_error_copy (error);
  iss_agent_child_explain_async (child, open_explained_cb, g_object_ref (task));
}

static void
hello_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  guint32 protocol;

  opening->link->hello = iss_agent_link_call_finish (opening->link, result, &error);
  opening->link->hello_received = g_get_monotonic_time ();
  if (opening->link->hello == NULL)
    {
      fail (task, error);
      return;
    }

  g_variant_get (opening->link->hello, "(u@a{sv})", &protocol, NULL);
  if (protocol != ISS_AGENT_PROTOCOL)
    {
      GError *reason = g_error_new (ISS_ERROR, ISS_ERROR_PROTOCOL,
                                    _("%s speaks protocol %u, this console needs %u"),
                                    get_name (opening->address), protocol, ISS_AGENT_PROTOCOL);

      iss_agent_link_close (opening->link, reason);
      g_task_return_error (task, reason);
      return;
    }

  g_task_return_pointer (task, g_object_ref (opening->link), g_object_unref);
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = iss_agent_stream_connect_finish (result, &error);

  if (connection == NULL)
    {
      fail (task, error);
      return;
    }

  adopt (opening->link, connection);
  opening->link->hello_sent = g_get_monotonic_time ();
  iss_agent_link_call_async (opening->link, "Hello",
                             g_variant_new ("(u@a{sv})", ISS_AGENT_PROTOCOL,
                                            g_variant_new ("a{sv}", NULL)),
                             "(ua{sv})", opening->cancellable, hello_cb, g_object_ref (task));
}

static gboolean
guard_cb (gpointer user_data)
{
  Opening *opening = user_data;

  opening->guard = 0;
  opening->timed_out = TRUE;
  g_cancellable_cancel (opening->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
caller_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  Opening *opening = user_data;

  g_cancellable_cancel (opening->cancellable);
  return G_SOURCE_REMOVE;
}

static void
set_guards (Opening         *opening,
            const IssLaunch *launch,
            GCancellable    *cancellable)
{
  opening->cancellable = g_cancellable_new ();
  opening->patience = launch->patience;
  if (opening->patience == 0)
    opening->patience = launch->askpass != NULL ? PATIENCE_WITH_ASKPASS_SECONDS
                                                : PATIENCE_SECONDS;
  opening->guard = g_timeout_add_seconds (opening->patience, guard_cb, opening);

  if (cancellable == NULL)
    return;

  opening->callers = g_object_ref (cancellable);
  opening->callers_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (opening->callers_source, G_SOURCE_FUNC (caller_cancelled_cb),
                         opening, NULL);
  g_source_attach (opening->callers_source, NULL);
}

/**
 * iss_agent_link_open_async:
 * @address: the server
 * @launch: how to start agents
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is open, or is not going to be
 * @user_data: for @callback
 *
 * Starts the agent (or ssh), skips what a login shell says, authenticates, says Hello. Gives
 * up after the launch's patience with %ISS_ERROR_UNREACHABLE.
 */
void
iss_agent_link_open_async (IssConnectionAddress *address,
                           const IssLaunch      *launch,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Opening *opening;

  g_return_if_fail (address != NULL);
  g_return_if_fail (launch != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_link_open_async);

  opening = g_new0 (Opening, 1);
  opening->address = iss_connection_address_ref (address);
  opening->link = g_object_new (ISS_TYPE_AGENT_LINK, NULL);
  g_task_set_task_data (task, opening, (GDestroyNotify) opening_free);

  /* Errors keep their codes on the wire only if they are registered. */
  g_assert (iss_error_quark () != 0);

  opening->link->child = iss_agent_child_spawn (address, launch, &error);
  if (opening->link->child == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  set_guards (opening, launch, cancellable);
  iss_agent_stream_connect_async (iss_agent_child_get_stream (opening->link->child),
                                  opening->cancellable, connected_cb, g_object_ref (task));
}

/**
 * iss_agent_link_open_finish:
 * @result: what the callback got
 * @out_hello: (out) (transfer full): what Hello answered, an a{sv}
 * @error: return location for an error
 *
 * Returns: (transfer full): an open link
 */
IssAgentLink *
iss_agent_link_open_finish (GAsyncResult  *result,
                            GVariant     **out_hello,
                            GError       **error)
{
  IssAgentLink *self;

  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_link_open_async), NULL);

  self = g_task_propagate_pointer (G_TASK (result), error);
  if (self != NULL)
    g_variant_get (self->hello, "(u@a{sv})", NULL, out_hello);
  return self;
}

/**
 * iss_agent_link_get_host_key:
 * @self: a link
 *
 * Returns: (transfer none) (nullable): the ssh host key that it was made under, as soon as ssh has
 *   told it; %NULL for a local agent, too
 */
const char *
iss_agent_link_get_host_key (IssAgentLink *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_LINK (self), NULL);

  return iss_agent_child_get_host_key (self->child);
}

/**
 * iss_agent_link_get_hello_times:
 * @self: a link
 * @out_sent: (out): when Hello was sent, by the monotonic clock, in microseconds
 * @out_received: (out): when it was answered
 */
void
iss_agent_link_get_hello_times (IssAgentLink *self,
                                gint64       *out_sent,
                                gint64       *out_received)
{
  g_return_if_fail (ISS_IS_AGENT_LINK (self));

  *out_sent = self->hello_sent;
  *out_received = self->hello_received;
}
