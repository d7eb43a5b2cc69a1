/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-line.h"

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer="
#define HEX_A "4141414141414141414141414141414141414141414141414141414141414141"
#define HEX_L "4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c"
#define SHA1_A "4141414141414141414141414141414141414141"
#define SHA1_L "4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C4C"

/* What test-presence.c does not ask of the line: many servers, and the zone. */
typedef struct
{
  const char *name;
  const char *lines[8];
  char        agreed;
  const char *line;
} Case;

static const Case cases[] =
{
  { "three silent are named", { OAUTH "A6", "!?", "!?", "!?" }, 'A',
    "OAuthTokenIssuer: 1 of 1 server that answers uses the agreed certificate; "
    "fe02 has not answered since 15:58; fe03 has not answered since 15:58; "
    "fe04 has not answered since 15:58." },
  { "the fourth is counted", { OAUTH "A6", "!?", "!?", "!?", "!?" }, 'A',
    "OAuthTokenIssuer: 1 of 1 server that answers uses the agreed certificate; "
    "fe02 has not answered since 15:58; fe03 has not answered since 15:58; "
    "fe04 has not answered since 15:58; 1 more is silent." },
  { "and so is the fifth", { OAUTH "A6", "!?", "!?", "!?", "!?", "!?" }, 'A',
    "OAuthTokenIssuer: 1 of 1 server that answers uses the agreed certificate; "
    "fe02 has not answered since 15:58; fe03 has not answered since 15:58; "
    "fe04 has not answered since 15:58; 2 more are silent." },
  { "published in vain", { OAUTH "A6", OAUTH "A6 #OAuthTokenIssuer" }, 'A',
    "OAuthTokenIssuer: the same certificate is published on 2 of 2 servers, but on 1 of them a "
    "service has not read it." },
  { "three certificates, none agreed", { OAUTH "A6", OAUTH "L6", OAUTH "B6" }, 0,
    "OAuthTokenIssuer: 3 different certificates, auth.contoso.example on fe01, "
    "lab.contoso.example on fe02 and old-auth.contoso.example on fe03; none is agreed." },
  { "two of one name are told apart", { OAUTH "C6", OAUTH "D6" }, 0,
    "OAuthTokenIssuer: two different certificates, "
    "other.contoso.example (4343 4343 … 4343) on fe01 and "
    "other.contoso.example (4444 4444 … 4444) on fe02; none is agreed." },
};

static void
test_presence_line (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (7200);
  g_autoptr(IssPool) pool = iss_pool_fixture_new (test->lines, test->agreed, 0);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, NOW, zone);
  g_autofree char *line = NULL;
  gboolean good = TRUE;

  line = iss_presence_line_dup (presence, NOW, zone, &good);
  g_assert_cmpstr (line, ==, test->line);
  g_assert_false (good);
}

static void
test_presence_line_ticket (void)
{
  const char *const lines[] = { OAUTH "A6", OAUTH "L6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, "OAuthTokenIssuer", NOW, NULL);
  g_autofree char *ticket = iss_presence_line_dup_ticket (presence, "pool01", "Not the same.",
                                                          "alice", NOW);
  g_auto(GStrv) found = g_strsplit (ticket, "\n", -1);

  g_assert_cmpstr (found[0], ==, "pool01");
  g_assert_cmpstr (found[1], ==, "Not the same.");
  g_assert_cmpstr (found[2], ==, "Observer: alice, 2027-06-30T14:02:11Z; all times are UTC");
  g_assert_cmpstr (found[3], ==, "");
  g_assert_cmpstr (found[4], ==,
                   "OAuthTokenIssuer, current; agreed: auth.contoso.example, "
                   "SHA-1 " SHA1_A ", SHA-256 " HEX_A ":");
  g_assert_cmpstr (found[5], ==,
                   "  fe02.contoso.example: different: lab.contoso.example; "
                   "lab.contoso.example, SHA-1 " SHA1_L ", SHA-256 " HEX_L
                   "; seen 2027-06-30T14:02:11Z");
  g_assert_cmpstr (found[6], ==,
                   "  fe01.contoso.example: published; auth.contoso.example, "
                   "SHA-1 " SHA1_A ", SHA-256 " HEX_A "; seen 2027-06-30T14:02:11Z");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/presence-line/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_presence_line);
    }
  g_test_add_func ("/presence-line/ticket", test_presence_line_ticket);

  return g_test_run ();
}
