/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-node.h"

#include <string.h>

#include "core/base/error.h"
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

/* The tree as one string. */
static void
describe (IssScopeNode *node,
          GString      *text)
{
  GListModel *children = iss_scope_node_get_children (node);

  g_string_append (text, iss_scope_node_get_label (node));

  if (children == NULL || iss_scope_node_get_kind (node) == ISS_SCOPE_KIND_CERTIFICATES)
    return;

  g_string_append_c (text, '(');
  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr(IssScopeNode) child = g_list_model_get_item (children, i);

      g_assert_true (iss_scope_node_get_parent (child) == node);
      if (i > 0)
        g_string_append_c (text, ' ');
      describe (child, text);
    }
  g_string_append_c (text, ')');
}

static void
assert_tree (IssScopeNode *root,
             const char   *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  describe (root, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_scope_node_tree (IssWorkspaceFixture *fixture,
                      gconstpointer        unused)
{
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);
  g_autoptr(GError) error = NULL;

  assert_tree (root, "Console Root(pool01.contoso.example(Assignments Presence Replication "
                     "fe01(Certificates Assignments Scheduled Tasks Event Log) "
                     "fe02(Certificates Assignments Scheduled Tasks Event Log)))");

  g_assert_true (iss_workspace_remove_server (fixture->workspace, "fe01.contoso.example", &error));
  assert_tree (root, "Console Root(pool01.contoso.example(Assignments Presence Replication "
                     "fe02(Certificates Assignments Scheduled Tasks Event Log)))");

  g_assert_finalize_object (root);
}

static void
test_scope_node_find (IssWorkspaceFixture *fixture,
                      gconstpointer        unused)
{
  static const struct
  {
    const char   *path;
    IssScopeKind  kind;
  } cases[] =
  {
    { "", ISS_SCOPE_KIND_ROOT },
    { "pool01.contoso.example", ISS_SCOPE_KIND_POOL },
    { "pool01.contoso.example/presence", ISS_SCOPE_KIND_PRESENCE },
    { "pool01.contoso.example/assignments", ISS_SCOPE_KIND_ASSIGNMENTS },
    { "pool01.contoso.example/replication", ISS_SCOPE_KIND_REPLICATION },
    { "pool01.contoso.example/fe02.contoso.example", ISS_SCOPE_KIND_SERVER },
    { "pool01.contoso.example/fe02.contoso.example/certificates", ISS_SCOPE_KIND_CERTIFICATES },
    { "pool01.contoso.example/fe02.contoso.example/certificates/root", ISS_SCOPE_KIND_STORE },
    { "pool01.contoso.example/fe02.contoso.example/assignments", ISS_SCOPE_KIND_ASSIGNMENTS },
    { "pool01.contoso.example/fe02.contoso.example/tasks", ISS_SCOPE_KIND_TASKS },
    { "pool01.contoso.example/fe02.contoso.example/event-log", ISS_SCOPE_KIND_EVENT_LOG },
  };
  static const char *unknown[] =
  {
    "pool", "pool01.contoso.example/", "pool01.contoso.example/fe09",
    "pool01.contoso.example/presence/x",
  };
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssScopeNode *node = iss_scope_node_find (root, cases[i].path);

      g_test_message ("%s", cases[i].path);
      g_assert_nonnull (node);
      g_assert_cmpint (iss_scope_node_get_kind (node), ==, cases[i].kind);
      g_assert_cmpstr (iss_scope_node_get_path (node), ==, cases[i].path);
      g_assert_true (iss_scope_node_get_workspace (node) == fixture->workspace);
      g_assert_cmpint (iss_scope_node_get_pool (node) != NULL, ==, i > 0);
      g_assert_cmpint (iss_scope_node_get_server (node) != NULL, ==, i > 4);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_null (iss_scope_node_find (root, unknown[i]));

  g_assert_finalize_object (root);
}

static void
count_cb (IssScopeNode *node,
          guint        *n)
{
  (*n)++;
}

static void
test_scope_node_server (IssWorkspaceFixture *fixture,
                        gconstpointer        unused)
{
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);
  IssScopeNode *node = iss_scope_node_find (root, "pool01.contoso.example/fe01.contoso.example");
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE,
                                                 "fe01.contoso.example: Connection refused");
  guint n = 0;

  g_signal_connect (node, "changed", G_CALLBACK (count_cb), &n);
  g_assert_cmpstr (iss_scope_node_get_icon_name (node), ==, "iss-server-symbolic");
  g_assert_cmpstr (iss_scope_node_get_indicator_icon (node), ==, "iss-state-unknown-symbolic");
  g_assert_false (iss_scope_node_is_busy (node));

  iss_server_set_failed (iss_scope_node_get_server (node), error, ISS_WORKSPACE_FIXTURE_NOW);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpstr (iss_scope_node_get_icon_name (node), ==, "iss-server-off-symbolic");
  g_assert_cmpstr (iss_scope_node_get_indicator_icon (node), ==, "window-close-symbolic");
  g_assert_cmpstr (iss_scope_node_get_indicator_class (node), ==, "error");
  g_assert_cmpstr (iss_scope_node_get_tooltip (node), ==,
                   "fe01 does not answer.\nfe01.contoso.example: Connection refused");

  g_assert_finalize_object (root);
}

static void
test_scope_node_no_workspace (void)
{
  IssScopeNode *root = iss_scope_node_new_root (NULL);

  assert_tree (root, "Console Root()");
  g_assert_finalize_object (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/scope-node/tree", IssWorkspaceFixture, NULL, set_up, test_scope_node_tree,
              tear_down);
  g_test_add ("/scope-node/find", IssWorkspaceFixture, NULL, set_up, test_scope_node_find,
              tear_down);
  g_test_add ("/scope-node/server", IssWorkspaceFixture, NULL, set_up, test_scope_node_server,
              tear_down);
  g_test_add_func ("/scope-node/no-workspace", test_scope_node_no_workspace);

  return g_test_run ();
}
