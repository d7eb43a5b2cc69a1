/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-tasks.h"

#include "core/base/error.h"
#include "core/replication/scheduler-lock.h"
#include "tests/core/replication/scheduler-fixture.h"

#define NOW ISS_SCHEDULER_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer"

typedef IssSchedulerFixture Fixture;

/* Through both ends, without a connection between them. */
static IssAgentTasks *
get_tasks (Fixture *fixture,
           gint64   now)
{
  const IssAgentContext context = { fixture->server->root, "alice", now, NULL, NULL, NULL };
  g_autoptr(IssAgentCall) call = iss_agent_tasks_new_call ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = NULL;
  IssAgentTasks *tasks;

  reply = iss_agent_tasks_run (&context, iss_agent_call_get_parameters (call), NULL, &error);
  g_assert_no_error (error);
  g_variant_ref_sink (reply);
  g_assert_true (g_variant_is_of_type (reply,
                                       G_VARIANT_TYPE (iss_agent_call_get_reply_type (call))));
  tasks = iss_agent_call_read (call, reply, &error);
  g_assert_no_error (error);

  return tasks;
}

static void
test_agent_tasks_get (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(IssSchedulerLock) lock = NULL;
  g_autoptr(GError) error = NULL;
  IssAgentTasks *tasks = get_tasks (fixture, NOW);

  g_assert_cmpuint (tasks->waiting->len, ==, 0);
  g_assert_cmpuint (tasks->over->len, ==, 0);
  g_assert_cmpint (tasks->time, ==, NOW);
  g_assert_cmpint (tasks->resident_since, ==, 0);
  iss_agent_tasks_free (tasks);

  lock = iss_scheduler_lock_try (fixture->server->root, TRUE, NOW - 5, &error);
  g_assert_no_error (error);
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  tasks = get_tasks (fixture, NOW + 1);
  g_assert_cmpuint (tasks->waiting->len, ==, 1);
  g_assert_cmpint (iss_task_get_due (tasks->waiting->pdata[0]), ==, NOW + 60);
  g_assert_cmpint (tasks->resident_since, ==, NOW - 5);
  iss_agent_tasks_free (tasks);

  iss_scheduler_fixture_run (fixture, NOW + 60);
  tasks = get_tasks (fixture, NOW + 61);
  g_assert_cmpuint (tasks->waiting->len, ==, 2);
  g_assert_cmpuint (tasks->over->len, ==, 1);
  g_assert_cmpint (iss_task_get_state (tasks->over->pdata[0]), ==, ISS_TASK_STATE_DONE);
  iss_agent_tasks_free (tasks);
}

/* What a server that is not ours may answer. */
static void
test_agent_tasks_hostile (void)
{
  const char *const replies[] =
    {
      "([@a{sv} {}], @aa{sv} [], @a{sv} {})",
      "(@aa{sv} [], [{'kind': <'roll'>}], @a{sv} {})",
    };
  g_autoptr(IssAgentCall) call = iss_agent_tasks_new_call ();
  g_autoptr(GVariant) empty = NULL;
  g_autoptr(GError) error = NULL;
  IssAgentTasks *tasks;

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr(GVariant) reply = g_variant_ref_sink (g_variant_new_parsed (replies[i]));
      g_autoptr(GError) wrong = NULL;

      g_test_message ("%s", replies[i]);
      g_assert_null (iss_agent_call_read (call, reply, &wrong));
      g_assert_error (wrong, ISS_ERROR, ISS_ERROR_PROTOCOL);
    }

  empty = g_variant_ref_sink (g_variant_new_parsed
    ("(@aa{sv} [], @aa{sv} [], {'time': <int64 -9223372036854775808>, "
     "'resident-since': <int64 9223372036854775807>})"));
  tasks = iss_agent_call_read (call, empty, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tasks->time, ==, 0);
  g_assert_cmpint (tasks->resident_since, <, G_MAXINT64);
  iss_agent_tasks_free (tasks);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-tasks/get", Fixture, NULL, iss_scheduler_fixture_set_up,
              test_agent_tasks_get, iss_scheduler_fixture_tear_down);
  g_test_add_func ("/agent-tasks/hostile", test_agent_tasks_hostile);

  return g_test_run ();
}
