/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replica-report.h"

#include "core/base/error.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define SERVER "fe01.contoso.example"
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static IssReplicaState *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) variant =
    g_variant_take_ref (g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error));
  IssReplicaState *state;

  g_assert_no_error (error);
  state = iss_replica_state_from_variant (variant, &error);
  g_assert_no_error (error);

  return state;
}

static void
test_round_trip (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssReplicaReport) report = iss_replica_report_new (SERVER);
  g_autoptr(IssReplicaReport) read = NULL;
  g_autoptr(IssReplicaReport) never = NULL;
  g_autoptr(IssReplicaReport) fresh = iss_replica_report_new (SERVER);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) nothing = NULL;
  g_autoptr(GBytes) torn = NULL;
  g_autoptr(GError) error = NULL;

  report->tried = NOW;
  report->seen = NOW - 5;
  report->failures = 2;
  report->clock_offset = -0.5;
  report->version = g_strdup ("0.1.0");
  report->error = g_strdup ("fe01: no answer");
  report->state = parse ("{'types': <[{'type': <'Default'>, 'revision': <uint64 3>}]>}");
  bytes = iss_replica_report_encode (report);
  read = iss_replica_report_decode (SERVER, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->tried, ==, NOW);
  g_assert_cmpint (read->seen, ==, NOW - 5);
  g_assert_cmpuint (read->failures, ==, 2);
  g_assert_cmpfloat (read->clock_offset, ==, -0.5);
  g_assert_cmpstr (read->error, ==, "fe01: no answer");
  g_assert_cmpuint (iss_replica_state_get_type_at (read->state, 0)->revision, ==, 3);

  nothing = iss_replica_report_encode (fresh);
  never = iss_replica_report_decode (SERVER, nothing, &error);
  g_assert_no_error (error);
  g_assert_null (never->state);
  g_assert_null (never->error);

  torn = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) - 1);
  g_assert_null (iss_replica_report_decode (SERVER, torn, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

/* Received is not deployed, deployed is not unchanged since. */
static void
test_up_to_date (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  static const struct
  {
    const char *type;
    gboolean    is_up_to_date;
  } cases[] =
  {
    { "{'type': <'OAuthTokenIssuer'>, 'package': <'" HEX "'>, 'deployed': <true>}", TRUE },
    { "{'type': <'OAuthTokenIssuer'>, 'package': <'" HEX "'>, 'deployed': <false>}", FALSE },
    { "{'type': <'OAuthTokenIssuer'>, 'package': <'" OTHER "'>, 'deployed': <true>}", FALSE },
    { "{'type': <'OAuthTokenIssuer'>, 'package': <'" HEX "'>, 'deployed': <true>, "
      "'local': <true>}", FALSE },
    { "{'type': <'Default'>, 'package': <'" HEX "'>, 'deployed': <true>}", FALSE },
  };
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, 0);

  iss_wanted_set_server (wanted, SERVER, HEX);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssReplicaReport) report = iss_replica_report_new (SERVER);
      g_autofree char *text = g_strdup_printf ("{'types': <[%s]>}", cases[i].type);

      g_test_message ("%s", text);
      g_assert_false (iss_replica_report_is_up_to_date (report, wanted));
      report->state = parse (text);
      g_assert_cmpint (iss_replica_report_is_up_to_date (report, wanted), ==,
                       cases[i].is_up_to_date);
    }
}

/* Ready is who shows the staged key, was reached just now, has this revision, and whose services
 * can read the key. */
static void
test_ready (IssCentralFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + 60);
  const char *staged = iss_certificate_get_sha256_hex (fixture->two);
  const struct
  {
    const char *staged;
    guint       revision;
    IssRung     rung;
    const char *unreadable;
    const char *error;
    gboolean    is_ready;
  } cases[] =
  {
    { staged, 2, ISS_RUNG_PUBLISHED, "", NULL, TRUE },
    { staged, 2, ISS_RUNG_READABLE, "", NULL, FALSE },
    { staged, 1, ISS_RUNG_PUBLISHED, "", NULL, FALSE },
    { OTHER, 2, ISS_RUNG_PUBLISHED, "", NULL, FALSE },
    { staged, 2, ISS_RUNG_PUBLISHED, "rtc", NULL, FALSE },
    { staged, 2, ISS_RUNG_PUBLISHED, "", "no answer", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssReplicaReport) report = iss_replica_report_new (SERVER);
      g_autofree char *text =
        g_strdup_printf ("{'types': <[{'type': <'OAuthTokenIssuer'>, 'staged': <'%s'>, "
                         "'revision': <uint64 %u>, 'staged-rung': <uint32 %d>, "
                         "'unreadable': <'%s'>}]>}",
                         cases[i].staged, cases[i].revision, cases[i].rung, cases[i].unreadable);

      report->state = parse (text);
      report->error = g_strdup (cases[i].error);
      g_assert_cmpint (iss_replica_report_is_ready (report, wanted), ==, cases[i].is_ready);
    }
}

static void
test_next_try (IssCentralFixture *fixture,
               gconstpointer      unused)
{
  static const struct
  {
    guint   failures;
    gdouble jitter;
    gint64  wait;
  } cases[] =
  {
    { 1, 0, 5 }, { 2, 0, 10 }, { 3, 0, 20 }, { 3, 1, 30 }, { 4, 0, 40 }, { 5, 0, 60 },
    { 1000, 0, 60 }, { 1000, 1, 90 },
  };
  g_autoptr(IssReplicaReport) report = iss_replica_report_new (SERVER);

  report->tried = NOW;
  g_assert_cmpint (iss_replica_report_get_next_try (report, 0), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      report->failures = cases[i].failures;
      g_assert_cmpint (iss_replica_report_get_next_try (report, cases[i].jitter), ==,
                       NOW + cases[i].wait);
    }
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
    { "/replica-report/round-trip", test_round_trip },
    { "/replica-report/up-to-date", test_up_to_date },
    { "/replica-report/ready", test_ready },
    { "/replica-report/next-try", test_next_try },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssCentralFixture, NULL, iss_central_fixture_set_up, tests[i].func,
                iss_central_fixture_tear_down);

  return g_test_run ();
}
