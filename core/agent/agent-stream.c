/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define FIRST_PROTOCOL_FD 10
#define NOISE_SHOWN 200
#define BYTES_A_TURN 4096

typedef struct
{
  GIOStream *stream;   /* owned */
  GString   *noise;    /* what came before the greeting, with what has matched of it */
  gsize      matched;
} Connecting;

static void
connecting_free (Connecting *connecting)
{
  g_object_unref (connecting->stream);
  g_string_free (connecting->noise, TRUE);
  g_free (connecting);
}

/* Sockets know who is at the other end; pipes do not, and need not: one end is our child's or
 * ssh's. Exactly one mechanism each, or a peer could choose DBUS_COOKIE_SHA1. */
static const char *
mechanism_for (GIOStream *stream)
{
  return G_IS_SOCKET_CONNECTION (stream) ? "EXTERNAL" : "ANONYMOUS";
}

static gboolean
allow_mechanism_cb (GDBusAuthObserver *observer,
                    const char        *mechanism,
                    const char        *allowed)
{
  return strcmp (mechanism, allowed) == 0;
}

static GDBusAuthObserver *
observer_new (GIOStream *stream)
{
  GDBusAuthObserver *observer = g_dbus_auth_observer_new ();

  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_mechanism_cb),
                    (gpointer) mechanism_for (stream));
  return observer;
}

static gboolean
set_nonblocking (int      fd,
                 GError **error)
{
  int flags = fcntl (fd, F_GETFL);

  if (flags >= 0 && fcntl (fd, F_SETFL, flags | O_NONBLOCK) >= 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The connection cannot be set up"));
  return FALSE;
}

/**
 * iss_agent_stream_new_for_fds:
 * @in: (transfer full): where to read, a socket or a pipe
 * @out: (transfer full): where to write; the same socket (the same or another descriptor of
 *   it), or a pipe
 * @error: return location for an error
 *
 * Makes one stream of two descriptors, which never block: all connections of a program share
 * one worker thread, and one stopped peer would hold up all others. The descriptors are closed
 * if it fails.
 *
 * Returns: (transfer full): the stream
 */
GIOStream *
iss_agent_stream_new_for_fds (int      in,
                              int      out,
                              GError **error)
{
  struct stat in_stat, out_stat;
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = NULL;

  g_return_val_if_fail (in >= 0, NULL);
  g_return_val_if_fail (out >= 0, NULL);

  /* g_socket_new_from_fd() closes what turns out not to be a socket: look first. */
  if (fstat (in, &in_stat) == 0 && fstat (out, &out_stat) == 0 &&
      S_ISSOCK (in_stat.st_mode) &&
      in_stat.st_dev == out_stat.st_dev && in_stat.st_ino == out_stat.st_ino)
    {
      g_autoptr(GSocket) socket = NULL;

      if (out != in)
        close (out);

      socket = g_socket_new_from_fd (in, error);
      if (socket == NULL)
        return NULL;

      return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
    }

  input = g_unix_input_stream_new (in, TRUE);
  output = g_unix_output_stream_new (out, TRUE);

  if (!set_nonblocking (in, error) || !set_nonblocking (out, error))
    return NULL;

  return g_simple_io_stream_new (input, output);
}

/**
 * iss_agent_stream_take_stdio:
 * @error: return location for an error
 *
 * Takes stdin and stdout away from everything else in the process: they become the protocol's
 * stream, stdin is empty from then on, and what anything prints goes to stderr. The first
 * thing that an agent does, before any library starts.
 *
 * Returns: (transfer full): the stream
 */
GIOStream *
iss_agent_stream_take_stdio (GError **error)
{
  int in, out, null;

  if (isatty (STDIN_FILENO) || isatty (STDOUT_FILENO))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--stdio speaks to a console through pipes, not to a terminal"));
      return NULL;
    }

  in = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, FIRST_PROTOCOL_FD);
  out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, FIRST_PROTOCOL_FD);
  null = open ("/dev/null", O_RDWR | O_CLOEXEC);

  /* A missing stderr must not become something that is opened later. */
  if (null >= 0 && fcntl (STDERR_FILENO, F_GETFD) < 0)
    dup2 (null, STDERR_FILENO);

  if (in < 0 || out < 0 || null < 0 ||
      dup2 (null, STDIN_FILENO) < 0 || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    {
      iss_error_set_from_errno (error, errno, _("The connection cannot be set up"));
      if (in >= 0)
        close (in);
      if (out >= 0)
        close (out);
      if (null > STDERR_FILENO)
        close (null);
      return NULL;
    }

  if (null > STDERR_FILENO)
    close (null);

  return iss_agent_stream_new_for_fds (in, out, error);
}

/**
 * iss_agent_stream_greet:
 * @stream: the agent's stream
 * @error: return location for an error
 *
 * Writes the greeting line, so that the console knows where a login shell's noise ends.
 * Nothing may follow it until the console has spoken.
 *
 * Returns: whether it was written
 */
gboolean
iss_agent_stream_greet (GIOStream  *stream,
                        GError    **error)
{
  g_return_val_if_fail (G_IS_IO_STREAM (stream), FALSE);

  return g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                                    ISS_AGENT_STREAM_GREETING,
                                    strlen (ISS_AGENT_STREAM_GREETING),
                                    NULL, NULL, error);
}

/**
 * iss_agent_stream_accept:
 * @stream: the agent's stream, after the greeting
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * The agent's side of the D-Bus handshake. Blocks. No message is handled until
 * g_dbus_connection_start_message_processing().
 *
 * Returns: (transfer full): the connection
 */
GDBusConnection *
iss_agent_stream_accept (GIOStream     *stream,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(GDBusAuthObserver) observer = NULL;
  g_autofree char *guid = NULL;
  GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
                               G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  if (!G_IS_SOCKET_CONNECTION (stream))
    flags |= G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS;

  observer = observer_new (stream);
  guid = g_dbus_generate_guid ();

  return g_dbus_connection_new_sync (stream, guid, flags, observer, cancellable, error);
}

/* One line of at most 200 characters that can be shown. */
static char *
dup_shown (const char *text,
           gsize       length)
{
  g_autofree char *copy = g_strndup (text, length);

  return iss_text_sanitise (g_strstrip (g_strdelimit (copy, "\r\n\t", ' ')), -1, NOISE_SHOWN);
}

static void
return_noise (GTask      *task,
              Connecting *connecting)
{
  g_autofree char *shown = dup_shown (connecting->noise->str, connecting->noise->len);

  if (*shown == '\0')
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_CLOSED,
                             _("The agent ended before it had said anything"));
  else
    g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_PROTOCOL,
                             _("What answers is not issuant-agent: “%s”"), shown);
}

static void
connection_made_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_finish (result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      /* GDBus quotes the peer. */
      g_autofree char *said = dup_shown (error->message, strlen (error->message));

      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_PROTOCOL,
                               _("The agent greets, but does not speak D-Bus: %s"), said);
    }
}

static void
authenticate (GTask      *task,
              Connecting *connecting)
{
  g_autoptr(GDBusAuthObserver) observer = observer_new (connecting->stream);

  g_dbus_connection_new (connecting->stream, NULL,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                         G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         observer, g_task_get_cancellable (task),
                         connection_made_cb, g_object_ref (task));
}

/* Takes one byte; returns whether the greeting is complete. The newline that the greeting
 * begins with may be the start of the stream. */
static gboolean
take_byte (Connecting *connecting,
           char        byte)
{
  const char *greeting = ISS_AGENT_STREAM_GREETING;

  g_string_append_c (connecting->noise, byte);

  if (byte == greeting[connecting->matched])
    connecting->matched++;
  else
    connecting->matched = byte == greeting[0] ? 1 : 0;

  return greeting[connecting->matched] == '\0';
}

/* One byte at a time: what follows the greeting belongs to D-Bus. */
static gboolean
readable_cb (GObject  *object,
             gpointer  user_data)
{
  GTask *task = G_TASK (user_data);
  Connecting *connecting = g_task_get_task_data (task);
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (object);

  for (guint i = 0; i < BYTES_A_TURN; i++)
    {
      g_autoptr(GError) error = NULL;
      char byte;
      gssize n = g_pollable_input_stream_read_nonblocking (input, &byte, 1,
                                                           g_task_get_cancellable (task), &error);

      if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;

      if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return G_SOURCE_REMOVE;
        }

      if (n <= 0 || connecting->noise->len >= ISS_AGENT_STREAM_MAX_NOISE)
        {
          return_noise (task, connecting);
          return G_SOURCE_REMOVE;
        }

      if (take_byte (connecting, byte))
        {
          authenticate (task, connecting);
          return G_SOURCE_REMOVE;
        }
    }

  return G_SOURCE_CONTINUE;
}

/**
 * iss_agent_stream_connect_async:
 * @stream: the console's stream
 * @cancellable: (nullable): a cancellable, the only thing that limits the wait
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * The console's side: skips at most %ISS_AGENT_STREAM_MAX_NOISE bytes until the greeting,
 * then authenticates. No message is handled until g_dbus_connection_start_message_processing().
 */
void
iss_agent_stream_connect_async (GIOStream           *stream,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GSource) source = NULL;
  GInputStream *input;
  Connecting *connecting;

  g_return_if_fail (G_IS_IO_STREAM (stream));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  connecting = g_new0 (Connecting, 1);
  connecting->stream = g_object_ref (stream);
  connecting->noise = g_string_new (NULL);
  connecting->matched = 1;

  task = g_task_new (stream, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_stream_connect_async);
  g_task_set_task_data (task, connecting, (GDestroyNotify) connecting_free);

  input = g_io_stream_get_input_stream (stream);
  source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), cancellable);
  g_source_set_callback (source, G_SOURCE_FUNC (readable_cb), g_object_ref (task),
                         g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/**
 * iss_agent_stream_connect_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Errors: %ISS_ERROR_PROTOCOL with the beginning of what came instead of the greeting;
 * %ISS_ERROR_CLOSED when nothing came.
 *
 * Returns: (transfer full): the connection
 */
GDBusConnection *
iss_agent_stream_connect_finish (GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_stream_connect_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
