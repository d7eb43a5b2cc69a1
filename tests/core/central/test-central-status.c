/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-status.h"

#include <string.h>

#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define POOL ISS_CENTRAL_FIXTURE_POOL
#define STAYS "fe01.contoso.example"
#define GONE "fe02.contoso.example"
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const servers[] = { STAYS, NULL };

static IssCentralStatus *
load (IssCentralFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssCentralStatus *status = iss_central_status_load (fixture->store, POOL, servers, &error);

  g_assert_no_error (error);

  return status;
}

static void
put_report (IssCentralFixture *fixture,
            const char        *server,
            const char        *types)
{
  g_autofree char *text = g_strdup_printf ("{'types': <[%s]>}", types);
  g_autoptr(IssReplicaReport) report = iss_replica_report_new (server);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;

  variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  g_assert_no_error (error);
  report->state = iss_replica_state_from_variant (variant, &error);
  report->tried = report->seen = NOW;
  g_assert_true (iss_central_store_put_report (fixture->store, POOL, report, &error));
  g_assert_no_error (error);
}

static void
note (IssCentralFixture *fixture,
      const char        *who,
      gboolean           is_resident,
      gint64             now)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_central_status_beat (fixture->store, POOL, who, is_resident, now, &error));
  g_assert_no_error (error);
}

static void
beat (IssCentralFixture *fixture,
      const char        *who,
      gint64             now)
{
  note (fixture, who, TRUE, now);
}

static void
assert_replicator (IssCentralFixture *fixture,
                   gint64             now,
                   const char        *expected)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(IssCentralStatus) status = load (fixture);
  g_autofree char *text = iss_central_status_dup_replicator (status, now, utc);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_heartbeat (IssCentralFixture *fixture,
                gconstpointer      unused)
{
  g_autoptr(IssCentralStatus) never = load (fixture);
  g_autoptr(IssCentralStatus) damaged = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *nobody = iss_central_status_dup_replicator (never, NOW, utc);
  g_autofree char *text = NULL;
  guint64 revision;

  g_assert_cmpstr (nobody, ==, "Nobody has replicated yet");
  beat (fixture, "alice@desk1", NOW);
  beat (fixture, "alice@desk1", NOW + 60);
  assert_replicator (fixture, NOW + 60, "alice@desk1 has been replicating since 30 June 2027, "
                                        "00:00 (UTC); last pass 30 June 2027, 00:01 (UTC)");
  assert_replicator (fixture, NOW + 600, "Nobody replicates now; alice@desk1 did last, "
                                         "30 June 2027, 00:01 (UTC)");

  /* After a pause, and by somebody else, it begins anew. */
  beat (fixture, "alice@desk1", NOW + 600);
  assert_replicator (fixture, NOW + 600, "alice@desk1 has been replicating since 30 June 2027, "
                                         "00:10 (UTC); last pass 30 June 2027, 00:10 (UTC)");
  beat (fixture, "bob@desk2", NOW + 660);
  assert_replicator (fixture, NOW + 660, "bob@desk2 has been replicating since 30 June 2027, 00:11 "
                                         "(UTC); last pass 30 June 2027, 00:11 (UTC)");

  /* A clock that was set back. */
  beat (fixture, "bob@desk2", NOW + 630);
  assert_replicator (fixture, NOW + 630, "bob@desk2 has been replicating since 30 June 2027, 00:10 "
                                         "(UTC); last pass 30 June 2027, 00:10 (UTC)");

  text = g_strdup ("pool/" POOL "/replicator");
  g_bytes_unref (iss_central_engine_get (fixture->engine, text, &revision, NULL));
  g_assert_true (iss_central_engine_put_if (fixture->engine, text, bytes, revision, NULL, NULL));
  damaged = load (fixture);
  g_assert_cmpint (damaged->heartbeat, ==, 0);
}

/* Nobody goes on after it, and it is not in the way of who does. */
static void
test_single_pass (IssCentralFixture *fixture,
                  gconstpointer      unused)
{
  static const char alone[] = "Nobody replicates now; bob@desk2 did last, 30 June 2027, 00:00 "
                              "(UTC)";
  static const char resident[] = "alice@desk1 has been replicating since 30 June 2027, 00:01 "
                                 "(UTC); last pass 30 June 2027, 00:01 (UTC)";

  note (fixture, "bob@desk2", FALSE, NOW);
  assert_replicator (fixture, NOW, alone);

  beat (fixture, "alice@desk1", NOW + 60);
  note (fixture, "bob@desk2", FALSE, NOW + 61);
  note (fixture, "alice@desk1", FALSE, NOW + 61);
  assert_replicator (fixture, NOW + 61, resident);
}

/* What was reported of a server that is not in the pool any more stays to be seen. */
static void
test_deleted (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(IssCentralStatus) status = NULL;
  g_autofree char *text = NULL;

  put_report (fixture, STAYS, "{'type': <'OAuthTokenIssuer'>, 'current': <'" HEX "'>}");
  put_report (fixture, GONE, "{'type': <'OAuthTokenIssuer'>, 'current': <'" HEX "'>, "
                             "'staged': <'" HEX "'>}");
  status = load (fixture);
  g_assert_cmpuint (status->deleted->len, ==, 1);
  text = iss_central_status_dup_deleted (status, status->deleted->pdata[0], utc);
  g_assert_nonnull (strstr (text, GONE " was removed"));
  g_assert_nonnull (strstr (text, "still holds " HEX ", with the private keys"));

  g_clear_pointer (&text, g_free);
  g_hash_table_replace (status->names, g_strdup (HEX), g_strdup ("auth 3F2A … 5B1E"));
  text = iss_central_status_dup_deleted (status, status->deleted->pdata[0], utc);
  g_assert_nonnull (strstr (text, "still holds auth 3F2A … 5B1E, with the private keys"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/central-status/heartbeat", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_heartbeat, iss_central_fixture_tear_down);
  g_test_add ("/central-status/single-pass", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_single_pass, iss_central_fixture_tear_down);
  g_test_add ("/central-status/deleted", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_deleted, iss_central_fixture_tear_down);

  return g_test_run ();
}
