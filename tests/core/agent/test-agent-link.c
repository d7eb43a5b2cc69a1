/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The traps of a connection: each of these once hung, crashed or lied. */
#include "core/agent/agent-link.h"

#include <signal.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

static void
open_with (IssAgentFixture *fixture,
           const char      *script)
{
  iss_agent_fixture_set_up (fixture);
  iss_agent_fixture_script (fixture, script);
}

static void
count_cb (IssAgentClient *client,
          GError         *reason,
          guint          *n)
{
  g_assert_error (reason, ISS_ERROR, ISS_ERROR_CLOSED);
  (*n)++;
}

static void
test_noise (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;

  open_with (&fixture, "echo 'Welcome to fe01'; printf 'no newline'; exec \"$AGENT\" \"$@\"");
  iss_agent_fixture_open (&fixture);
  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_too_much_noise (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  open_with (&fixture, "head -c 70000 /dev/zero | tr '\\0' x; exec \"$AGENT\" \"$@\"");
  g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
  iss_agent_fixture_tear_down (&fixture);
}

/* G_MESSAGES_DEBUG makes GLib print on stdout, into the stream if that were still there. */
static void
test_prints_later (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;

  open_with (&fixture, "export G_MESSAGES_DEBUG=all G_DBUS_DEBUG=all; exec \"$AGENT\" \"$@\"");
  iss_agent_fixture_open (&fixture);
  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_never_greets (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  open_with (&fixture, "exec tail -f /dev/null");
  fixture.launch->patience = 1;
  g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNREACHABLE);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_open_cancelled (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  open_with (&fixture, "exec tail -f /dev/null");
  iss_agent_client_open_async (fixture.address, fixture.launch, cancellable,
                               iss_agent_fixture_result_cb, &fixture);
  g_cancellable_cancel (cancellable);
  g_assert_null (iss_agent_client_open_finish (iss_agent_fixture_wait (&fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  iss_agent_fixture_tear_down (&fixture);
}

/* Wherever the cancel falls, the threads of GDBus have the stream to themselves: a stream that
 * was closed under them was a warning, and ended the program in a test. */
static void
test_cancelled_any_time (void)
{
  IssAgentFixture fixture = { NULL };

  iss_agent_fixture_set_up (&fixture);
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(IssAgentClient) client = NULL;
      g_autoptr(GError) error = NULL;

      g_clear_object (&fixture.result);
      iss_agent_client_open_async (fixture.address, fixture.launch, cancellable,
                                   iss_agent_fixture_result_cb, &fixture);
      for (guint turns = 0; turns < i && fixture.result == NULL; turns++)
        g_main_context_iteration (NULL, TRUE);
      g_cancellable_cancel (cancellable);
      client = iss_agent_client_open_finish (iss_agent_fixture_wait (&fixture), &error);
      if (client == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  iss_agent_fixture_tear_down (&fixture);
}

static GPid
read_pid (IssAgentFixture *fixture)
{
  g_autofree char *text = iss_temp_folder_read (fixture->temp, "pid", NULL);

  return (GPid) g_ascii_strtoll (text, NULL, 10);
}

static void
open_with_pid (IssAgentFixture *fixture)
{
  open_with (fixture, "echo $$ >\"$(dirname \"$0\")/pid\"; exec \"$AGENT\" \"$@\"");
  iss_agent_fixture_open (fixture);
}

/* A stopped agent whose socket is full does not hold up another one. */
static void
test_stalled_peer (void)
{
  IssAgentFixture stalled = { NULL };
  IssAgentFixture other = { NULL };
  g_autofree char *large = g_malloc0 (7 * 1024 * 1024);
  g_autoptr(GBytes) file = g_bytes_new_static (large, 7 * 1024 * 1024);
  const IssImportOptions options = { .automatic_store = TRUE };
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;
  GPid pid;

  open_with_pid (&stalled);
  pid = read_pid (&stalled);
  iss_agent_fixture_set_up (&other);
  iss_agent_fixture_open (&other);

  g_assert_no_errno (kill (pid, SIGSTOP));
  g_clear_object (&stalled.result);
  iss_agent_client_import_async (stalled.client, file, NULL, &options, NULL,
                                 iss_agent_fixture_result_cb, &stalled);
  for (guint i = 0; i < 3; i++)
    {
      g_clear_object (&observation);
      observation = iss_agent_fixture_observe (&other, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_null (stalled.result);

  g_assert_no_errno (kill (pid, SIGKILL));
  g_assert_null (iss_agent_client_import_finish (stalled.client,
                                                 iss_agent_fixture_wait (&stalled), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CLOSED);
  iss_agent_fixture_tear_down (&other);
  iss_agent_fixture_tear_down (&stalled);
}

static void
test_killed (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;
  guint n_closed = 0;
  gint64 killed_at;
  GPid pid;

  open_with_pid (&fixture);
  pid = read_pid (&fixture);
  g_signal_connect (fixture.client, "closed", G_CALLBACK (count_cb), &n_closed);
  g_assert_no_errno (kill (pid, SIGSTOP));
  g_clear_object (&fixture.result);
  iss_agent_client_observe_async (fixture.client, NULL, NULL, iss_agent_fixture_result_cb,
                                  &fixture);
  killed_at = g_get_monotonic_time ();
  g_assert_no_errno (kill (pid, SIGKILL));
  g_assert_null (iss_agent_client_observe_finish (fixture.client,
                                                  iss_agent_fixture_wait (&fixture), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CLOSED);
  iss_wait_until (n_closed == 1);
  g_assert_cmpint (g_get_monotonic_time () - killed_at, <, G_USEC_PER_SEC);
  g_assert_true (iss_agent_client_is_closed (fixture.client));
  iss_agent_fixture_tear_down (&fixture);
  g_assert_cmpuint (n_closed, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-link/noise", test_noise);
  g_test_add_func ("/agent-link/too-much-noise", test_too_much_noise);
  g_test_add_func ("/agent-link/prints-later", test_prints_later);
  g_test_add_func ("/agent-link/never-greets", test_never_greets);
  g_test_add_func ("/agent-link/open-cancelled", test_open_cancelled);
  g_test_add_func ("/agent-link/cancelled-any-time", test_cancelled_any_time);
  g_test_add_func ("/agent-link/stalled-peer", test_stalled_peer);
  g_test_add_func ("/agent-link/killed", test_killed);

  return g_test_run ();
}
