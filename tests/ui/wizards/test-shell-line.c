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

  g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, 0));
  g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, 2));
  iss_shell_line_add_servers (line, servers);

  g_assert_cmpstr (line->str, ==, "issuantctl --demo get-store --server fe01,fe03");
}

static void
test_topology (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autoptr(IssLaunch) launch = iss_launch_new ("issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_WIZARD_FIXTURE_NOW);
  g_autofree char *usual = g_build_filename (g_get_user_config_dir (), "issuant",
                                             "topology.conf", NULL);
  g_autofree char *in_home = g_build_filename (g_get_home_dir (), "pool two.conf", NULL);
  g_autofree char *other = iss_temp_folder_dup_path (temp, "other.conf");
  g_autofree char *with_other = g_strconcat ("issuantctl --topology ", other, " get-log", NULL);
  const char *const topologies[][2] =
    {
      { usual, "issuantctl get-log" },
      { in_home, "issuantctl --topology ~/'pool two.conf' get-log" },
      { other, with_other },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (topologies); i++)
    {
      g_autoptr(IssWorkspace) workspace = iss_workspace_open (topologies[i][0], NULL, launch,
                                                              clock, NULL);
      g_autoptr(GString) line = iss_shell_line_new (workspace, "get-log");

      g_assert_cmpstr (line->str, ==, topologies[i][1]);
    }
}

/* "~" is read by a shell only where it is not quoted, and stands before a "/". */
static void
test_files (void)
{
  const char *home = g_get_home_dir ();
  g_autofree char *near = g_build_filename (home, "auth.pfx", NULL);
  g_autofree char *odd = g_build_filename (home, "it's", "$(reboot)", NULL);
  g_autofree char *beside = g_strconcat (home, "-not/auth.pfx", NULL);
  g_autofree char *beside_line = g_strconcat ("issuantctl --path ", beside, NULL);
  const char *const files[][2] =
    {
      { near, "issuantctl --path ~/auth.pfx" },
      { odd, "issuantctl --path ~/'it'\\''s/$(reboot)'" },
      { beside, beside_line },
      { "/srv/~/auth.pfx", "issuantctl --path '/srv/~/auth.pfx'" },
      { NULL, "issuantctl --path …" },
    };
  g_autoptr(GString) alone = g_string_new ("issuantctl inspect-pfx");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(GString) line = g_string_new ("issuantctl");

      iss_shell_line_add_file (line, "--path", files[i][0]);
      g_assert_cmpstr (line->str, ==, files[i][1]);
    }

  iss_shell_line_add_file (alone, NULL, near);
  g_assert_cmpstr (alone->str, ==, "issuantctl inspect-pfx ~/auth.pfx");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shell-line/words", test_words);
  g_test_add_func ("/shell-line/servers", test_servers);
  g_test_add_func ("/shell-line/topology", test_topology);
  g_test_add_func ("/shell-line/files", test_files);

  return g_test_run ();
}
