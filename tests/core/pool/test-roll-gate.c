/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/roll-gate.h"

#include "core/base/text.h"
#include "tests/core/pool/pool-fixture.h"

#define OAUTH "OAuthTokenIssuer"
#define READY "OAuthTokenIssuer=A6,,B6@86400 ^OAuthTokenIssuer"

static void
test_lines (void)
{
  static const struct
  {
    const char *name;
    const char *lines[4];
    const char *excepted[2];
    gboolean    is_open;
    const char *reason;   /* NULL: none */
  } cases[] =
  {
    { "all", { READY, READY, READY }, { NULL }, TRUE, NULL },
    { "nobody", { "OAuthTokenIssuer=A6", "OAuthTokenIssuer=A6" }, { NULL }, FALSE,
      "fe01 has nothing staged; fe02 has nothing staged" },
    { "not staged", { READY, "OAuthTokenIssuer=A6" }, { NULL }, FALSE,
      "fe02 has nothing staged: from the roll on it would refuse the others' tokens" },
    { "rolled alone", { READY, "OAuthTokenIssuer=B6,A6" }, { NULL }, FALSE,
      "fe02 uses the staged certificate already: it did not wait for the roll" },
    { "not published", { READY, "OAuthTokenIssuer=A6,,B4@86400" }, { NULL }, FALSE,
      "fe02 has not published the staged key yet: until then it refuses tokens that are signed "
      "with it" },
    { "no key there", { READY, "OAuthTokenIssuer=A6,,B3@86400" }, { NULL }, FALSE,
      "fe02 has not published the staged key yet: until then it refuses tokens that are signed "
      "with it" },
    { "another one", { READY, "OAuthTokenIssuer=A6,,C6@86400" }, { NULL }, FALSE,
      "fe02 has another certificate staged: the servers would refuse each other's tokens" },
    { "another instant", { READY, "OAuthTokenIssuer=A6,,B6@86401" }, { NULL }, FALSE,
      "fe02 rolls at another instant" },
    { "silent", { READY, "!" READY }, { NULL }, FALSE,
      "fe02 does not answer: from the roll on it would refuse the others' tokens if it does not "
      "have the new certificate" },
    { "never seen", { READY, "?" }, { NULL }, FALSE,
      "fe02 does not answer: from the roll on it would refuse the others' tokens if it does not "
      "have the new certificate" },
    { "unreadable", { READY, READY " ~OAuthTokenIssuer" }, { NULL }, FALSE,
      "fe02 has rtc, whose account rtc-service cannot read the staged key (tried: Permission "
      "denied): at the roll it would be left with the old certificate" },
    { "unreadable, excepted", { READY, READY " ~OAuthTokenIssuer" }, { "fe02" }, TRUE, NULL },
    { "unreadable, of another type", { READY, READY " ~Default" }, { NULL }, TRUE, NULL },
    { "unknown services", { READY, READY " %" }, { NULL }, FALSE,
      "fe02 has services that are not known (consumers.conf, line 2: nonsense): at the roll they "
      "may be left with the old certificate" },
    { "excepted", { READY, "!" READY }, { "fe02" }, TRUE, NULL },
    { "excepted in full", { READY, "?" }, { "fe02.contoso.example" }, TRUE, NULL },
    { "another excepted", { READY, "?" }, { "fe01" }, FALSE,
      "fe02 does not answer: from the roll on it would refuse the others' tokens if it does not "
      "have the new certificate" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const excepted[] = { cases[i].excepted[0], NULL };
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 'A', 0);
      g_autoptr(GPtrArray) lines = iss_roll_gate_list (pool, OAUTH, excepted);
      g_autofree char *reason = iss_roll_gate_dup_reason (lines);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpuint (lines->len, ==, iss_pool_get_n_servers (pool));
      g_assert_cmpint (iss_roll_gate_is_open (lines), ==, cases[i].is_open);
      g_assert_cmpstr (reason, ==, cases[i].reason);
    }
}

static void
test_held (void)
{
  static const char *const texts[] = { READY, "OAuthTokenIssuer=A6,,B6@86400", "?", NULL };
  static const char *const excepted[] = { "fe03", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (texts, 'A', 0);
  g_autoptr(GPtrArray) lines = iss_roll_gate_list (pool, OAUTH, excepted);
  const IssRollGateLine *line = lines->pdata[0];

  g_assert_true (line->is_held);
  g_assert_true (line->is_ready);
  g_assert_cmpstr (line->text, ==, "published");
  g_assert_false (((IssRollGateLine *) lines->pdata[1])->is_held);
  line = lines->pdata[2];
  g_assert_true (g_str_has_prefix (line->text, "excepted: does not answer"));
}

/* What can be typed to open it is told. */
static void
test_remedy (void)
{
  static const char *const texts[] = { READY, READY " ~OAuthTokenIssuer", "?", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (texts, 'A', 0);
  g_autoptr(GPtrArray) lines = iss_roll_gate_list (pool, OAUTH, NULL);
  g_autofree char *remedy = iss_roll_gate_dup_remedy (lines);
  guint8 sha256[ISS_SHA256_SIZE];
  g_autofree char *hex = NULL;
  g_autofree char *line = NULL;

  iss_pool_fixture_get_sha256 ('B', sha256);
  hex = iss_text_hex (sha256, sizeof sha256, FALSE);
  line = g_strdup_printf ("issuantctl set-key-access --server fe02 --thumbprint %s "
                          "--allow rtc-service", hex);
  g_assert_cmpstr (remedy, ==, line);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roll-gate/lines", test_lines);
  g_test_add_func ("/roll-gate/held", test_held);
  g_test_add_func ("/roll-gate/remedy", test_remedy);

  return g_test_run ();
}
