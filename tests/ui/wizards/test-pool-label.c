/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/pool-label.h"

#include "tests/ui/wizards/wizard-fixture.h"

static void
test_names (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autofree char *pool = iss_pool_label_dup_short (fixture->pool);
  g_autofree char *none = iss_pool_label_dup_names (servers);
  g_autofree char *all = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (fixture->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, i));
  all = iss_pool_label_dup_names (servers);

  g_assert_cmpstr (pool, ==, "pool01");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (all, ==, "fe01, fe02 and fe03");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool-label/names", test_names);

  return g_test_run ();
}
