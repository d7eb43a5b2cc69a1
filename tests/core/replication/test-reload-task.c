/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/reload-task.h"

#include "core/assignment/consumer-file.h"
#include "core/assignment/publication.h"
#include "core/assignment/reload-folder.h"
#include "core/replication/scheduler.h"
#include "core/replication/task-queue.h"
#include "core/replication/task-text.h"
#include "core/store/audit-reader.h"
#include "core/store/audit-sentence.h"
#include "tests/core/replication/scheduler-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define NOW ISS_SCHEDULER_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer"

typedef IssSchedulerFixture Fixture;

static void
configure (Fixture    *fixture,
           const char *text)
{
  int folder = iss_reload_folder_open (iss_root_folder_get_fd (fixture->server->root), TRUE, NULL);
  g_autofree char *path = iss_temp_folder_write (fixture->server->folder, ISS_CONSUMER_FILE_OWN,
                                                 text, -1);

  g_assert_cmpint (folder, >=, 0);
  close (folder);
  g_chmod (path, 0644);
}

/* As root's watcher does. */
static void
end (Fixture        *fixture,
     gint64          now,
     IssReloadState  state,
     const char     *reason)
{
  int root = iss_root_folder_get_fd (fixture->server->root);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reloads = NULL;
  int folder;

  reloads = iss_reload_folder_look (iss_root_folder_get_path (fixture->server->root), root, &error);
  g_assert_no_error (error);
  folder = iss_reload_folder_open (root, TRUE, &error);
  for (guint i = 0; i < reloads->len; i++)
    {
      IssReload *reload = g_ptr_array_index (reloads, i);

      iss_reload_begin (reload, now);
      if (state != ISS_RELOAD_RUNNING)
        iss_reload_end (reload, state, now, reason, "out");
      iss_reload_folder_write (folder, reload, &error);
      g_assert_no_error (error);
    }
  close (folder);
}

static void
assert_list (Fixture    *fixture,
             gint64      now,
             const char *expected)
{
  g_autofree char *list = iss_scheduler_fixture_dup_list (fixture, now);

  g_assert_cmpstr (list, ==, expected);
}

static void
roll (Fixture *fixture)
{
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW, FALSE);
  iss_scheduler_fixture_run (fixture, NOW);
}

static char *
dup_last_sentence (Fixture *fixture)
{
  g_autoptr(GPtrArray) entries = NULL;
  guint64 next;

  entries = iss_audit_reader_read (fixture->server->root, 0, 1, NULL, NULL, NULL, &next, NULL);

  return iss_audit_sentence_dup (entries->pdata[0]);
}

/* A roll asks for it; root's watcher does it; the scheduler writes it down. */
static void
test_reload_task_done (Fixture       *fixture,
                       gconstpointer  user_data)
{
  IssSchedulerOutcome outcome;
  g_autoptr(GPtrArray) over = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *plan = NULL;
  g_autofree char *result = NULL;
  IssTask *task;

  configure (fixture, "[rtc]\ntype=OAuthTokenIssuer\nunit=rtc.service\n");
  roll (fixture);
  assert_list (fixture, NOW + 1, "reload OAuthTokenIssuer due +0, "
                                 "retire OAuthTokenIssuer due +86400");
  end (fixture, NOW + 1, ISS_RELOAD_RUNNING, NULL);
  assert_list (fixture, NOW + 1, "reload OAuthTokenIssuer running +0, "
                                 "retire OAuthTokenIssuer due +86400");

  end (fixture, NOW + 2, ISS_RELOAD_DONE, NULL);
  outcome = iss_scheduler_fixture_run (fixture, NOW + 3);
  g_assert_cmpuint (outcome.n_failed, ==, 0);
  /* Only now may go what was there before. */
  assert_list (fixture, NOW + 3, "retire due +600, retire OAuthTokenIssuer due +86400");
  iss_scheduler_fixture_run (fixture, NOW + 4);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "reload-consumer"), ==, 1);
  sentence = dup_last_sentence (fixture);
  g_assert_cmpstr (sentence, ==, "issuant-agent: rtc was reloaded for OAuthTokenIssuer");

  over = iss_scheduler_list_over (fixture->server->root, NOW + 4, NULL);
  task = over->pdata[0];
  g_assert_cmpint (iss_task_get_kind (task), ==, ISS_TASK_RELOAD);
  g_assert_cmpstr (iss_task_get_consumer (task), ==, "rtc");
  g_assert_cmpstr (iss_task_get_id (task), ==, "reload-OAuthTokenIssuer-9-rtc");
  g_assert_cmpint (iss_task_get_last_try (task), ==, NOW + 2);
  plan = iss_task_text_dup_plan (task, "", NULL);
  g_assert_cmpstr (plan, ==, "rtc is to read what was published for OAuthTokenIssuer on "
                             "30 June 2027, 00:00 (UTC)");
  result = iss_task_text_dup_result (task, NOW + 4, NULL);
  g_assert_cmpstr (result, ==, "00:00");
}

static void
test_reload_task_fails (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(GPtrArray) tasks = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *result = NULL;

  configure (fixture, "[rtc]\ntype=OAuthTokenIssuer\nunit=rtc.service\n");
  roll (fixture);

  /* The same again and again is written down once. */
  for (guint i = 0; i < 3; i++)
    {
      end (fixture, NOW + 300 * i, ISS_RELOAD_FAILED, "The reload ended with status 1");
      iss_scheduler_fixture_run (fixture, NOW + 300 * i + 1);
    }
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "reload-consumer"), ==, 1);
  sentence = dup_last_sentence (fixture);
  g_assert_cmpstr (sentence, ==, "issuant-agent: rtc was not reloaded for OAuthTokenIssuer: "
                                 "The reload ended with status 1");

  assert_list (fixture, NOW + 601, "reload OAuthTokenIssuer failed +0, "
                                   "retire OAuthTokenIssuer due +86400");
  tasks = iss_scheduler_list (fixture->server->root, NOW + 601, NULL);
  result = iss_task_text_dup_result (tasks->pdata[0], NOW + 601, NULL);
  g_assert_cmpstr (result, ==, "The reload ended with status 1. It said: out. Tried 3 times, "
                               "next try 00:15");

  end (fixture, NOW + 900, ISS_RELOAD_TIMED_OUT, "The reload did not end");
  iss_scheduler_fixture_run (fixture, NOW + 901);
  end (fixture, NOW + 1200, ISS_RELOAD_DONE, NULL);
  iss_scheduler_fixture_run (fixture, NOW + 1201);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "reload-consumer"), ==, 3);
  assert_list (fixture, NOW + 1202, "retire OAuthTokenIssuer due +86400");
}

/* Nobody watches: that is a failure, too, and no try. */
static void
test_reload_task_nobody (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(GPtrArray) tasks = NULL;
  g_autofree char *result = NULL;

  configure (fixture, "[rtc]\ntype=OAuthTokenIssuer\nunit=rtc.service\n");
  roll (fixture);
  iss_scheduler_fixture_run (fixture, NOW + 600);
  tasks = iss_scheduler_list (fixture->server->root, NOW + 600, NULL);
  g_assert_cmpint (iss_task_get_state (tasks->pdata[0]), ==, ISS_TASK_STATE_FAILED);
  result = iss_task_text_dup_result (tasks->pdata[0], NOW + 600, NULL);
  g_assert_true (g_str_has_prefix (result, "Nothing has reloaded it: start "));
  g_assert_false (g_str_has_suffix (result, "times"));
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "reload-consumer"), ==, 0);
}

/* What is configured no more does not stay failed for ever. */
static void
test_reload_task_overtaken (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(GPtrArray) recorded = NULL;
  g_autoptr(GPtrArray) over = NULL;

  configure (fixture, "[rtc]\ntype=OAuthTokenIssuer\nunit=rtc.service\n");
  roll (fixture);
  end (fixture, NOW, ISS_RELOAD_FAILED, "no");
  iss_scheduler_fixture_run (fixture, NOW + 1);
  configure (fixture, "");
  iss_scheduler_fixture_run (fixture, NOW + 2);
  recorded = iss_task_queue_read (fixture->server->root, NULL, NULL);
  g_assert_cmpuint (recorded->len, ==, 0);
  over = iss_scheduler_list_over (fixture->server->root, NOW + 2, NULL);
  g_assert_cmpint (iss_task_get_state (over->pdata[0]), ==, ISS_TASK_STATE_OVERTAKEN);
}

/* Cut off behind the line of the record. */
static void
test_reload_task_once (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autofree char *done = iss_temp_folder_dup_path (fixture->server->folder,
                                                    "tasks/done/reload-OAuthTokenIssuer-9-rtc"
                                                    ".conf");

  configure (fixture, "[rtc]\ntype=OAuthTokenIssuer\nunit=rtc.service\n");
  roll (fixture);
  end (fixture, NOW, ISS_RELOAD_DONE, NULL);
  iss_scheduler_fixture_run (fixture, NOW + 1);
  g_assert_cmpint (g_unlink (done), ==, 0);
  iss_scheduler_fixture_run (fixture, NOW + 2);
  g_assert_true (g_file_test (done, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "reload-consumer"), ==, 1);
}

static void
add (const char  *path,
     void       (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, iss_scheduler_fixture_set_up, test,
              iss_scheduler_fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/reload-task/done", test_reload_task_done);
  add ("/reload-task/fails", test_reload_task_fails);
  add ("/reload-task/nobody", test_reload_task_nobody);
  add ("/reload-task/overtaken", test_reload_task_overtaken);
  add ("/reload-task/once", test_reload_task_once);

  return g_test_run ();
}
