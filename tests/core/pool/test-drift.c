/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/drift.h"

#include <string.h>

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define TYPE "OAuthTokenIssuer"
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* "set-assignment TYPE=A": an entry by alice. */
static GPtrArray *
make_entries (const char *const *texts)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit_set (texts[i], " =", 3);
      g_autofree char *line =
        g_strdup_printf ("{\"n\":%u,\"time\":\"2027-06-30T08:00:00Z\",\"who\":\"alice\","
                         "\"what\":\"%s\",\"%s\":\"%s\",\"previous\":\"" A "\"}", 9 - i,
                         words[0], words[1], words[2]);
      g_autoptr(GBytes) bytes = g_bytes_new (line, strlen (line));

      g_ptr_array_add (entries, iss_audit_entry_new (bytes, 100 - i, ISS_AUDIT_ENTRY_DAMAGED,
                                                     names));
      g_assert_cmpint (iss_audit_entry_get_state (entries->pdata[i]), ==, ISS_AUDIT_ENTRY_WHOLE);
    }

  return entries;
}

static void
test_drift_cause (void)
{
  const struct
    {
      const char    *label;
      const char    *entries[4];
      const char    *present;
      gboolean       is_gone;
      IssDriftCause  cause;
      int            entry;     /* -1: none */
    } cases[] =
    {
      { "never had anything", { NULL }, NULL, FALSE, ISS_DRIFT_NEVER, -1 },
      { "set", { "set-assignment " TYPE "=" A, NULL }, A, FALSE, ISS_DRIFT_LOGGED, 0 },
      { "rolled", { "roll-assignment " TYPE "=" A, NULL }, A, FALSE, ISS_DRIFT_LOGGED, 0 },
      { "swapped back", { "swap-back " TYPE "=" A, NULL }, A, FALSE, ISS_DRIFT_LOGGED, 0 },
      { "another type", { "set-assignment Default=" A, NULL }, A, FALSE, ISS_DRIFT_OUTSIDE, -1 },
      { "the newest counts", { "set-assignment Default=" B, "set-assignment " TYPE "=" A,
                               "set-assignment " TYPE "=" B, NULL }, A, FALSE,
        ISS_DRIFT_LOGGED, 1 },
      { "edited by hand", { "set-assignment " TYPE "=" B, NULL }, A, FALSE,
        ISS_DRIFT_OUTSIDE, -1 },
      { "staging is no change of it", { "stage-assignment " TYPE "=" B,
                                        "set-assignment " TYPE "=" A, NULL }, A, FALSE,
        ISS_DRIFT_LOGGED, 1 },
      { "removed", { "remove-assignment " TYPE "=current", NULL }, NULL, FALSE,
        ISS_DRIFT_LOGGED, 0 },
      { "the previous was removed", { "remove-assignment " TYPE "=previous",
                                      "set-assignment " TYPE "=" A, NULL }, A, FALSE,
        ISS_DRIFT_LOGGED, 1 },
      { "gone by hand", { "set-assignment " TYPE "=" A, NULL }, NULL, FALSE,
        ISS_DRIFT_OUTSIDE, -1 },
      { "deleted", { "delete certificates=" A, NULL }, A, TRUE, ISS_DRIFT_LOGGED, 0 },
      { "file removed by hand", { "delete certificates=" B, "set-assignment " TYPE "=" A, NULL },
        A, TRUE, ISS_DRIFT_OUTSIDE, -1 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) entries = make_entries (cases[i].entries);
      IssAuditEntry *entry = NULL;

      g_test_message ("%s", cases[i].label);
      g_assert_cmpint (iss_drift_find_cause (entries, TYPE, cases[i].present, cases[i].is_gone,
                                             &entry), ==, cases[i].cause);
      g_assert_true (entry == (cases[i].entry >= 0 ? entries->pdata[cases[i].entry] : NULL));
    }
}

/* fe02 has both, fe01 only the agreed one. */
static void
test_drift_text (void)
{
  static const char *const lines[] = { TYPE "=A6 -B", TYPE "=B6 +A", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  IssServer *server = iss_pool_get_server (pool, 1);
  IssWitness *witness = iss_server_get_witness (server);
  g_autoptr(IssPresence) presence = NULL;
  g_autoptr(GBytes) present = NULL;
  g_autofree char *by = NULL;
  g_autofree char *outside = NULL;
  g_autofree char *lacking = NULL;
  g_auto(GStrv) remedies = NULL;
  g_autofree char *remedy = NULL;
  guint8 sha256[32];

  iss_pool_fixture_get_sha256 ('B', sha256);
  present = g_bytes_new (sha256, sizeof sha256);
  g_assert_null (iss_drift_dup_text (server, TYPE, present, NOW, NULL));

  iss_witness_add_change (witness, TYPE, present, "alice", NOW - 60);
  by = iss_drift_dup_text (server, TYPE, present, NOW, NULL);
  g_assert_cmpstr (by, ==, "Changed by alice, 30 June 2027, 14:01 (UTC)");
  g_assert_null (iss_drift_dup_text (server, TYPE, NULL, NOW, NULL));

  presence = iss_presence_new (pool, NULL, NOW, NULL);
  g_assert_nonnull (strstr (iss_presence_get_cell (presence, 0, 0)->sentence,
                            " Changed by alice, 30 June 2027, 14:01 (UTC). Seen"));

  iss_witness_add_change (witness, TYPE, present, NULL, NOW);
  outside = iss_drift_dup_text (server, TYPE, present, NOW, NULL);
  g_assert_nonnull (strstr (outside, "changed outside of Issuant"));
  iss_witness_add_change (witness, TYPE, NULL, NULL, 0);
  g_assert_null (iss_drift_dup_text (server, TYPE, NULL, NOW, NULL));

  lacking = iss_drift_dup_lacking (pool, sha256);
  g_assert_cmpstr (lacking, ==, "fe01");
  remedies = iss_drift_dup_remedies (pool, presence);
  remedy = g_strjoinv ("\n", remedies);
  g_assert_cmpstr (remedy, ==,
                   "fe02: put the agreed one back:\n"
                   "  issuantctl set-certificate --server fe02 --type OAuthTokenIssuer "
                   "--thumbprint "
                   "4141414141414141414141414141414141414141414141414141414141414141\n"
                   "fe02: make it everyone's (import it first on fe01):\n"
                   "  issuantctl set-certificate --pool pool01.contoso.example --type "
                   "OAuthTokenIssuer --thumbprint "
                   "4242424242424242424242424242424242424242424242424242424242424242");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drift/cause", test_drift_cause);
  g_test_add_func ("/drift/text", test_drift_text);

  return g_test_run ();
}
