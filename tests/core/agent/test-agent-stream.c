/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-stream.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/lib/wait.h"

/* Both ends of a stream; the agent's is served by a thread. */
typedef struct
{
  GIOStream       *console;
  GIOStream       *agent;
  const char      *before;      /* what the agent's end says before the greeting */
  gboolean         greets;
  GDBusConnection *accepted;
  GError          *accept_error;
  GThread         *thread;
  GAsyncResult    *result;
} Fixture;

static void
set_up (Fixture  *fixture,
        gboolean  socket)
{
  g_autoptr(GError) error = NULL;
  int to_agent[2], to_console[2];

  if (socket)
    {
      g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to_agent));
      fixture->console = iss_agent_stream_new_for_fds (to_agent[0], to_agent[0], &error);
      g_assert_no_error (error);
      /* As an agent has it: two descriptors of one socket. */
      fixture->agent = iss_agent_stream_new_for_fds (to_agent[1], dup (to_agent[1]), &error);
      g_assert_no_error (error);
      g_assert_true (G_IS_SOCKET_CONNECTION (fixture->console));
      g_assert_true (G_IS_SOCKET_CONNECTION (fixture->agent));
    }
  else
    {
      g_assert_true (g_unix_open_pipe (to_agent, FD_CLOEXEC, &error));
      g_assert_true (g_unix_open_pipe (to_console, FD_CLOEXEC, &error));
      fixture->console = iss_agent_stream_new_for_fds (to_console[0], to_agent[1], &error);
      g_assert_no_error (error);
      fixture->agent = iss_agent_stream_new_for_fds (to_agent[0], to_console[1], &error);
      g_assert_no_error (error);
      g_assert_cmpint (fcntl (to_agent[1], F_GETFL) & O_NONBLOCK, !=, 0);
      g_assert_cmpint (fcntl (to_console[0], F_GETFL) & O_NONBLOCK, !=, 0);
    }
}

static void
tear_down (Fixture *fixture)
{
  g_clear_object (&fixture->console);
  g_clear_object (&fixture->agent);
  g_clear_object (&fixture->accepted);
  g_clear_error (&fixture->accept_error);
  g_clear_object (&fixture->result);
}

static gpointer
agent_thread (gpointer data)
{
  Fixture *fixture = data;

  if (fixture->before != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (fixture->agent), fixture->before,
                               strlen (fixture->before), NULL, NULL, NULL);

  if (!fixture->greets || !iss_agent_stream_greet (fixture->agent, NULL))
    {
      g_io_stream_close (fixture->agent, NULL, NULL);
      return NULL;
    }

  fixture->accepted = iss_agent_stream_accept (fixture->agent, NULL, &fixture->accept_error);
  return NULL;
}

static void
store_result_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}

static GDBusConnection *
connect_both (Fixture  *fixture,
              GError  **error)
{
  GDBusConnection *connection;

  fixture->thread = g_thread_new ("agent", agent_thread, fixture);
  iss_agent_stream_connect_async (fixture->console, NULL, store_result_cb, fixture);
  iss_wait_until (fixture->result != NULL);
  connection = iss_agent_stream_connect_finish (fixture->result, error);
  if (connection == NULL)
    g_io_stream_close (fixture->console, NULL, NULL);
  g_thread_join (g_steal_pointer (&fixture->thread));
  return connection;
}

static void
test_good (gconstpointer data)
{
  const char *const before[] =
    {
      NULL,
      "\n",
      "Welcome to fe01\nLast login: today\n",
      "no newline at its end",
      /* Nearly, but not quite. */
      "@@org.issuant.Agent1/1 READ\n\n@@org.issuant.Agent1/2 READY\n",
      "\n@@org.issuant\n@@org.issuant.Agent1/1 READ",
    };

  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    {
      Fixture fixture = { .before = before[i], .greets = TRUE };
      g_autoptr(GDBusConnection) connection = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", before[i] != NULL ? before[i] : "(nothing)");
      set_up (&fixture, GPOINTER_TO_INT (data));
      connection = connect_both (&fixture, &error);
      g_assert_no_error (error);
      g_assert_no_error (fixture.accept_error);
      g_assert_nonnull (fixture.accepted);
      g_assert_false (g_dbus_connection_is_closed (connection));
      g_dbus_connection_close_sync (connection, NULL, NULL);
      tear_down (&fixture);
    }
}

static void
test_bad (gconstpointer data)
{
  g_autofree char *flood = g_strnfill (ISS_AGENT_STREAM_MAX_NOISE + 1, 'x');
  const struct
    {
      const char *before;
      gboolean greets;
      IssError code;
      const char *message;
    } cases[] =
    {
      { NULL, FALSE, ISS_ERROR_CLOSED, "ended before" },
      { " \n", FALSE, ISS_ERROR_CLOSED, "ended before" },
      { "This account\x1B is not available.\n", FALSE, ISS_ERROR_PROTOCOL, "is not available." },
      { flood, TRUE, ISS_ERROR_PROTOCOL, "xxxx" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { .before = cases[i].before, .greets = cases[i].greets };
      g_autoptr(GError) error = NULL;

      set_up (&fixture, GPOINTER_TO_INT (data));
      g_assert_null (connect_both (&fixture, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_cmpuint (strlen (error->message), <, 400);
      g_assert_null (strchr (error->message, '\x1B'));
      tear_down (&fixture);
    }
}

static void
test_cancelled (void)
{
  Fixture fixture = { NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  set_up (&fixture, FALSE);
  iss_agent_stream_connect_async (fixture.console, cancellable, store_result_cb, &fixture);
  iss_wait_for_idle ();
  g_assert_null (fixture.result);
  g_cancellable_cancel (cancellable);
  iss_wait_until (fixture.result != NULL);
  g_assert_null (iss_agent_stream_connect_finish (fixture.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&fixture);
}

/* A peer that offers only a mechanism which would write into our home folder. */
static gpointer
cookie_thread (gpointer data)
{
  Fixture *fixture = data;
  GInputStream *input = g_io_stream_get_input_stream (fixture->agent);
  GOutputStream *output = g_io_stream_get_output_stream (fixture->agent);
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (input);
  const char *rejected = "REJECTED DBUS_COOKIE_SHA1\r\n";

  iss_agent_stream_greet (fixture->agent, NULL);
  g_data_input_stream_read_byte (lines, NULL, NULL);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL)
        break;
      g_assert_null (strstr (line, "DBUS_COOKIE_SHA1"));
      g_output_stream_write_all (output, rejected, strlen (rejected), NULL, NULL, NULL);
    }

  return NULL;
}

static void
test_cookie_only (gconstpointer data)
{
  Fixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  set_up (&fixture, GPOINTER_TO_INT (data));
  fixture.thread = g_thread_new ("agent", cookie_thread, &fixture);
  iss_agent_stream_connect_async (fixture.console, NULL, store_result_cb, &fixture);
  iss_wait_until (fixture.result != NULL);
  g_assert_null (iss_agent_stream_connect_finish (fixture.result, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
  g_io_stream_close (fixture.console, NULL, NULL);
  g_thread_join (fixture.thread);
  tear_down (&fixture);
}

/* And the other way round: a caller that wants it from the agent. */
static void
test_cookie_wanted (void)
{
  Fixture fixture = { .greets = TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *greeting = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *empty = NULL;
  const char *wish = "\0AUTH DBUS_COOKIE_SHA1 726f6f74\r\n";

  set_up (&fixture, FALSE);
  fixture.thread = g_thread_new ("agent", agent_thread, &fixture);
  lines = g_data_input_stream_new (g_io_stream_get_input_stream (fixture.console));
  empty = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  greeting = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_cmpstr (greeting, ==, "@@org.issuant.Agent1/1 READY");
  g_output_stream_write_all (g_io_stream_get_output_stream (fixture.console), wish,
                             1 + strlen (wish + 1), NULL, NULL, &error);
  g_assert_no_error (error);
  answer = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_nonnull (answer);
  g_assert_true (g_str_has_prefix (answer, "REJECTED"));
  g_io_stream_close (fixture.console, NULL, NULL);
  g_thread_join (fixture.thread);
  g_assert_null (fixture.accepted);
  g_clear_object (&lines);
  tear_down (&fixture);
}

/* Descriptors 0 and 1 are nobody's afterwards. */
static void
test_take_stdio (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GIOStream) stream = iss_agent_stream_take_stdio (&error);
      char byte;

      g_assert_no_error (error);
      g_assert_cmpint (read (STDIN_FILENO, &byte, 1), ==, 0);
      g_assert_cmpint (write (STDOUT_FILENO, "printed", 7), ==, 7);
      g_assert_cmpint (fcntl (10, F_GETFD), ==, FD_CLOEXEC);
      g_assert_cmpint (fcntl (11, F_GETFD), ==, FD_CLOEXEC);
      g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                                                "protocol", 8, NULL, NULL, NULL));
      _exit (0);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*printed*");
  g_test_trap_assert_stdout ("*protocol*");
  g_test_trap_assert_stdout_unmatched ("*printed*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/agent-stream/good/socket", GINT_TO_POINTER (TRUE), test_good);
  g_test_add_data_func ("/agent-stream/good/pipes", GINT_TO_POINTER (FALSE), test_good);
  g_test_add_data_func ("/agent-stream/bad/socket", GINT_TO_POINTER (TRUE), test_bad);
  g_test_add_data_func ("/agent-stream/bad/pipes", GINT_TO_POINTER (FALSE), test_bad);
  g_test_add_func ("/agent-stream/cancelled", test_cancelled);
  g_test_add_data_func ("/agent-stream/cookie-only/socket", GINT_TO_POINTER (TRUE),
                        test_cookie_only);
  g_test_add_data_func ("/agent-stream/cookie-only/pipes", GINT_TO_POINTER (FALSE),
                        test_cookie_only);
  g_test_add_func ("/agent-stream/cookie-wanted", test_cookie_wanted);
  g_test_add_func ("/agent-stream/take-stdio", test_take_stdio);

  return g_test_run ();
}
