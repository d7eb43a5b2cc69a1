/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/children-page.h"

#include "tests/lib/page-window.h"
#include "tests/lib/shot.h"
#include "tests/lib/workspace-fixture.h"

static void
set_up (IssWorkspaceFixture *fixture,
        gconstpointer        unused)
{
  iss_workspace_fixture_set_up (fixture, TRUE);
}

static void
tear_down (IssWorkspaceFixture *fixture,
           gconstpointer        unused)
{
  iss_workspace_fixture_tear_down (fixture);
}

static void
count_cb (IssPage *page,
          guint   *n)
{
  (*n)++;
}

static void
test_children_page_status (IssWorkspaceFixture *fixture,
                           gconstpointer        unused)
{
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);
  IssScopeNode *node = iss_scope_node_find (
    root, "pool01.contoso.example/fe01.contoso.example/certificates");
  IssPage *page = g_object_ref_sink (ISS_PAGE (iss_children_page_new (node)));
  g_autoptr(IssPageWindow) window = iss_page_window_new (GTK_WIDGET (page));
  g_autofree char *status = iss_page_dup_status (page);

  g_assert_cmpstr (status, ==, "7 stores");
  iss_shot_check (iss_page_window_get_window (window), "stores");
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (page);
  g_assert_finalize_object (root);
}

static void
test_children_page_changes (IssWorkspaceFixture *fixture,
                            gconstpointer        unused)
{
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);
  IssScopeNode *node = iss_scope_node_find (root, "pool01.contoso.example");
  IssPage *page = g_object_ref_sink (ISS_PAGE (iss_children_page_new (node)));
  g_autoptr(GError) error = NULL;
  guint n = 0;

  g_signal_connect (page, "changed", G_CALLBACK (count_cb), &n);
  g_assert_true (iss_workspace_remove_server (fixture->workspace, "fe01.contoso.example", &error));
  g_assert_cmpuint (n, >, 0);

  g_assert_finalize_object (page);
  g_assert_finalize_object (root);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add ("/children-page/status", IssWorkspaceFixture, NULL, set_up,
              test_children_page_status, tear_down);
  g_test_add ("/children-page/changes", IssWorkspaceFixture, NULL, set_up,
              test_children_page_changes, tear_down);

  return g_test_run ();
}
