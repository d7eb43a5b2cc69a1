/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/asked.h"

#include "tests/core/pool/pool-fixture.h"

#include <string.h>

/* The letters of what is asked about, in order. */
static char *
ask (const char *const *lines,
     char               agreed,
     char               previous)
{
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, agreed, previous);
  g_autoptr(GPtrArray) asked = iss_asked_find (pool);
  g_autoptr(GString) letters = g_string_new (NULL);

  for (guint i = 0; i < asked->len; i++)
    for (char letter = 'A'; letter <= 'Z'; letter++)
      {
        guint8 sha256[32];

        iss_pool_fixture_get_sha256 (letter, sha256);
        if (memcmp (g_bytes_get_data (g_ptr_array_index (asked, i), NULL), sha256, 32) == 0)
          g_string_append_c (letters, letter);
      }

  return g_string_free (g_steal_pointer (&letters), FALSE);
}

static void
test_asked (void)
{
  static const struct
  {
    const char *why;
    const char *lines[4];
    char        agreed, previous;
    const char *asked;
  } cases[] = {
    { "nothing is known", { "", "?" }, 0, 0, "" },
    { "what is agreed and was", { "", "" }, 'A', 'B', "AB" },
    { "meant for the pool", { "+Cp", "" }, 0, 0, "C" },
    { "meant for one server", { "+C", "" }, 0, 0, "" },
    { "in a slot of a type that is the same everywhere", { "OAuthTokenIssuer=L6,B3", "" }, 'A', 0,
      "ALB" },
    { "in a slot of another type", { "Default=S6", "" }, 0, 0, "" },
    { "each once", { "OAuthTokenIssuer=A6 +Ap", "OAuthTokenIssuer=A6" }, 'A', 0, "A" },
    { "of a silent server, too", { "!OAuthTokenIssuer=L6" }, 0, 0, "L" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *asked = ask (cases[i].lines, cases[i].agreed, cases[i].previous);

      g_test_message ("%s", cases[i].why);
      g_assert_cmpstr (asked, ==, cases[i].asked);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/asked/find", test_asked);

  return g_test_run ();
}
