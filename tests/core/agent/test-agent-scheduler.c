/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-scheduler.h"

#include "core/base/error.h"
#include "core/replication/scheduler-lock.h"
#include "tests/core/replication/scheduler-fixture.h"
#include "tests/lib/wait.h"

#define NOW ISS_SCHEDULER_FIXTURE_NOW
#define HOUR 3600
#define OAUTH "OAuthTokenIssuer"

typedef IssSchedulerFixture Fixture;

static IssAgentScheduler *
start (Fixture  *fixture,
       IssClock *clock,
       gboolean  resident)
{
  g_autoptr(GError) error = NULL;
  IssAgentScheduler *scheduler = iss_agent_scheduler_new (fixture->server->root, clock, resident,
                                                          &error);

  g_assert_no_error (error);

  return scheduler;
}

static void
finish (IssAgentScheduler *scheduler)
{
  g_object_run_dispose (G_OBJECT (scheduler));
  iss_wait_until (!iss_agent_scheduler_is_busy (scheduler));
  /* The thread that did the work may let go of it a moment after. */
  iss_wait_until (G_OBJECT (scheduler)->ref_count == 1);
  g_assert_finalize_object (scheduler);
}

static gboolean
is_rolled (Fixture *fixture)
{
  return iss_scheduler_fixture_count (fixture, "roll-assignment") > 0;
}

/* The clock is put over the instant, and back. */
static void
test_agent_scheduler_clock (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  IssAgentScheduler *scheduler;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  scheduler = start (fixture, clock, TRUE);
  iss_wait_until (iss_agent_scheduler_get_n_passes (scheduler) >= 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, fixture->new);

  iss_clock_set (clock, NOW + HOUR - 1);
  iss_wait_until (iss_agent_scheduler_get_n_passes (scheduler) >= 2);
  g_assert_false (is_rolled (fixture));

  iss_clock_set (clock, NOW + HOUR);
  iss_wait_until (is_rolled (fixture) && !iss_agent_scheduler_is_busy (scheduler));
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);

  iss_clock_set (clock, NOW);
  iss_clock_set (clock, NOW + HOUR);
  iss_wait_for_idle ();
  finish (scheduler);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
}

/* Missed while nothing ran: at once. */
static void
test_agent_scheduler_missed (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW + 5 * HOUR);
  IssAgentScheduler *scheduler;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  scheduler = start (fixture, clock, FALSE);
  iss_wait_until (is_rolled (fixture));
  finish (scheduler);
}

/* Staged by somebody else while it runs. */
static void
test_agent_scheduler_staged (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW + HOUR);
  IssAgentScheduler *scheduler = start (fixture, clock, TRUE);

  iss_wait_until (iss_agent_scheduler_get_n_passes (scheduler) >= 1);
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 1, FALSE);
  iss_wait_until (is_rolled (fixture));
  finish (scheduler);
}

/* Two consoles and a service: one rolls, once. */
static void
test_agent_scheduler_several (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  IssAgentScheduler *schedulers[3];

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (schedulers); i++)
    schedulers[i] = start (fixture, clock, i == 0);

  g_assert_true (iss_agent_scheduler_is_resident (schedulers[0]));
  g_assert_false (iss_agent_scheduler_is_resident (schedulers[1]));
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (fixture->server->root), ==, NOW);
  iss_wait_until (iss_agent_scheduler_get_n_passes (schedulers[0]) >= 1);

  iss_clock_set (clock, NOW + HOUR);
  iss_wait_until (is_rolled (fixture));
  iss_wait_until (!iss_agent_scheduler_is_busy (schedulers[0]));
  g_assert_cmpuint (iss_agent_scheduler_get_n_passes (schedulers[1]), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (schedulers); i++)
    finish (schedulers[i]);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
  g_assert_cmpint (iss_scheduler_lock_get_resident_since (fixture->server->root), ==, 0);
}

static void
test_agent_scheduler_damaged (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  IssAgentScheduler *scheduler;

  g_free (iss_temp_folder_write (fixture->server->folder, "assignments.conf", "[OAuth", -1));
  scheduler = start (fixture, clock, TRUE);
  iss_wait_until (iss_agent_scheduler_get_n_passes (scheduler) >= 1);
  g_assert_true (g_error_matches (iss_agent_scheduler_get_error (scheduler), ISS_ERROR,
                                  ISS_ERROR_MALFORMED));
  finish (scheduler);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, iss_scheduler_fixture_set_up, func, \
              iss_scheduler_fixture_tear_down)
  ADD ("/agent-scheduler/clock", test_agent_scheduler_clock);
  ADD ("/agent-scheduler/missed", test_agent_scheduler_missed);
  ADD ("/agent-scheduler/staged", test_agent_scheduler_staged);
  ADD ("/agent-scheduler/several", test_agent_scheduler_several);
  ADD ("/agent-scheduler/damaged", test_agent_scheduler_damaged);
#undef ADD

  return g_test_run ();
}
