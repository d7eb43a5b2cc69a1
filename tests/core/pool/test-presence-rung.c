/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-rung.h"

#include <string.h>

#include "core/pool/presence.h"
#include "core/pool/server-private.h"
#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW

typedef struct
{
  const char *name;
  IssVerdict  verdict;
  IssRung     rung;
  IssSlot     slot;
  const char *marks;    /* received … seen in use */
} Case;

static char *
dup_marks (const IssPresenceCell *cell)
{
  static const char symbols[] = "-ox";
  char marks[ISS_N_RUNGS] = { 0 };

  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    marks[rung - ISS_RUNG_RECEIVED] =
      symbols[iss_presence_rung_get_mark (cell, (IssRung) rung)];

  return g_strdup (marks);
}

static void
test_presence_rung_marks (void)
{
  static const Case cases[] =
  {
    { "missing",   ISS_VERDICT_MISSING,   ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "--x----" },
    { "no key",    ISS_VERDICT_AGREES,    ISS_RUNG_IN_STORE,    ISS_SLOT_CURRENT,  "--ox---" },
    { "not published", ISS_VERDICT_AGREES, ISS_RUNG_KEY_MATCHES, ISS_SLOT_CURRENT, "--oo-x-" },
    { "published", ISS_VERDICT_AGREES,    ISS_RUNG_PUBLISHED,   ISS_SLOT_CURRENT,  "--oo-o-" },
    { "in use",    ISS_VERDICT_AGREES,    ISS_RUNG_SEEN_IN_USE, ISS_SLOT_CURRENT,  "--oo-oo" },
    { "kept",      ISS_VERDICT_AGREES,    ISS_RUNG_IN_STORE,    ISS_SLOT_PREVIOUS, "--o----" },
    { "gone",      ISS_VERDICT_MISSING,   ISS_RUNG_NONE,        ISS_SLOT_PREVIOUS, "--x----" },
    { "nothing",   ISS_VERDICT_NONE,      ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "-------" },
    { "unknown",   ISS_VERDICT_UNKNOWN,   ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "-------" },
  };
  static const char *const lines[] = { "OAuthTokenIssuer=A6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssPresenceCell cell = { 0 };
      g_autofree char *marks = NULL;

      cell.server = iss_pool_get_server (pool, 0);
      cell.verdict = cases[i].verdict;
      cell.rung = cases[i].rung;
      cell.slot = cases[i].slot;
      cell.origin = cases[i].slot;
      marks = dup_marks (&cell);
      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (marks, ==, cases[i].marks);
    }
}

static void
expect (IssPool    *pool,
        IssRung     rung,
        gint64      now,
        const char *marks,
        const char *time,
        const char *observer,
        const char *text)
{
  g_autoptr(IssPresence) presence = iss_presence_new (pool, "OAuthTokenIssuer", now, NULL);
  const IssPresenceCell *cell = iss_presence_get_cell (presence, 0, 0);
  g_autofree char *its_marks = dup_marks (cell);
  g_auto(IssPresenceRung) known = { ISS_RUNG_MARK_NONE };

  iss_presence_rung_init (&known, cell, rung, now, NULL);
  g_assert_cmpstr (its_marks, ==, marks);
  g_assert_cmpstr (known.time, ==, time);
  g_assert_cmpstr (known.observer, ==, observer);
  g_assert_cmpstr (known.text, ==, text);
}

/* Each rung says since when and from whom it is known. */
static void
test_presence_rung_observers (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  IssServer *server = iss_pool_get_server (pool, 0);
  guint8 bytes[32];
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(GBytes) other = NULL;

  iss_pool_fixture_get_sha256 ('A', bytes);
  sha256 = g_bytes_new (bytes, sizeof bytes);
  iss_pool_fixture_get_sha256 ('B', bytes);
  other = g_bytes_new (bytes, sizeof bytes);

  expect (pool, ISS_RUNG_RECEIVED, NOW, "--oo-o-", NULL, NULL,
          "it was imported by hand, not replicated");
  expect (pool, ISS_RUNG_IN_STORE, NOW, "--oo-o-", "14:02:11", "agent",
          "seen 14:02:11 by the agent on fe01");
  expect (pool, ISS_RUNG_KEY_MATCHES, NOW, "--oo-o-", "14:02:11", "agent",
          "seen 14:02:11 by the agent on fe01, not proved");
  expect (pool, ISS_RUNG_SEEN_IN_USE, NOW, "--oo-o-", NULL, NULL,
          "not looked at: the topology file may say where (seen-in-use)");

  /* Proved: the proof's time counts. */
  iss_server_set_proved (server, sha256, NOW + 5, NULL);
  expect (pool, ISS_RUNG_KEY_MATCHES, NOW + 5, "--oo-o-", "14:02:16", "proved",
          "proved 14:02:16 by this console");

  /* The next day the hour alone would mislead. */
  expect (pool, ISS_RUNG_KEY_MATCHES, NOW + 24 * 3600, "--oo-o-", "30 June, 14:02", "proved",
          "proved 30 June, 14:02 by this console");

  /* Not proved: what the agent says of it counts less. */
  iss_server_set_proved (server, sha256, NOW + 6, "no key");
  expect (pool, ISS_RUNG_KEY_MATCHES, NOW + 6, "--ox---", "14:02:17", "not proved",
          "not proved 14:02:17: no key");

  /* Until a later look says that there is one. */
  iss_server_set_proved (server, sha256, NOW - 1, "no key");
  expect (pool, ISS_RUNG_KEY_MATCHES, NOW, "--oo-o-", "14:02:11", "agent",
          "seen 14:02:11 by the agent on fe01, not proved");

  iss_witness_add_use (iss_server_get_witness (server), "OAuthTokenIssuer", "tls://fe01:443",
                       NOW + 7, sha256, FALSE, NULL);
  expect (pool, ISS_RUNG_SEEN_IN_USE, NOW + 7, "--oo-oo", "14:02:18", "this console",
          "tls://fe01:443 shows it, seen 14:02:18 by this console");
  iss_witness_add_use (iss_server_get_witness (server), "OAuthTokenIssuer", "https://fe01/keys",
                       NOW + 7, sha256, TRUE, NULL);
  expect (pool, ISS_RUNG_SEEN_IN_USE, NOW + 7, "--oo-oo", "14:02:18", "this console",
          "https://fe01/keys names it by its thumbprint, seen 14:02:18 by this console: whether "
          "the key is the certificate's was not compared");
  iss_witness_add_use (iss_server_get_witness (server), "OAuthTokenIssuer", "tls://fe01:443",
                       NOW + 8, other, FALSE, NULL);
  expect (pool, ISS_RUNG_SEEN_IN_USE, NOW + 8, "--oo-ox", "14:02:19", "this console",
          "tls://fe01:443 shows another certificate, seen 14:02:19 by this console");
  iss_witness_add_use (iss_server_get_witness (server), "OAuthTokenIssuer", "tls://fe01:443",
                       NOW + 9, NULL, FALSE, "Connection refused");
  expect (pool, ISS_RUNG_SEEN_IN_USE, NOW + 9, "--oo-o-", "14:02:20", "this console",
          "tls://fe01:443 did not show it, tried 14:02:20: Connection refused");
}

/* A key that was not proved is never called published. */
static void
test_presence_rung_not_proved (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssPresence) before = iss_presence_new (pool, NULL, NOW, NULL);
  g_autoptr(IssPresence) after = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  guint8 bytes[32];

  iss_pool_fixture_get_sha256 ('A', bytes);
  sha256 = g_bytes_new (bytes, sizeof bytes);
  iss_server_set_answering (iss_pool_get_server (pool, 0), 0, "1", "operator");
  g_assert_true (iss_presence_is_good (before));

  iss_server_set_proved (iss_pool_get_server (pool, 0), sha256, NOW, "The server does not have it");
  after = iss_presence_new (pool, NULL, NOW, NULL);
  g_assert_false (iss_presence_is_good (after));
  g_assert_cmpstr (iss_presence_get_cell (after, 0, 0)->word, ==, "in store");
  g_assert_nonnull (strstr (iss_presence_get_cell (after, 0, 0)->sentence,
                            "Its private key was not proved: The server does not have it."));
}

/* It is published; that nobody uses it is another thing, and no better. */
static void
test_presence_rung_not_reloaded (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6 #OAuthTokenIssuer",
                                       "OAuthTokenIssuer=A6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, "OAuthTokenIssuer", NOW, NULL);

  for (guint row = 0; row < 2; row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);
      g_autofree char *name = iss_server_dup_short_name (cell->server);
      const gboolean behind = g_str_equal (name, "fe01");

      g_assert_cmpint (cell->rung, ==, ISS_RUNG_PUBLISHED);
      g_assert_cmpstr (cell->not_reloaded, ==, behind ? "rtc not reloaded" : NULL);
      g_assert_cmpstr (cell->word, ==, behind ? "rtc not reloaded" : "published");
      g_assert_cmpint (iss_presence_cell_is_in_effect (cell), ==, !behind);
      g_assert_cmpint (iss_presence_cell_get_rung_in_effect (cell), ==,
                       behind ? ISS_RUNG_READABLE : ISS_RUNG_PUBLISHED);
      g_assert_cmpint (iss_presence_rung_get_mark (cell, ISS_RUNG_PUBLISHED), ==,
                       ISS_RUNG_MARK_REACHED);
      g_assert_cmpint (iss_presence_rung_get_mark (cell, ISS_RUNG_SEEN_IN_USE), ==,
                       behind ? ISS_RUNG_MARK_FAILED : ISS_RUNG_MARK_NONE);
    }
}

/* What services do with what is current says nothing of what is staged. */
static void
test_presence_rung_as_of (void)
{
  static const char *const lines[] = { "OAuthTokenIssuer=A6,,B4@86400 #OAuthTokenIssuer", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssPresence) then = iss_presence_new_at (pool, NULL, NOW, NOW + 2 * 86400, NULL);
  const IssPresenceCell *cell = iss_presence_get_cell (then, 0, 0);
  g_autoptr(GBytes) current = NULL;
  g_autofree char *marks = NULL;
  guint8 sha256[32];

  iss_pool_fixture_get_sha256 ('A', sha256);
  current = g_bytes_new (sha256, sizeof sha256);
  iss_witness_add_use (iss_server_get_witness (iss_pool_get_server (pool, 0)), "OAuthTokenIssuer",
                       "tls://fe01:443", NOW + 7, current, FALSE, NULL);

  g_assert_cmpint (cell->slot, ==, ISS_SLOT_CURRENT);
  g_assert_cmpint (cell->origin, ==, ISS_SLOT_STAGED);
  marks = dup_marks (cell);
  g_assert_cmpstr (marks, ==, "--oo---");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/presence-rung/marks", test_presence_rung_marks);
  g_test_add_func ("/presence-rung/observers", test_presence_rung_observers);
  g_test_add_func ("/presence-rung/not-reloaded", test_presence_rung_not_reloaded);
  g_test_add_func ("/presence-rung/as-of", test_presence_rung_as_of);
  g_test_add_func ("/presence-rung/not-proved", test_presence_rung_not_proved);

  return g_test_run ();
}
