/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/system-account.h"

#include <unistd.h>

static void
test_system_account_find (void)
{
  IssSystemAccount account = { .uid = 4711 };
  g_autofree char *name = NULL;

  g_assert_false (iss_system_account_find ("no-such-account", &account));
  g_assert_false (iss_system_account_find ("", &account));
  g_assert_cmpuint (account.uid, ==, 4711);

  /* An account of every Debian. */
  g_assert_true (iss_system_account_find ("daemon", &account));
  g_assert_cmpuint (account.uid, ==, 1);
  g_assert_true (iss_system_account_is_in_group (&account, 1));
  g_assert_false (iss_system_account_is_in_group (&account, 4711));

  name = iss_system_account_dup_name (account.uid);
  g_assert_cmpstr (name, ==, "daemon");
}

static void
test_system_account_gone (void)
{
  g_autofree char *name = iss_system_account_dup_name (4000000000);
  g_autofree char *root = iss_system_account_dup_group_name (0);
  g_autofree char *group = iss_system_account_dup_group_name (4000000000);

  g_assert_null (name);
  g_assert_cmpstr (root, ==, "root");
  g_assert_cmpstr (group, ==, "group 4000000000");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/system-account/find", test_system_account_find);
  g_test_add_func ("/system-account/gone", test_system_account_gone);

  return g_test_run ();
}
