/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: central-load, replication-text. */
#include "core/central/replication-text.h"

#include <glib/gstdio.h>

#include "core/base/error.h"
#include "tests/core/central/replication-scene.h"
#include "tests/lib/wait.h"

#define FE01 "fe01.contoso.example"
#define FE02 "fe02.contoso.example"
#define FE03 "fe03.contoso.example"

static const char *const all[] = { FE01, FE02, FE03, NULL };
static const char *const two[] = { FE01, FE02, NULL };

static void
expect_verdict (IssReplicationTable *table,
                const char          *expected)
{
  g_autofree char *verdict = iss_replication_text_dup_verdict (table);

  g_assert_cmpstr (verdict, ==, expected);
}

/* Before anything was enrolled or decided. */
static void
test_nothing (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = iss_replication_scene_load (fixture);

  g_assert_cmpuint (iss_replication_table_get_n_servers (table), ==, 3);
  g_assert_cmpuint (iss_replication_table_get_n_wanted (table), ==, 0);
  g_assert_null (iss_replication_table_get_enrolment (table, 0));
  g_assert_cmpint (iss_replication_table_get_report (table, 2)->seen, ==, 0);
  expect_verdict (table, "Nothing is assigned globally in pool01.contoso.example: what is "
                         "imported or assigned by hand does not replicate.");
}

static void
test_everywhere (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = NULL;

  iss_replication_scene_want (fixture, all, FALSE);
  for (guint i = 0; all[i] != NULL; i++)
    {
      iss_replication_scene_enroll (fixture, all[i]);
      iss_replication_scene_deploy (fixture, all[i], FALSE, FALSE);
    }
  table = iss_replication_scene_load (fixture);

  g_assert_cmpuint (iss_replication_table_get_n_up_to_date (table), ==, 3);
  g_assert_cmpstr (iss_replication_table_get_enrolment (table, 1)->server, ==, FE02);
  g_assert_cmpint (iss_replication_table_get_state (table, 2, 0), ==, ISS_REPLICATION_UP_TO_DATE);
  expect_verdict (table, "What is assigned globally is deployed on 3 of 3 servers.");
}

/* Each of the ways not to be there. */
static void
test_states (IssCentralFixture *fixture,
             gconstpointer      unused)
{
  static const struct
  {
    const char          *type;    /* what fe02 says */
    IssReplicationState  state;
    const char          *revision;
  } cases[] =
  {
    { "{'type': <'Default'>}", ISS_REPLICATION_NOTHING, "0/2" },
    { "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 1>, 'deployed': <true>}",
      ISS_REPLICATION_OLDER, "1/2" },
    { "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 2>, 'reason': <'the disk is full'>}",
      ISS_REPLICATION_NOT_DEPLOYED, "2/2" },
    { "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 2>, 'deployed': <true>, "
      "'local': <true>}", ISS_REPLICATION_LOCAL, "2/2" },
  };

  iss_replication_scene_want (fixture, two, FALSE);
  iss_replication_scene_deploy (fixture, FE01, FALSE, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssReplicationTable) table = NULL;
      g_autofree char *revision = NULL;

      iss_replication_scene_report (fixture, FE02, cases[i].type, NULL);
      table = iss_replication_scene_load (fixture);
      revision = iss_replication_text_dup_revision (table, 1, 0);

      g_test_message ("%s", iss_replication_state_get_label (cases[i].state));
      g_assert_cmpint (iss_replication_table_get_state (table, 1, 0), ==, cases[i].state);
      g_assert_cmpstr (revision, ==, cases[i].revision);
      g_assert_cmpint (iss_replication_table_get_state (table, 2, 0), ==,
                       ISS_REPLICATION_UNSERVED);
      expect_verdict (table, "What is assigned globally is deployed on 1 of 3 servers; not on "
                             "fe02 and fe03.");
    }
}

/* What it had when it was seen last is not what it has. */
static void
test_not_answering (IssCentralFixture *fixture,
                    gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *trouble = NULL;
  g_autofree char *nothing = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *never = NULL;
  g_autofree char *clock = NULL;

  iss_replication_scene_want (fixture, two, FALSE);
  iss_replication_scene_deploy (fixture, FE01, FALSE, FALSE);
  iss_replication_scene_report (fixture, FE02, NULL, "fe02: Connection refused");
  table = iss_replication_scene_load (fixture);
  trouble = iss_replication_text_dup_trouble (iss_replication_table_get_report (table, 1), zone);
  nothing = iss_replication_text_dup_trouble (iss_replication_table_get_report (table, 0), zone);
  seen = iss_replication_text_dup_seen (iss_replication_table_get_report (table, 0), zone);
  never = iss_replication_text_dup_seen (iss_replication_table_get_report (table, 2), zone);
  clock = iss_replication_text_dup_clock (iss_replication_table_get_report (table, 0));

  g_assert_false (iss_replication_table_is_up_to_date (table, 1));
  g_assert_cmpstr (trouble, ==, "fe02: Connection refused. Tried again from 00:02:20 on.");
  g_assert_null (nothing);
  g_assert_cmpstr (never, ==, "never");
  g_assert_cmpstr (clock, ==, "0.2 s ahead");
  g_assert_nonnull (g_strstr_len (seen, -1, "2027"));
}

static void
expect_replica (IssReplicationTable *table,
                guint                server,
                const char          *expected)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = iss_replication_text_dup_replica (table, server, zone);

  g_assert_cmpstr (text, ==, expected);
}

/* In the words of whoever comes from Microsoft's. */
static void
test_replica (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) before = iss_replication_scene_load (fixture);
  g_autoptr(IssReplicationTable) table = NULL;

  expect_replica (before, 2,
                  "Replica            : fe03.contoso.example\n"
                  "UpToDate           : True\n"
                  "LastStatusReport   : never\n"
                  "LastUpdateCreation : –\n"
                  "ProductVersion     : –");

  iss_replication_scene_want (fixture, two, FALSE);
  iss_replication_scene_deploy (fixture, FE01, FALSE, FALSE);
  table = iss_replication_scene_load (fixture);
  expect_replica (table, 0,
                  "Replica            : fe01.contoso.example\n"
                  "UpToDate           : True\n"
                  "LastStatusReport   : 30 June 2027, 00:01 (UTC)\n"
                  "LastUpdateCreation : 30 June 2027, 00:00 (UTC)\n"
                  "ProductVersion     : 0.1.0");
  expect_replica (table, 2,
                  "Replica            : fe03.contoso.example\n"
                  "UpToDate           : False\n"
                  "LastStatusReport   : never\n"
                  "LastUpdateCreation : 30 June 2027, 00:00 (UTC)\n"
                  "ProductVersion     : –");
}

static void
test_staged (IssCentralFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *held = NULL;
  g_autofree char *armed = NULL;
  g_autofree char *none = NULL;

  iss_replication_scene_want (fixture, all, TRUE);
  iss_replication_scene_deploy (fixture, FE01, TRUE, TRUE);
  iss_replication_scene_deploy (fixture, FE02, TRUE, FALSE);
  table = iss_replication_scene_load (fixture);
  held = iss_replication_text_dup_staged (iss_replication_table_find_type (table, 0, 0), zone);
  armed = iss_replication_text_dup_staged (iss_replication_table_find_type (table, 1, 0), zone);
  none = iss_replication_text_dup_staged (iss_replication_table_find_type (table, 2, 0), zone);

  g_assert_true (g_str_has_prefix (held, "published, "));
  g_assert_true (g_str_has_suffix (held, ", held: not armed"));
  g_assert_true (g_str_has_prefix (armed, "published, "));
  g_assert_null (g_strstr_len (armed, -1, "held"));
  g_assert_cmpstr (none, ==, "–");
}

static void
set_offset (IssCentralFixture *fixture,
            const char        *server,
            gdouble            offset)
{
  g_autoptr(IssReplicaReport) report = NULL;
  g_autoptr(GError) error = NULL;

  report = iss_central_store_get_report (fixture->store, ISS_CENTRAL_FIXTURE_POOL, server, &error);
  g_assert_no_error (error);
  report->clock_offset = offset;
  iss_central_store_put_report (fixture->store, ISS_CENTRAL_FIXTURE_POOL, report, &error);
  g_assert_no_error (error);
}

/* For whose sake a roll is not armed, why, and what to do. */
static void
test_obstacle (IssCentralFixture *fixture,
               gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *none = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *detail = NULL;

  iss_replication_scene_want (fixture, all, TRUE);
  iss_replication_scene_deploy (fixture, FE01, TRUE, TRUE);
  iss_replication_scene_deploy (fixture, FE02, TRUE, TRUE);
  set_offset (fixture, FE02, -200);
  table = iss_replication_scene_load (fixture);
  none = iss_replication_text_dup_obstacle (table, 0, 0);
  clock = iss_replication_text_dup_obstacle (table, 1, 0);
  detail = iss_replication_text_dup_detail (table, 1, 0, zone);

  g_assert_null (none);
  g_assert_cmpstr (clock, ==,
                   "Its clock is 3 min 20 s behind, too far off to roll when the others do: the "
                   "roll is held on every server, not armed. Set it right (such as with "
                   "systemd-timesyncd or chrony): then it is armed by itself. Or arm it all the "
                   "same: issuantctl set-certificate --identity global --pool "
                   "pool01.contoso.example --type OAuthTokenIssuer --arm --force");
  g_assert_nonnull (g_strstr_len (detail, -1, clock));
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Not taken for a store in which nothing is wanted. */
static void
test_unreadable (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssReplicationTable) table = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder, "central/entries/"
                                                    "pool%2Fpool01.contoso.example%2F"
                                                    "administrators");

  g_assert_true (g_file_set_contents (path, "torn", -1, &error));
  iss_replication_table_load_async (fixture->store, ISS_CENTRAL_FIXTURE_POOL, all, NULL,
                                    result_cb, &result);
  iss_wait_until (result != NULL);
  table = iss_replication_table_load_finish (result, &error);
  g_assert_null (table);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *path;
    void (* func) (IssCentralFixture *fixture,
                   gconstpointer      unused);
  } tests[] =
  {
    { "/replication-table/nothing", test_nothing },
    { "/replication-table/everywhere", test_everywhere },
    { "/replication-table/states", test_states },
    { "/replication-table/not-answering", test_not_answering },
    { "/replication-table/replica", test_replica },
    { "/replication-table/staged", test_staged },
    { "/replication-table/obstacle", test_obstacle },
    { "/replication-table/unreadable", test_unreadable },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssCentralFixture, NULL, iss_central_fixture_set_up, tests[i].func,
                iss_central_fixture_tear_down);

  return g_test_run ();
}
