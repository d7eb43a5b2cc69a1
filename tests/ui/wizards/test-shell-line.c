/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/shell-line.h"

#include "tests/ui/wizards/wizard-fixture.h"

typedef struct
{
  const char *value;      /* NULL: not said */
  const char *expected;
} Case;

static const Case cases[] =
{
  { "plain.pfx", "issuantctl --path plain.pfx" },
  { "with space.pfx", "issuantctl --path 'with space.pfx'" },
  { "it's;rm -rf", "issuantctl --path 'it'\\''s;rm -rf'" },
  { "$(reboot)", "issuantctl --path '$(reboot)'" },
  { "", "issuantctl --path ''" },
  { NULL, "issuantctl --path …" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) line = g_string_new ("issuantctl");

      iss_shell_line_add (line, "--path", cases[i].value);
      g_assert_cmpstr (line->str, ==, cases[i].expected);
    }
}

static void
test_servers (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GString) line = iss_shell_line_new (fixture->workspace, "get-store");
  g_autofree char *expected = NULL;

  g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, 0));
  g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, 2));
  iss_shell_line_add_servers (line, servers);

  expected = g_strdup_printf ("issuantctl --topology %s/topology.conf get-store "
                              "--server fe01,fe03", fixture->folder);
  g_assert_cmpstr (line->str, ==, expected);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shell-line/words", test_words);
  g_test_add_func ("/shell-line/servers", test_servers);

  return g_test_run ();
}
