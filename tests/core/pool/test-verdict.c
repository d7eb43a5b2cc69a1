/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/verdict.h"

typedef struct
{
  IssVerdict  verdict;
  IssRung     rung;
  const char *nick;
  const char *label;
  const char *symbol;
} Case;

static const Case cases[] =
{
  { ISS_VERDICT_AGREES, ISS_RUNG_SEEN_IN_USE, "agrees", "agrees", "●" },
  { ISS_VERDICT_AGREES, ISS_RUNG_PUBLISHED, "agrees", "agrees", "●" },
  { ISS_VERDICT_AGREES, ISS_RUNG_READABLE, "agrees", "agrees", "◐" },
  { ISS_VERDICT_AGREES, ISS_RUNG_NONE, "agrees", "agrees", "◐" },
  { ISS_VERDICT_NONE, ISS_RUNG_NONE, "none", "none", "–" },
  { ISS_VERDICT_MISSING, ISS_RUNG_NONE, "missing", "missing", "○" },
  { ISS_VERDICT_DIFFERENT, ISS_RUNG_PUBLISHED, "different", "different", "△" },
  { ISS_VERDICT_EXPIRED, ISS_RUNG_PUBLISHED, "expired", "expired", "⧗" },
  { ISS_VERDICT_NOT_YET_VALID, ISS_RUNG_PUBLISHED, "not-yet-valid", "not yet valid", "◌" },
  { ISS_VERDICT_UNKNOWN, ISS_RUNG_NONE, "unknown", "not looked at", "?" },
};

static void
test_verdict_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *test = &cases[i];

      g_test_message ("%s on rung %d", test->nick, (int) test->rung);
      g_assert_cmpstr (iss_verdict_get_nick (test->verdict), ==, test->nick);
      g_assert_cmpstr (iss_verdict_get_label (test->verdict), ==, test->label);
      g_assert_cmpstr (iss_verdict_get_symbol (test->verdict, test->rung), ==, test->symbol);
    }
}

/* A person who sees no colours tells them apart by the symbol alone. */
static void
test_verdict_symbols_differ (void)
{
  g_autoptr(GHashTable) symbols = g_hash_table_new (g_str_hash, g_str_equal);

  for (int verdict = ISS_VERDICT_AGREES; verdict <= ISS_VERDICT_UNKNOWN; verdict++)
    {
      const char *symbol = iss_verdict_get_symbol ((IssVerdict) verdict, ISS_RUNG_IN_STORE);

      g_assert_cmpint (g_utf8_strlen (symbol, -1), ==, 1);
      g_assert_true (g_hash_table_add (symbols, (char *) symbol));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/verdict/names", test_verdict_names);
  g_test_add_func ("/verdict/symbols-differ", test_verdict_symbols_differ);

  return g_test_run ();
}
