/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: roll. */
#include "core/replication/scheduler.h"

#include "core/assignment/change.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/replication/roll.h"
#include "core/replication/task-queue.h"
#include "core/store/audit-reader.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/trash.h"
#include "tests/core/replication/scheduler-fixture.h"

#include <glib/gstdio.h>

#define NOW ISS_SCHEDULER_FIXTURE_NOW
#define HOUR 3600
#define DAY (24 * HOUR)
#define OAUTH "OAuthTokenIssuer"
#define AV "AudioVideoAuthentication"

typedef IssSchedulerFixture Fixture;

static IssTask *
get_done (Fixture *fixture,
          guint    index)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) done = iss_task_queue_read_done (fixture->server->root, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (done->len, >, index);

  return g_object_ref (done->pdata[index]);
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
assert_published (Fixture        *fixture,
                  IssCertificate *certificate)
{
  g_autofree char *expected = iss_certificate_dup_pem (certificate);
  g_autofree char *found = iss_temp_folder_read (fixture->server->folder,
                                                 "live/OAuthTokenIssuer/cert.pem", NULL);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_scheduler_nothing (Fixture       *fixture,
                        gconstpointer  user_data)
{
  IssSchedulerOutcome outcome = iss_scheduler_fixture_run (fixture, NOW);

  g_assert_cmpuint (outcome.n_done, ==, 0);
  g_assert_cmpuint (outcome.n_failed, ==, 0);
  g_assert_cmpint (outcome.next, ==, 0);
  assert_list (fixture, NOW, "");
}

static void
test_scheduler_roll (Fixture       *fixture,
                     gconstpointer  user_data)
{
  IssSchedulerOutcome outcome;
  g_autoptr(IssTask) done = NULL;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  assert_list (fixture, NOW, "roll OAuthTokenIssuer due +60");

  /* Not a second early. */
  outcome = iss_scheduler_fixture_run (fixture, NOW + 59);
  g_assert_cmpuint (outcome.n_done, ==, 0);
  g_assert_cmpint (outcome.next, ==, NOW + 60);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, fixture->new);

  outcome = iss_scheduler_fixture_run (fixture, NOW + 60);
  g_assert_cmpuint (outcome.n_done, ==, 1);
  g_assert_cmpuint (outcome.n_failed, ==, 0);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  assert_published (fixture, fixture->new);

  /* What it replaced goes ten minutes later, and is not needed a day later. */
  assert_list (fixture, NOW + 60, "retire due +660, retire OAuthTokenIssuer due +86460");
  g_assert_cmpint (outcome.next, ==, NOW + 660);

  done = get_done (fixture, 0);
  g_assert_cmpstr (iss_task_get_id (done), ==, "roll-OAuthTokenIssuer-8");
  g_assert_cmpint (iss_task_get_state (done), ==, ISS_TASK_STATE_DONE);
  g_assert_cmpint (iss_task_get_last_try (done), ==, NOW + 60);
  g_assert_cmpint (iss_task_get_lateness (done, NOW + DAY), ==, 0);

  /* Once. */
  for (guint i = 0; i < 3; i++)
    iss_scheduler_fixture_run (fixture, NOW + 61 + i);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
}

static void
test_scheduler_audit (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(GPtrArray) entries = NULL;
  IssAuditEntry *entry;
  guint64 next;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  iss_scheduler_fixture_run (fixture, NOW + 60 + 3 * HOUR);

  entries = iss_audit_reader_read (fixture->server->root, 0, 1, NULL, NULL, NULL, &next, NULL);
  entry = entries->pdata[0];
  g_assert_cmpstr (iss_audit_entry_get_what (entry), ==, "roll-assignment");
  g_assert_cmpstr (iss_audit_entry_get_who (entry), ==, "issuant-agent");
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, OAUTH), ==,
                   iss_certificate_get_sha256_hex (fixture->new));
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, "task"), ==, "roll-OAuthTokenIssuer-8");
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, "due"), ==, "2027-06-30T00:01:00Z");
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, "late"), ==, "10800");
}

/* Asleep across both. */
static void
test_scheduler_missed (Fixture       *fixture,
                       gconstpointer  user_data)
{
  IssSchedulerOutcome outcome;
  g_autoptr(IssTask) done = NULL;

  iss_scheduler_fixture_put_key (fixture, AV, "revision", "1");
  iss_scheduler_fixture_put_key (fixture, AV, "current",
                                 iss_certificate_get_sha256_hex (fixture->old));
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  iss_scheduler_fixture_stage (fixture, AV, fixture->new, NOW + 2 * HOUR, FALSE);

  outcome = iss_scheduler_fixture_run (fixture, NOW + 5 * HOUR);
  g_assert_cmpuint (outcome.n_done, ==, 2);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  iss_scheduler_fixture_assert (fixture, AV, fixture->new, fixture->old, NULL);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 2);

  done = get_done (fixture, 1);
  g_assert_cmpstr (iss_task_get_type_name (done), ==, OAUTH);
  g_assert_cmpint (iss_task_get_lateness (done, NOW), ==, 4 * HOUR);

  /* The tokens of the previous one count from when it stopped signing, not from when it should
   * have stopped. */
  assert_list (fixture, NOW + 5 * HOUR,
               "retire due +18600, retire AudioVideoAuthentication due +46800, "
               "retire OAuthTokenIssuer due +104400");
}

/* The second staged by somebody else while it slept, the first never run. */
static void
test_scheduler_restaged (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(IssCertificate) newer = iss_server_folder_hold (fixture->server, "newer", NULL);

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  iss_scheduler_fixture_stage (fixture, OAUTH, newer, NOW + 2 * HOUR, FALSE);
  iss_scheduler_fixture_run (fixture, NOW + HOUR);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, newer);
  iss_scheduler_fixture_run (fixture, NOW + 9 * HOUR);
  iss_scheduler_fixture_assert (fixture, OAUTH, newer, fixture->old, NULL);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
}

static void
test_scheduler_held (Fixture       *fixture,
                     gconstpointer  user_data)
{
  IssSchedulerOutcome outcome;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, TRUE);
  assert_list (fixture, NOW, "roll OAuthTokenIssuer held +3600");

  outcome = iss_scheduler_fixture_run (fixture, NOW + 2 * HOUR);
  g_assert_cmpuint (outcome.n_done, ==, 0);
  g_assert_cmpint (outcome.next, ==, 0);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, fixture->new);

  /* Arming late rolls at once. */
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);
  outcome = iss_scheduler_fixture_run (fixture, NOW + 3 * HOUR);
  g_assert_cmpuint (outcome.n_done, ==, 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
}

static void
test_scheduler_clock (Fixture       *fixture,
                      gconstpointer  user_data)
{
  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + HOUR, FALSE);

  /* Backwards before it: it waits again. */
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW + HOUR - 1).n_done, ==, 0);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW - 400 * DAY).next, ==, NOW + HOUR);

  /* Forwards over it, and backwards again: once. */
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW + 2 * HOUR).n_done, ==, 1);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW).n_done, ==, 0);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW + 2 * HOUR + 1).n_done, ==, 0);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
}

/* Both sides of Berlin's hour that exists twice, and of the one that does not exist. */
static void
test_scheduler_summer_time (Fixture       *fixture,
                            gconstpointer  user_data)
{
  const char *const changes[] =
    {
      "2027-10-31T02:30:00+02:00",
      "2027-10-31T02:30:00+01:00",
      "2028-03-26T01:59:59+01:00",
      "2028-03-26T03:00:00+02:00",
    };
  IssCertificate *staged = fixture->new;
  IssCertificate *current = fixture->old;
  g_autofree char *zone = g_strdup (g_getenv ("TZ"));

  g_setenv ("TZ", "Europe/Berlin", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      IssCertificate *next = current;
      gint64 at = 0;

      g_test_message ("%s", changes[i]);
      g_assert_true (iss_time_text_parse (changes[i], &at, NULL));
      iss_scheduler_fixture_stage (fixture, OAUTH, staged, at, FALSE);
      g_assert_cmpint (iss_scheduler_fixture_run (fixture, at - 1).next, ==, at);
      iss_scheduler_fixture_run (fixture, at);
      iss_scheduler_fixture_assert (fixture, OAUTH, staged, current, NULL);
      current = staged;
      staged = next;
    }

  if (zone != NULL)
    g_setenv ("TZ", zone, TRUE);
  else
    g_unsetenv ("TZ");
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==,
                    G_N_ELEMENTS (changes));
}

static void
remove_file (Fixture        *fixture,
             IssCertificate *certificate)
{
  g_autofree char *name = g_strdup_printf ("stores/my/%s.pem",
                                           iss_certificate_get_sha256_hex (certificate));
  g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder, name);

  g_assert_no_errno (g_unlink (path));
}

static void
test_scheduler_gone (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(GError) error = NULL;
  IssSchedulerOutcome outcome;
  IssTask *task;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  remove_file (fixture, fixture->new);
  before = iss_temp_folder_read (fixture->server->folder, "assignments.conf", NULL);

  outcome = iss_scheduler_fixture_run (fixture, NOW + 60);
  g_assert_cmpuint (outcome.n_done, ==, 0);
  g_assert_cmpuint (outcome.n_failed, ==, 1);
  g_assert_cmpint (outcome.next, ==, NOW + 70);

  /* Nothing half: the old one goes on signing. */
  after = iss_temp_folder_read (fixture->server->folder, "assignments.conf", NULL);
  g_assert_cmpstr (after, ==, before);
  assert_published (fixture, fixture->old);

  tasks = iss_scheduler_list (fixture->server->root, NOW + 61, &error);
  g_assert_no_error (error);
  task = tasks->pdata[0];
  g_assert_cmpint (iss_task_get_state (task), ==, ISS_TASK_STATE_FAILED);
  g_assert_cmpstr (iss_task_get_result (task), ==,
                   "The staged certificate of OAuthTokenIssuer has gone from Personal: import it "
                   "again, or stage another one");
  g_assert_cmpint (iss_task_get_next_try (task), ==, NOW + 70);

  /* Not before its next try; then, with the certificate back, late and done. */
  iss_certificate_store_add (fixture->server->root, ISS_STORE_MY, fixture->new, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, NOW + 69).n_done, ==, 0);
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, NOW + 70).n_done, ==, 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 1);
}

static void
test_scheduler_no_key (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  iss_key_file_remove (fixture->server->root, iss_certificate_get_spki_sha256 (fixture->new),
                       &error);
  g_assert_no_error (error);

  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, NOW + 60).n_failed, ==, 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, fixture->new);
  assert_published (fixture, fixture->old);
}

static void
test_scheduler_expired (Fixture       *fixture,
                        gconstpointer  user_data)
{
  const gint64 expired = iss_certificate_get_not_after (fixture->new) + 1;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, expired).n_failed, ==, 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->old, NULL, fixture->new);
}

/* A roll that failed, and an administrator who then does it by hand: no roll is claimed. */
static void
test_scheduler_overtaken (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(IssTask) done = NULL;
  g_autoptr(GError) error = NULL;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  remove_file (fixture, fixture->new);
  iss_scheduler_fixture_run (fixture, NOW + 60);
  iss_certificate_store_add (fixture->server->root, ISS_STORE_MY, fixture->new, NULL, &error);
  g_assert_no_error (error);

  iss_scheduler_fixture_stage (fixture, OAUTH, NULL, 0, FALSE);
  iss_scheduler_fixture_put_key (fixture, OAUTH, "current",
                                 iss_certificate_get_sha256_hex (fixture->new));
  iss_scheduler_fixture_put_key (fixture, OAUTH, "current-since", "2027-06-30T00:01:00Z");
  assert_list (fixture, NOW + 90, "");
  iss_scheduler_fixture_run (fixture, NOW + 90);

  done = get_done (fixture, 0);
  g_assert_cmpint (iss_task_get_state (done), ==, ISS_TASK_STATE_OVERTAKEN);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "roll-assignment"), ==, 0);
}

static void
test_scheduler_damaged (Fixture       *fixture,
                        gconstpointer  user_data)
{
  IssSchedulerOutcome outcome = { 99, 99, 99 };
  g_autoptr(GError) error = NULL;

  g_free (iss_temp_folder_write (fixture->server->folder, "assignments.conf", "[OAuth", -1));

  g_assert_null (iss_scheduler_list (fixture->server->root, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (iss_scheduler_run_due (fixture->server->root, "x", NOW, 0, &outcome, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_cmpint (outcome.next, ==, 99);
}

static void
test_scheduler_purge (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(IssCertificate) gone = iss_server_folder_hold (fixture->server, "gone", NULL);
  const char *hashes[] = { iss_certificate_get_sha256_hex (gone), NULL };
  const gint64 due = NOW + ISS_TRASH_SECONDS;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  g_autoptr(IssTask) done = NULL;

  ids = iss_trash_put (fixture->server->root, ISS_STORE_MY, hashes, NOW, "alice", &error);
  g_assert_no_error (error);
  assert_list (fixture, NOW, "purge due +2592000");

  g_assert_cmpint (iss_scheduler_fixture_run (fixture, due - 1).next, ==, due);
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, due).n_done, ==, 1);
  g_assert_cmpuint (iss_scheduler_fixture_count (fixture, "purge-trash"), ==, 1);
  done = get_done (fixture, 0);
  g_assert_cmpstr (iss_task_get_result (done), ==, "1 certificate was removed for good");
  assert_list (fixture, due, "");
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, due + DAY).n_done, ==, 0);
}

/* An entry that cannot be read stays: it is tried again, but not all the time. */
static void
test_scheduler_purge_stuck (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autofree char *name = g_strdup_printf ("trash/%" G_GINT64_FORMAT "-%s", (gint64) NOW,
                                           iss_certificate_get_sha256_hex (fixture->new));
  g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder, name);
  const gint64 due = NOW + ISS_TRASH_SECONDS;

  g_assert_no_errno (g_mkdir (path, 0700));
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, due).n_done, ==, 1);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, due + 1).next, ==, due + DAY);
  g_assert_cmpuint (iss_scheduler_fixture_run (fixture, due + DAY).n_done, ==, 1);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, due + DAY + 1).next, ==, due + 2 * DAY);
}

/* What is previous is never taken away by itself. */
static void
test_scheduler_retire (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(GPtrArray) over = NULL;
  g_autoptr(GError) error = NULL;

  iss_scheduler_fixture_stage (fixture, OAUTH, fixture->new, NOW + 60, FALSE);
  iss_scheduler_fixture_run (fixture, NOW + 60);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW + 660).next, ==, NOW + 60 + DAY);
  g_assert_cmpint (iss_scheduler_fixture_run (fixture, NOW + 60 + DAY).next, ==, 0);

  iss_scheduler_fixture_assert (fixture, OAUTH, fixture->new, fixture->old, NULL);
  assert_list (fixture, NOW + 60 + DAY, "");
  over = iss_scheduler_list_over (fixture->server->root, NOW + 60 + DAY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (over->len, ==, 3);
  g_assert_cmpstr (iss_task_get_result (over->pdata[0]), ==,
                   "The tokens that the previous certificate of OAuthTokenIssuer signed are over: "
                   "it may be removed");
  g_assert_cmpint (iss_task_get_kind (over->pdata[2]), ==, ISS_TASK_ROLL);
}

static void
change_all (Fixture           *fixture,
            IssTransitionKind  kind,
            IssCertificate    *certificate,
            gint64             instant)
{
  static const char *const domains[] = { "contoso.example", NULL };
  const guint n = iss_certificate_type_get_n ();
  g_autofree IssChangeItem *items = g_new0 (IssChangeItem, n);
  const IssChangeOrder order =
    {
      .transition = { .kind = kind, .now = NOW, .instant = instant }, .items = items, .n_items = n,
      .who = "tester", .server_name = "", .sip_domains = domains, .force = TRUE,
    };
  g_autoptr(GError) error = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;

  for (guint i = 0; i < n; i++)
    {
      items[i].type = iss_certificate_type_get (i);
      items[i].sha256_hex = iss_certificate_get_sha256_hex (certificate);
    }
  outcome = iss_change_run (fixture->server->root, &order, &error);
  g_assert_no_error (error);
  g_assert_true (outcome->published);
}

/* Every type that there is rolls, all of them at one instant: what is current is published with
 * its key, what was is kept to swap back, and only what issues tokens tells partners its keys, and
 * when the last token of the previous one has ended. */
static void
test_scheduler_all_types (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(IssCertificate) one = iss_server_folder_hold (fixture->server, "one",
                                                          "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (fixture->server, "two",
                                                          "contoso.example");
  g_autofree char *new_pem = iss_certificate_dup_pem (two);
  g_autofree char *old_pem = iss_certificate_dup_pem (one);
  const guint n = iss_certificate_type_get_n ();
  g_autofree char *list = NULL;
  IssSchedulerOutcome outcome;

  change_all (fixture, ISS_TRANSITION_SET, one, 0);
  change_all (fixture, ISS_TRANSITION_STAGE, two, NOW + HOUR);
  iss_scheduler_fixture_run (fixture, NOW + HOUR - 1);
  iss_scheduler_fixture_assert (fixture, OAUTH, one, fixture->old, two);
  outcome = iss_scheduler_fixture_run (fixture, NOW + HOUR);
  g_assert_cmpuint (outcome.n_done, ==, n);
  g_assert_cmpuint (outcome.n_failed, ==, 0);
  list = iss_scheduler_fixture_dup_list (fixture, NOW + HOUR);

  for (guint i = 0; i < n; i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      g_autofree char *live = g_build_filename ("live", type->name, NULL);
      g_autofree char *cert_name = g_build_filename (live, "cert.pem", NULL);
      g_autofree char *previous_name = g_build_filename (live, "previous.pem", NULL);
      g_autofree char *metadata_name = g_build_filename (live, "metadata.json", NULL);
      g_autofree char *cert = iss_temp_folder_read (fixture->server->folder, cert_name, NULL);
      g_autofree char *previous = iss_temp_folder_read (fixture->server->folder, previous_name,
                                                        NULL);
      g_autofree char *metadata = iss_temp_folder_read (fixture->server->folder, metadata_name,
                                                        NULL);
      g_autofree char *retires = g_strdup_printf ("retire %s ", type->name);

      g_test_message ("%s", type->name);
      iss_scheduler_fixture_assert (fixture, type->name, two, one, NULL);
      g_assert_cmpstr (cert, ==, new_pem);
      g_assert_cmpstr (previous, ==, old_pem);
      g_assert_cmpint (strstr (metadata, "\"keys\"") != NULL, ==, type->token_lifetime > 0);
      g_assert_cmpint (strstr (list, retires) != NULL, ==, type->token_lifetime > 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, iss_scheduler_fixture_set_up, func, \
              iss_scheduler_fixture_tear_down)
  ADD ("/scheduler/nothing", test_scheduler_nothing);
  ADD ("/scheduler/roll", test_scheduler_roll);
  ADD ("/scheduler/audit", test_scheduler_audit);
  ADD ("/scheduler/missed", test_scheduler_missed);
  ADD ("/scheduler/restaged", test_scheduler_restaged);
  ADD ("/scheduler/held", test_scheduler_held);
  ADD ("/scheduler/clock", test_scheduler_clock);
  ADD ("/scheduler/summer-time", test_scheduler_summer_time);
  ADD ("/scheduler/gone", test_scheduler_gone);
  ADD ("/scheduler/no-key", test_scheduler_no_key);
  ADD ("/scheduler/expired", test_scheduler_expired);
  ADD ("/scheduler/overtaken", test_scheduler_overtaken);
  ADD ("/scheduler/damaged", test_scheduler_damaged);
  ADD ("/scheduler/purge", test_scheduler_purge);
  ADD ("/scheduler/purge-stuck", test_scheduler_purge_stuck);
  ADD ("/scheduler/retire", test_scheduler_retire);
  ADD ("/scheduler/all-types", test_scheduler_all_types);
#undef ADD

  return g_test_run ();
}
