/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/scope-tree.h"

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"
#include "ui/window/scope-row.h"

#define POOL "pool01.contoso.example"
#define PERSONAL POOL "/fe02.contoso.example/certificates/my"

typedef struct
{
  IssWorkspaceFixture  base;
  IssScopeNode        *root;
  GtkWidget           *window;
  IssScopeTree        *tree;
  guint                n_notified;
} Fixture;

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *n)
{
  (*n)++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->root = iss_scope_node_new_root (fixture->base.workspace);
  fixture->tree = ISS_SCOPE_TREE (iss_scope_tree_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->tree));
  iss_scope_tree_set_root (fixture->tree, fixture->root);
  g_signal_connect (fixture->tree, "notify::selected", G_CALLBACK (count_cb),
                    &fixture->n_notified);
  gtk_window_present (GTK_WINDOW (fixture->window));
  iss_shot_settle (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->tree), (gpointer *) &fixture->tree);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->tree == NULL);
  g_assert_finalize_object (fixture->root);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static IssScopeRow *
find_row (GtkWidget  *widget,
          const char *path)
{
  if (ISS_IS_SCOPE_ROW (widget) && iss_scope_row_get_node (ISS_SCOPE_ROW (widget)) != NULL &&
      g_str_equal (iss_scope_node_get_path (iss_scope_row_get_node (ISS_SCOPE_ROW (widget))), path))
    return ISS_SCOPE_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      IssScopeRow *found = find_row (child, path);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_scope_tree_select (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_assert_true (iss_scope_tree_get_selected (fixture->tree) == fixture->root);
  g_assert_true (iss_scope_tree_select (fixture->tree, PERSONAL));
  g_assert_cmpstr (iss_scope_node_get_path (iss_scope_tree_get_selected (fixture->tree)), ==,
                   PERSONAL);
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  g_assert_false (iss_scope_tree_select (fixture->tree, POOL "/nothing"));
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  iss_scope_tree_set_root (fixture->tree, NULL);
  g_assert_null (iss_scope_tree_get_selected (fixture->tree));
  g_assert_false (iss_scope_tree_select (fixture->tree, PERSONAL));
}

/* Neither the first time nor later does it select another row: that would change the page. */
static void
test_scope_tree_focus (Fixture       *fixture,
                       gconstpointer  unused)
{
  const char *const paths[] = { POOL "/fe01.contoso.example", POOL, PERSONAL };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      IssScopeRow *row;

      g_assert_true (iss_scope_tree_select (fixture->tree, paths[i]));
      iss_shot_settle (fixture->window);
      g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture->tree)));
      g_assert_cmpstr (iss_scope_node_get_path (iss_scope_tree_get_selected (fixture->tree)), ==,
                       paths[i]);
      row = find_row (GTK_WIDGET (fixture->tree), paths[i]);
      g_assert_nonnull (row);
      g_assert_true (gtk_widget_is_ancestor (GTK_WIDGET (row),
                                             gtk_window_get_focus (GTK_WINDOW (fixture->window))));
      gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
    }
}

/* Pools are open from the start, servers only when one goes there. */
static void
test_scope_tree_rows (Fixture       *fixture,
                      gconstpointer  unused)
{
  IssScopeRow *row = find_row (GTK_WIDGET (fixture->tree), POOL "/fe02.contoso.example");

  g_assert_nonnull (row);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "fe02");
  g_assert_null (find_row (GTK_WIDGET (fixture->tree), PERSONAL));

  iss_scope_tree_select (fixture->tree, PERSONAL);
  iss_shot_settle (fixture->window);
  g_assert_nonnull (find_row (GTK_WIDGET (fixture->tree), PERSONAL));
}

static void
test_scope_tree_server_goes (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  iss_scope_tree_select (fixture->tree, PERSONAL);
  g_assert_true (iss_workspace_remove_server (fixture->base.workspace, "fe02.contoso.example",
                                              &error));
  iss_shot_settle (fixture->window);
  g_assert_nonnull (iss_scope_tree_get_selected (fixture->tree));
  g_assert_null (find_row (GTK_WIDGET (fixture->tree), POOL "/fe02.contoso.example"));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/scope-tree/select", Fixture, NULL, set_up, test_scope_tree_select, tear_down);
  g_test_add ("/scope-tree/focus", Fixture, NULL, set_up, test_scope_tree_focus, tear_down);
  g_test_add ("/scope-tree/rows", Fixture, NULL, set_up, test_scope_tree_rows, tear_down);
  g_test_add ("/scope-tree/server-goes", Fixture, NULL, set_up, test_scope_tree_server_goes,
              tear_down);

  return g_test_run ();
}
