/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task-text.h"

#define DUE G_GINT64_CONSTANT (1814313600)   /* 2027-06-30T00:00:00Z */

static void
assert_text (IssTask    *task,
             gint64      now,
             const char *state,
             const char *result)
{
  g_autofree char *found_state = iss_task_text_dup_state (task, now);
  g_autofree char *found_result = iss_task_text_dup_result (task, now, NULL);

  g_assert_cmpstr (found_state, ==, state);
  g_assert_cmpstr (found_result, ==, result);
}

static void
test_task_text_states (void)
{
  g_autoptr(IssTask) task = iss_task_new (ISS_TASK_ROLL, "Default", "", 3, DUE);
  g_autoptr(IssTask) held = iss_task_hold (task);
  g_autoptr(IssTask) running = iss_task_begin (task, DUE + 5);
  g_autoptr(IssTask) failed = iss_task_fail (running, DUE + 5, "The disk is full", 0);
  g_autoptr(IssTask) again = iss_task_begin (failed, DUE + 15);
  g_autoptr(IssTask) twice = iss_task_fail (again, DUE + 15, "The disk is full", 0);
  g_autoptr(IssTask) done = iss_task_finish (again, ISS_TASK_STATE_DONE, DUE + 7200, NULL);
  g_autoptr(IssTask) noted = iss_task_finish (again, ISS_TASK_STATE_DONE, DUE + 20, "It is well");

  assert_text (task, DUE - 1, "due", "");
  assert_text (task, DUE + 120, "due, 2 minutes late", "");
  assert_text (held, DUE + 120, "held: not armed", "");
  assert_text (running, DUE + 6, "running", "");
  assert_text (failed, DUE + 6, "failed", "The disk is full. Tried 1 time, next try 00:00");
  assert_text (twice, DUE + 3 * 86400, "failed, 3 days late",
               "The disk is full. Tried 2 times, next try 30 June, 00:00");
  assert_text (done, DUE + 9000, "done, 2 hours late", "02:00");
  assert_text (noted, DUE + 30, "done", "00:00: It is well");
}

static void
test_task_text_plans (void)
{
  static const struct
  {
    IssTaskKind  kind;
    const char  *type;
    const char  *plan;
  } cases[] =
  {
    { ISS_TASK_ROLL, "Default", "auth becomes current for Default on 30 June 2027, 00:00 (UTC)" },
    { ISS_TASK_RETIRE, "Default",
      "what was current for Default before is no longer needed on 30 June 2027, 00:00 (UTC)" },
    { ISS_TASK_RETIRE, "", "what a roll has left is removed on 30 June 2027, 00:00 (UTC)" },
    { ISS_TASK_PURGE, "", "what was deleted 30 days before is purged on 30 June 2027, 00:00 "
                          "(UTC)" },
    { ISS_TASK_DEPLOY, "", "a package is deployed on 30 June 2027, 00:00 (UTC)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssTask) task = iss_task_new (cases[i].kind, cases[i].type, "", 3, DUE);
      g_autofree char *plan = iss_task_text_dup_plan (task, "auth", NULL);

      g_assert_cmpstr (plan, ==, cases[i].plan);
    }
}

static void
test_task_text_resident (void)
{
  g_autofree char *none = iss_task_text_dup_resident ("fe02", 0, NULL);
  g_autofree char *since = iss_task_text_dup_resident ("fe02", DUE, NULL);

  g_assert_cmpstr (none, ==, "Nothing on fe02 will run a task at its instant: start "
                             "issuant-agent.service");
  g_assert_cmpstr (since, ==, "issuant-agent.service runs the tasks of fe02, since 30 June 2027, "
                              "00:00 (UTC)");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-text/states", test_task_text_states);
  g_test_add_func ("/task-text/plans", test_task_text_plans);
  g_test_add_func ("/task-text/resident", test_task_text_resident);

  return g_test_run ();
}
