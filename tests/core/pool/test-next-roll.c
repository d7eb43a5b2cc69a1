/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/next-roll.h"

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW

static void
test_next_roll_text (void)
{
  static const struct
  {
    const char *label;
    const char *lines[4];
    gint64      now;
    const char *text;
    const char *type;   /* (nullable) */
  } cases[] =
  {
    { "no server", { NULL }, NOW, "next: nothing scheduled" },
    { "nobody looked", { "?", NULL }, NOW, "next: not known, nobody has looked" },
    { "nothing staged", { "OAuthTokenIssuer=A6", "?", NULL }, NOW, "next: nothing scheduled" },
    { "the earliest",
      { "OAuthTokenIssuer=A6,,B4@172800", "OAuthTokenIssuer=A6,,B4@86400", NULL }, NOW,
      "next: roll of OAuthTokenIssuer, 1 July 2027, 14:02 (UTC)", "OAuthTokenIssuer" },
    { "what is armed before what is held",
      { "^OAuthTokenIssuer OAuthTokenIssuer=A6,,B4@3600", "Default=A6,,B4@86400", NULL },
      NOW, "next: roll of Default, 1 July 2027, 14:02 (UTC)", "Default" },
    { "not what has no instant",
      { "Default=A6,,B4", "OAuthTokenIssuer=A6,,B4@86400", NULL }, NOW,
      "next: roll of OAuthTokenIssuer, 1 July 2027, 14:02 (UTC)", "OAuthTokenIssuer" },
    { "held",
      { "^OAuthTokenIssuer OAuthTokenIssuer=A6,,B4@86400", NULL }, NOW,
      "next: roll of OAuthTokenIssuer, 1 July 2027, 14:02 (UTC), held", "OAuthTokenIssuer" },
    { "should have happened",
      { "!OAuthTokenIssuer=A6,,B4@86400", NULL }, NOW + 2 * 86400,
      "next: roll of OAuthTokenIssuer, due since 1 July 2027, 14:02 (UTC)", "OAuthTokenIssuer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 'A', 0);
      g_autofree char *text = iss_next_roll_dup_text (pool, cases[i].now, NULL);

      g_test_message ("%s", cases[i].label);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (iss_next_roll_get_type (pool), ==, cases[i].type);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/next-roll/text", test_next_roll_text);

  return g_test_run ();
}
