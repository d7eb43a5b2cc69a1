/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: overview-forecast. */
#include "core/pool/presence-forecast.h"

#include "core/pool/overview.h"
#include "core/pool/presence-seen.h"
#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define DAY (24 * 3600)
#define YEAR (365 * DAY)
#define MIDNIGHT (NOW - NOW % DAY)

/* A and B are valid for a year from NOW on; "@86400": staged for tomorrow. */
typedef struct
{
  const char *label;
  const char *lines[4];
  char        agreed;
  gint64      at;
  gboolean    good;
  const char *verdict;
} Case;

static void
test_forecast (void)
{
  const Case cases[] =
  {
    { "now staged, then current",
      { "OAuthTokenIssuer=A6,,B4@86400", "OAuthTokenIssuer=A6,,B4@86400", NULL }, 'A',
      NOW + 2 * DAY, TRUE,
      "On 2 July 2027, 14:02 (UTC): everything is as it should be, as things are now." },
    { "before it",
      { "OAuthTokenIssuer=A6,,B4@86400", "OAuthTokenIssuer=A6,,B4@86400", NULL }, 'A',
      NOW + 3600, TRUE,
      "On 30 June 2027, 15:02 (UTC): everything is as it should be, as things are now." },
    { "no service runs it",
      { "OAuthTokenIssuer=A6,,B4@86400 unattended", "OAuthTokenIssuer=A6,,B4@86400", NULL }, 'A',
      MIDNIGHT + 2 * DAY, FALSE,
      "On 2 July 2027: no service on fe01 runs the roll that is staged: start "
      "issuant-agent.service there." },
    { "no service, and nothing to run",
      { "OAuthTokenIssuer=A6 unattended", NULL }, 'A', MIDNIGHT + 2 * DAY, TRUE,
      "On 2 July 2027: everything is as it should be, as things are now." },
    { "held: it does not roll",
      { "^OAuthTokenIssuer OAuthTokenIssuer=A6,,B4@86400", NULL }, 'A', MIDNIGHT + YEAR + DAY,
      FALSE, "On 30 June 2028: fe01 signs with an expired certificate." },
    { "one has staged nothing",
      { "OAuthTokenIssuer=A6,,B4@86400", "OAuthTokenIssuer=A6", NULL }, 'A', MIDNIGHT + 2 * DAY,
      FALSE, "On 2 July 2027: fe02 signs with another certificate than is agreed." },
    { "expired",
      { "OAuthTokenIssuer=A6", "OAuthTokenIssuer=A6", NULL }, 'A', MIDNIGHT + YEAR + DAY, FALSE,
      "On 30 June 2028: fe01 and fe02 sign with an expired certificate." },
    { "per server, expired",
      { "OAuthTokenIssuer=A6 Default=S6", "OAuthTokenIssuer=A6 Default=X6", NULL }, 'A',
      MIDNIGHT + 2 * DAY, FALSE,
      "On 2 July 2027: fe02 uses an expired certificate for Default." },
    { "early, valid by then",
      { "OAuthTokenIssuer=Y6", "OAuthTokenIssuer=Y6", NULL }, 'Y', MIDNIGHT + 3 * DAY, TRUE,
      "On 3 July 2027: everything is as it should be, as things are now." },
    { "early, not by then",
      { "OAuthTokenIssuer=Y6", "OAuthTokenIssuer=A6", NULL }, 'Y', NOW + 60, FALSE,
      "On 30 June 2027, 14:03 (UTC): fe01 signs with a certificate that is not valid yet; fe02 "
      "signs with another certificate than is agreed." },
    { "nothing, and nobody looked",
      { "-A", "?", "OAuthTokenIssuer=A6", NULL }, 'A', MIDNIGHT + DAY, FALSE,
      "On 1 July 2027: fe01 has nothing to sign with; nobody has looked at fe02." },
    { "silent: rests on what was seen",
      { "!OAuthTokenIssuer=A6", NULL }, 'A', MIDNIGHT + 2 * YEAR, FALSE,
      "On 29 June 2029: fe01 signs with an expired certificate. That rests on what was last seen "
      "of fe01." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr(IssPool) pool = iss_pool_fixture_new (c->lines, c->agreed, 0);
      g_autoptr(IssPresence) presence = iss_presence_new_at (pool, NULL, NOW, c->at, NULL);
      g_autoptr(IssOverview) overview = iss_overview_new_at (pool, NOW, c->at, NULL);

      g_test_message ("%s", c->label);
      g_assert_cmpstr (iss_presence_get_verdict (presence), ==, c->verdict);
      g_assert_cmpint (iss_presence_is_good (presence), ==, c->good);
      g_assert_cmpint (iss_overview_get_level (overview) == ISS_OVERVIEW_GOOD, ==, c->good);
    }
}

/* After the roll current is previous, and nothing is staged any more. */
static void
test_forecast_slots (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6,,B4@86400", NULL };
  static const char *const type = "OAuthTokenIssuer";
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  IssServer *server = iss_pool_get_server (pool, 0);
  const gint64 then = NOW + DAY;

  g_assert_cmpint (iss_presence_seen_next_roll (pool, NOW), ==, then);
  g_assert_cmpint (iss_presence_seen_next_roll (pool, then), ==, 0);

  g_assert_cmpint (iss_presence_seen_slot (server, type, ISS_SLOT_CURRENT, 0)->sha256[0], ==, 'A');
  g_assert_cmpint (iss_presence_seen_slot (server, type, ISS_SLOT_CURRENT, then - 1)->sha256[0],
                   ==, 'A');
  g_assert_cmpint (iss_presence_seen_slot (server, type, ISS_SLOT_CURRENT, then)->sha256[0], ==,
                   'B');
  g_assert_cmpint (iss_presence_seen_slot (server, type, ISS_SLOT_PREVIOUS, then)->sha256[0], ==,
                   'A');
  g_assert_null (iss_presence_seen_slot (server, type, ISS_SLOT_STAGED, then));
  g_assert_null (iss_presence_seen_slot (server, type, ISS_SLOT_PREVIOUS, 0));
}

static void
test_forecast_overview (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6 Default=S6", "OAuthTokenIssuer=A6 "
                                       "Default=S6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssOverview) good = iss_overview_new_at (pool, NOW, NOW + DAY, NULL);
  g_autoptr(IssOverview) late = iss_overview_new_at (pool, NOW, MIDNIGHT + 2 * YEAR, NULL);
  const IssOverviewFact *fact;

  g_assert_cmpstr (iss_overview_get_answer (late), ==,
                   "On 29 June 2029, as things are now: not everything is as it should be in "
                   "pool01.contoso.example.");
  g_assert_cmpuint (iss_overview_get_n_facts (good), ==, 2);
  fact = iss_overview_get_fact (good, 0);
  g_assert_cmpstr (fact->subject, ==, "OAuthTokenIssuer");
  g_assert_cmpstr (fact->sentence, ==, "the same everywhere, valid until 29 June 2028");
  fact = iss_overview_get_fact (late, 1);
  g_assert_cmpstr (fact->sentence, ==, "fe01 and fe02 use an expired certificate for Default");
  g_assert_cmpint (fact->level, ==, ISS_OVERVIEW_ERROR);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/presence-forecast/lines", test_forecast);
  g_test_add_func ("/presence-forecast/slots", test_forecast_slots);
  g_test_add_func ("/presence-forecast/overview", test_forecast_overview);

  return g_test_run ();
}
