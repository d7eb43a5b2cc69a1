/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/root-page.h"

#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

static void
test_root_page_welcome (void)
{
  const char *domains[] = { "contoso.example", NULL };
  IssWorkspaceFixture fixture;
  IssScopeNode *root;
  IssRootPage *page;
  g_autofree char *status = NULL;
  g_autoptr(GError) error = NULL;

  iss_workspace_fixture_set_up (&fixture, FALSE);
  root = iss_scope_node_new_root (fixture.workspace);
  page = g_object_ref_sink (ISS_ROOT_PAGE (iss_root_page_new (root)));
  g_assert_true (iss_root_page_is_welcome (page));

  g_assert_true (iss_workspace_set_pool (fixture.workspace, "pool01.contoso.example", domains,
                                         &error));
  g_assert_no_error (error);
  g_assert_false (iss_root_page_is_welcome (page));
  status = iss_page_dup_status (ISS_PAGE (page));
  g_assert_cmpstr (status, ==, "1 pool");

  g_assert_finalize_object (page);
  g_assert_finalize_object (root);
  iss_workspace_fixture_tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/root-page/welcome", test_root_page_welcome);

  return g_test_run ();
}
