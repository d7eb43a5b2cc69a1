/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence.h"

#include "tests/core/pool/pool-fixture.h"

#include <string.h>

/* Also covers: presence-cell, presence-column, presence-seen. */

#define NOW ISS_POOL_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer="

typedef struct
{
  const char *name;
  const char *lines[5];
  char        agreed;
  const char *verdict;
  gboolean    good;
} Case;

static const Case cases[] =
{
  { "good", { OAUTH "A6", OAUTH "A6", OAUTH "A6" }, 'A',
    "OAuthTokenIssuer: the same certificate on 3 of 3 servers.", TRUE },
  { "one server", { OAUTH "A6" }, 'A',
    "OAuthTokenIssuer: the same certificate on 1 of 1 server.", TRUE },
  { "missing, as on the screen", { OAUTH "A6", "-A", "!-A" }, 'A',
    "OAuthTokenIssuer: not the same everywhere. 1 of 3 servers uses the agreed certificate.",
    FALSE },
  { "different", { OAUTH "A6", OAUTH "A6", OAUTH "L6" }, 'A',
    "OAuthTokenIssuer: not the same everywhere. 2 of 3 servers use the agreed certificate.",
    FALSE },
  { "most differ from what is agreed", { OAUTH "L6", OAUTH "L6", OAUTH "A6" }, 'A',
    "OAuthTokenIssuer: not the same everywhere. 1 of 3 servers uses the agreed certificate.",
    FALSE },
  { "silent, good when seen", { OAUTH "A6", OAUTH "A6", "!" OAUTH "A6" }, 'A',
    "OAuthTokenIssuer: 2 of 2 servers that answer use the agreed certificate; "
    "fe03 has not answered since 13:58.", FALSE },
  { "silent, never seen", { OAUTH "A6", "!?" }, 'A',
    "OAuthTokenIssuer: 1 of 1 server that answers uses the agreed certificate; "
    "fe02 has not answered since 13:58.", FALSE },
  { "not looked at", { OAUTH "A6", "?" }, 'A',
    "OAuthTokenIssuer: 1 of 1 server that answers uses the agreed certificate; "
    "fe02 was not looked at yet.", FALSE },
  { "two, none agreed", { OAUTH "A6", OAUTH "L6" }, 0,
    "OAuthTokenIssuer: two different certificates, auth.contoso.example on fe01 and "
    "lab.contoso.example on fe02; none is agreed.", FALSE },
  { "the same, none agreed", { OAUTH "A6", OAUTH "A6", OAUTH "A6" }, 0,
    "OAuthTokenIssuer: the same on 3 of 3 servers, but nothing is agreed.", FALSE },
  { "nothing anywhere", { "", "", "" }, 0,
    "OAuthTokenIssuer: nothing is assigned on any server. "
    "Server-to-server authentication cannot work.", FALSE },
  { "not published", { OAUTH "A6", OAUTH "A4" }, 'A',
    "OAuthTokenIssuer: the same certificate is assigned on 2 of 2 servers, "
    "but published on 1 only.", FALSE },
  { "expired", { OAUTH "X6", OAUTH "X6" }, 'X',
    "OAuthTokenIssuer: expired.contoso.example, which is agreed, expired on 29 June 2027.",
    FALSE },
  { "too early", { OAUTH "Y6", OAUTH "Y6" }, 'Y',
    "OAuthTokenIssuer: early.contoso.example, which is agreed, is not valid yet.", FALSE },
  { "another type is bad", { OAUTH "A6 Default=S6", OAUTH "A6" }, 'A',
    "Default: one per server, but on 1 of 2 servers only.", FALSE },
  { "no servers", { NULL }, 0, "OAuthTokenIssuer: the pool has no servers.", FALSE },
};

static void
test_presence_verdict (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(IssPool) pool = iss_pool_fixture_new (test->lines, test->agreed, 0);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, NOW, NULL);

  g_assert_cmpstr (iss_presence_get_verdict (presence), ==, test->verdict);
  g_assert_cmpint (iss_presence_is_good (presence), ==, test->good);
  g_assert_cmpint (iss_presence_has_agreed (presence, "OAuthTokenIssuer"), ==, test->agreed != 0);
}

/* Each cell as "fe02 missing; …" in the rows' order. */
static char *
describe (IssPresence *presence,
          guint        column)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
      g_autofree char *name = iss_server_dup_short_name (cell->server);

      g_string_append_printf (text, "%s%s %s %s", row > 0 ? " | " : "", name,
                              iss_verdict_get_symbol (cell->verdict, cell->rung), cell->word);
      if (cell->stale)
        g_string_append_printf (text, " (%s)", cell->age != NULL ? cell->age : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_presence_cells (void)
{
  const char *const lines[] = {
    OAUTH "A6,B3 Default=S6", OAUTH ",L4 Default=S6 -A", "!-A Default=S6", OAUTH "X6 +A", "+A", "?",
    OAUTH "A0", NULL,
  };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 'B');
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, NOW, NULL);
  g_autofree char *current = describe (presence, 0);
  g_autofree char *previous = describe (presence, 1);

  g_assert_cmpuint (iss_presence_get_n_columns (presence), ==, 3);
  g_assert_cmpstr (current, ==,
                   "fe03 ○ missing (seen 13:41, not answering since 13:58) | "
                   "fe06 ? not looked at () | fe02 ○ missing | "
                   "fe04 △ different: expired.contoso.example, expired | fe05 ○ not assigned | "
                   "fe07 ○ assigned, but not in store | fe01 ● published");
  g_assert_cmpstr (iss_presence_get_column (presence, 0)->expected_text, ==,
                   "auth.contoso.example 4141 4141 … 4141");
  g_assert_nonnull (strstr (previous, "fe02 △ different: lab.contoso.example"));
  g_assert_nonnull (strstr (previous, "fe01 ◐ in store"));
  g_assert_cmpstr (iss_presence_get_column (presence, 2)->expected_text, ==, "one per server");
  g_assert_cmpint (iss_presence_get_seen_at (presence), ==, ISS_POOL_FIXTURE_SEEN);
  g_assert_cmpstr (iss_presence_get_cell (presence, 2, 0)->sentence, ==,
                   "fe02 · OAuthTokenIssuer · current: missing. auth.contoso.example is not in "
                   "its Personal store. Seen 14:02:11.");
}

/* Published in vain is worse than in use; as of an instant, what nobody brings there is. */
static void
test_presence_worst_first (void)
{
  const char *const lines[] =
    { OAUTH "A6,,B6@86400", OAUTH "A6,,B6@86400 #OAuthTokenIssuer",
      OAUTH "A6,,B6@86400 unattended", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  g_autoptr(IssPresence) now = iss_presence_new (pool, "OAuthTokenIssuer", NOW, NULL);
  g_autoptr(IssPresence) then = iss_presence_new_at (pool, "OAuthTokenIssuer", NOW, NOW + 86400,
                                                     NULL);
  g_autofree char *is = describe (now, 0);
  g_autofree char *will_be = describe (then, 0);

  g_assert_cmpstr (is, ==, "fe02 ● rtc not reloaded | fe01 ● published | fe03 ● published");
  g_assert_true (g_str_has_prefix (will_be, "fe03 "));
}

/* The previous certificate is only there to verify what it has signed. */
static void
test_presence_previous_expired (void)
{
  const char *const lines[] = { OAUTH "A6,X3", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 'X');
  g_autoptr(IssPresence) presence = iss_presence_new (pool, "OAuthTokenIssuer", NOW, NULL);
  g_autofree char *previous = describe (presence, 1);

  g_assert_cmpstr (previous, ==, "fe01 ◐ in store");
  g_assert_true (iss_presence_is_good (presence));
}

static void
test_presence_ticket (void)
{
  const char *const lines[] = { OAUTH "A6", "!-A", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (7200);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, "OAuthTokenIssuer", NOW, zone);
  g_autofree char *ticket = iss_presence_dup_ticket (presence, "alice");

  g_assert_nonnull (strstr (ticket, "alice, 2027-06-30T14:02:11Z"));
  g_assert_nonnull (strstr (ticket, "fe02.contoso.example: missing; seen 2027-06-30T13:41:00Z; "
                                    "not answering since 2027-06-30T13:58:00Z"));
  g_assert_nonnull (strstr (ticket, "SHA-1 4141414141414141414141414141414141414141"));
  g_assert_cmpstr (iss_presence_get_cell (presence, 0, 0)->age, ==,
                   "seen 15:41, not answering since 15:58");
  g_assert_finalize_object (g_steal_pointer (&presence));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/presence/verdict/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_presence_verdict);
    }
  g_test_add_func ("/presence/cells", test_presence_cells);
  g_test_add_func ("/presence/worst-first", test_presence_worst_first);
  g_test_add_func ("/presence/previous-expired", test_presence_previous_expired);
  g_test_add_func ("/presence/ticket", test_presence_ticket);

  return g_test_run ();
}
