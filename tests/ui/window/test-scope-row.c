/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-row.h"

#include "core/base/error.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

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
test_scope_row_follows (IssWorkspaceFixture *fixture,
                        gconstpointer        unused)
{
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);
  IssScopeNode *node = iss_scope_node_find (root, "pool01.contoso.example/fe01.contoso.example");
  IssScopeRow *row = g_object_ref_sink (ISS_SCOPE_ROW (iss_scope_row_new ()));
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE, "No route");

  iss_scope_row_set_node (row, node);
  g_assert_true (iss_scope_row_get_node (row) == node);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "fe01");

  /* The reason is there for those who see no colour, and no picture. */
  iss_server_set_failed (iss_scope_node_get_server (node), error, ISS_WORKSPACE_FIXTURE_NOW);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (GTK_WIDGET (row)), ==,
                   "fe01 does not answer.\nNo route");
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "fe01 does not answer.\nNo route");

  iss_scope_row_set_node (row, root);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "Console Root");

  /* With nothing to say, what may be too long to be shown; a screen reader has heard it. */
  node = iss_scope_node_find (root,
                              "pool01.contoso.example/fe01.contoso.example/certificates/root");
  iss_scope_row_set_node (row, node);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (GTK_WIDGET (row)), ==,
                   "Trusted Root Certification Authorities");
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  iss_scope_row_set_node (row, NULL);
  g_assert_null (iss_scope_row_get_node (row));

  g_assert_finalize_object (row);
  g_assert_finalize_object (root);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/scope-row/follows", IssWorkspaceFixture, NULL, set_up, test_scope_row_follows,
              tear_down);

  return g_test_run ();
}
