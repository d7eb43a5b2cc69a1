/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against a real agent, and against none. Also covers: agent-child. */

#include "core/agent/agent-client.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

static guint
count_descriptors (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_open (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree char *id = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  g_assert_false (iss_agent_client_is_closed (fixture.client));
  g_assert_cmpstr (iss_agent_client_get_role (fixture.client), ==, "operator");
  g_assert_cmpstr (iss_agent_client_get_version (fixture.client), ==, ISSUANT_VERSION);
  g_assert_cmpstr (iss_agent_client_get_owner (fixture.client), ==, g_get_user_name ());
  g_assert_cmpstr (iss_agent_client_get_scheduler (fixture.client), ==, "none");
  g_assert_cmpint (iss_agent_client_get_hello_time (fixture.client), ==, ISS_AGENT_FIXTURE_NOW);
  id = g_strdup (iss_agent_client_get_server_id (fixture.client));
  g_assert_cmpuint (strlen (id), >=, 8);

  /* A server stays who it is. */
  g_clear_object (&fixture.client);
  iss_agent_fixture_open (&fixture);
  g_assert_cmpstr (iss_agent_client_get_server_id (fixture.client), ==, id);
  iss_agent_fixture_tear_down (&fixture);
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
test_close (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssObservation) seen = NULL;
  g_autoptr(GError) error = NULL;
  guint n_closed = 0;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  g_signal_connect (fixture.client, "closed", G_CALLBACK (count_cb), &n_closed);

  g_clear_object (&fixture.result);
  iss_agent_client_observe_async (fixture.client, NULL, NULL, iss_agent_fixture_result_cb,
                                  &fixture);
  iss_agent_client_close (fixture.client);
  iss_agent_client_close (fixture.client);
  g_assert_true (iss_agent_client_is_closed (fixture.client));
  seen = iss_agent_client_observe_finish (fixture.client, iss_agent_fixture_wait (&fixture),
                                          &error);

  /* The call ends: closed, unless its answer was here already. */
  if (seen == NULL)
    g_assert_error (error, ISS_ERROR, ISS_ERROR_CLOSED);
  g_clear_error (&error);

  g_assert_null (iss_agent_fixture_observe (&fixture, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CLOSED);
  g_assert_cmpuint (n_closed, ==, 1);
  iss_agent_fixture_tear_down (&fixture);
}

/* Whatever becomes of connections: no descriptor stays. */
static void
test_no_leak (void)
{
  IssAgentFixture fixture = { NULL };
  guint before = 0;

  iss_agent_fixture_set_up (&fixture);
  for (guint i = 0; i < 6; i++)
    {
      iss_agent_fixture_open (&fixture);
      iss_agent_client_close (fixture.client);
      g_clear_object (&fixture.result);
      g_clear_object (&fixture.client);
      iss_wait_until (i == 0 || count_descriptors () <= before);
      if (i == 0)
        before = count_descriptors ();
    }
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_refused (void)
{
  const struct
    {
      const char *script;
      IssError code;
      const char *message;
    } cases[] =
    {
      { "exit 0", ISS_ERROR_CLOSED, "has ended" },
      { "echo 'issuant-agent: /x belongs to issuant: go away' >&2; exit 3", ISS_ERROR_NOT_OWNER,
        "/x belongs to issuant: go away" },
      { "echo 'issuant-agent: /x is not there' >&2; exit 4", ISS_ERROR_NOT_FOUND,
        "/x is not there" },
      { "echo not for you", ISS_ERROR_PROTOCOL, "“not for you”" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssAgentFixture fixture = { NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].script);
      iss_agent_fixture_set_up (&fixture);
      iss_agent_fixture_script (&fixture, cases[i].script);
      g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      iss_agent_fixture_tear_down (&fixture);
    }
}

static void
test_no_program (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  g_free (fixture.launch->local_agent);
  fixture.launch->local_agent = g_strdup ("/nonexistent/issuant-agent");
  g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NO_AGENT);
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-client/open", test_open);
  g_test_add_func ("/agent-client/close", test_close);
  g_test_add_func ("/agent-client/no-leak", test_no_leak);
  g_test_add_func ("/agent-client/refused", test_refused);
  g_test_add_func ("/agent-client/no-program", test_no_program);

  return g_test_run ();
}
