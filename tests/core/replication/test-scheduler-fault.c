/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A roll that is cut off: at each change of the disk the process is killed, or the disk is
 * full. Afterwards the server is wholly before or wholly after, and one pass more makes it
 * wholly after, with one line in the audit record. */
#include "core/replication/scheduler.h"

#include "core/base/error.h"
#include "core/replication/task-queue.h"
#include "tests/core/replication/disk-trouble.h"
#include "tests/core/replication/scheduler-fixture.h"

#include <string.h>

#define NOW ISS_SCHEDULER_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer"
#define MOST_STEPS 200

typedef IssSchedulerFixture Fixture;

/* Like an agent that starts: what others have left is swept away first. Before each roll it also
 * leaves nothing else to do. */
static void
run_pass (Fixture *fixture,
          gint64   now)
{
  g_autoptr(GError) error = NULL;

  g_object_unref (iss_root_folder_open (iss_temp_folder_get_path (fixture->server->folder), TRUE,
                                        &error));
  g_assert_no_error (error);
  iss_scheduler_fixture_run (fixture, now);
}

/* A pass that is to be killed. */
typedef struct
{
  Fixture *fixture;
  gint64   now;
} KilledPass;

static void
run_killed_pass (gpointer data)
{
  KilledPass *pass = data;

  iss_scheduler_fixture_run (pass->fixture, pass->now);
}

static gboolean
run_until_killed (Fixture *fixture,
                  gint64   now,
                  int      step)
{
  KilledPass pass = { fixture, now };

  return iss_disk_trouble_run_killed (step, run_killed_pass, &pass);
}

/* Wholly before or wholly after, whoever looks in between. */
static void
check_between (Fixture        *fixture,
               IssCertificate *current,
               IssCertificate *staged)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  const IssAssignment *assignment;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  assignment = iss_assignments_find (assignments, fixture->oauth);

  if (assignment->slot[ISS_SLOT_STAGED] != NULL)
    iss_scheduler_fixture_assert (fixture, OAUTH, current, NULL, staged);
  else
    iss_scheduler_fixture_assert (fixture, OAUTH, staged, current, NULL);
}

static void
check_after (Fixture        *fixture,
             IssCertificate *current,
             IssCertificate *previous,
             gint64          at,
             guint           n_rolls)
{
  g_autofree char *expected = iss_certificate_dup_pem (current);
  g_autofree char *published = iss_temp_folder_read (fixture->server->folder,
                                                     "live/OAuthTokenIssuer/cert.pem", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) queue = iss_task_queue_read (fixture->server->root, NULL, &error);
  g_autoptr(GPtrArray) done = iss_task_queue_read_done (fixture->server->root, NULL, &error);
  guint n_done = 0;

  g_assert_no_error (error);
  iss_scheduler_fixture_assert (fixture, OAUTH, current, previous, NULL);
  g_assert_cmpstr (published, ==, expected);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, n_rolls);
  g_assert_cmpuint (queue->len, ==, 0);

  for (guint i = 0; i < done->len; i++)
    {
      if (iss_task_get_kind (done->pdata[i]) != ISS_TASK_ROLL ||
          iss_task_get_due (done->pdata[i]) != at)
        continue;

      g_assert_cmpint (iss_task_get_state (done->pdata[i]), ==, ISS_TASK_STATE_DONE);
      n_done++;
    }
  g_assert_cmpuint (n_done, ==, 1);
}

static void
stage (Fixture        *fixture,
       IssCertificate *current,
       IssCertificate *staged,
       gint64          at)
{
  iss_scheduler_fixture_stage (fixture, OAUTH, staged, at, FALSE);
  iss_scheduler_fixture_put_key (fixture, OAUTH, "previous", NULL);
  iss_scheduler_fixture_assert (fixture, OAUTH, current, NULL, staged);
}

static void
test_scheduler_fault_killed (Fixture       *fixture,
                             gconstpointer  user_data)
{
  IssCertificate *current = fixture->old;
  IssCertificate *staged = fixture->new;
  gboolean was_killed = TRUE;
  int step;

  for (step = 1; was_killed && step < MOST_STEPS; step++)
    {
      const gint64 at = NOW + 1000 * step;
      IssCertificate *next = current;

      run_pass (fixture, at - 1);
      stage (fixture, current, staged, at);
      was_killed = run_until_killed (fixture, at, step);
      check_between (fixture, current, staged);
      run_pass (fixture, at + 1);
      check_after (fixture, staged, current, at, (guint) step);
      current = staged;
      staged = next;
    }

  g_test_message ("killed at %d steps", step - 2);
  g_assert_false (was_killed);
  g_assert_cmpint (step, >, 30);
}

/* Twice at every step: also what mends is cut off. */
static void
test_scheduler_fault_killed_again (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  IssCertificate *current = fixture->old;
  IssCertificate *staged = fixture->new;
  gint64 at = NOW;
  guint n_rolls = 0;

  for (int step = 3; step < 130; step += 9)
    {
      for (int second = 1; second < 60; second += 13)
        {
          IssCertificate *next = current;

          at += 12;
          stage (fixture, current, staged, at);
          run_until_killed (fixture, at, step);
          run_until_killed (fixture, at + 1, second);
          check_between (fixture, current, staged);
          run_pass (fixture, at + 2);
          check_after (fixture, staged, current, at, ++n_rolls);
          current = staged;
          staged = next;
        }
    }
}

static void
test_scheduler_fault_full (Fixture       *fixture,
                           gconstpointer  user_data)
{
  IssCertificate *current = fixture->old;
  IssCertificate *staged = fixture->new;
  gboolean is_rolled = FALSE;
  int step;

  for (step = 1; !is_rolled && step < MOST_STEPS; step++)
    {
      IssSchedulerOutcome outcome;
      g_autofree char *list = NULL;
      const gint64 at = NOW + 1000 * step;
      IssCertificate *next = current;

      run_pass (fixture, at - 1);
      stage (fixture, current, staged, at);
      iss_disk_trouble_full_at (step);
      outcome = iss_scheduler_fixture_run (fixture, at);
      iss_disk_trouble_full_at (0);
      check_between (fixture, current, staged);

      /* Whether or not the failure found room to be written down: it is tried again soon, and not
       * all the time. */
      list = iss_scheduler_fixture_dup_list (fixture, at);
      is_rolled = strstr (list, "roll " OAUTH) == NULL;
      if (!is_rolled)
        g_assert_cmpint (outcome.next, ==, at + 10);

      run_pass (fixture, at + 10);
      check_after (fixture, staged, current, at, (guint) step);
      current = staged;
      staged = next;
    }

  g_test_message ("full at %d steps", step - 2);
  g_assert_cmpint (step, >, 20);
  g_assert_true (is_rolled);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, iss_scheduler_fixture_set_up, func, \
              iss_scheduler_fixture_tear_down)
  ADD ("/scheduler-fault/killed", test_scheduler_fault_killed);
  ADD ("/scheduler-fault/killed-again", test_scheduler_fault_killed_again);
  ADD ("/scheduler-fault/full", test_scheduler_fault_full);
#undef ADD

  return g_test_run ();
}
