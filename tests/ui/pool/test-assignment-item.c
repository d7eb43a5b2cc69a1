/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/assignment-item.h"

#include "tests/lib/scene-pool.h"

static IssAssignmentTable *
make_table (IssScene scene)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (pool, i));

  return iss_assignment_table_new (servers, NULL, ISS_SCENE_NOW, NULL);
}

static void
describe (GString    *text,
          GListModel *items,
          guint       depth)
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(IssAssignmentItem) item = g_list_model_get_item (items, i);
      g_autofree char *name = NULL;
      g_autofree char *expires = NULL;
      g_autofree char *slot = NULL;
      g_autofree char *state = NULL;
      GListModel *children = iss_assignment_item_get_children (item);

      g_object_get (item, "name", &name, "expires", &expires, "slot", &slot, "state", &state, NULL);
      g_string_append_printf (text, "%*s%s|%s|%s|%s|%s\n", (int) depth * 2, "",
                              iss_assignment_item_get_label (item), name, expires, slot, state);
      if (children != NULL)
        describe (text, children, depth + 1);
    }
}

static void
test_assignment_item_tree (void)
{
  static const struct
  {
    IssScene    scene;
    const char *text;
  } cases[] = {
    { ISS_SCENE_GOOD,
      "Default certificate||||\n"
      "  Server default|sip.contoso.example|1 Jul 2028|current|3 of 3 published\n"
      "  Web services internal||||nothing is assigned\n"
      "  Web services external||||nothing is assigned\n"
      "OAuthTokenIssuer|auth.contoso.example|14 Jul 2027|current|3 of 3 published\n" },
    { ISS_SCENE_NOT_AGREED,
      "Default certificate||||\n"
      "  Server default|sip.contoso.example|1 Jul 2028|current|3 of 3 published\n"
      "  Web services internal||||nothing is assigned\n"
      "  Web services external||||nothing is assigned\n"
      "OAuthTokenIssuer|auth.contoso.example|14 Jul 2027|current|2 of 3 published: fe01 and fe03\n"
      "  |lab.contoso.example|20 Jan 2029|current|1 of 3 published: fe02\n" },
    { ISS_SCENE_FIRST_LOOK, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAssignmentTable) table = make_table (cases[i].scene);
      g_autoptr(GListModel) tree = iss_assignment_item_make_tree (table, NULL);
      g_autoptr(GString) text = g_string_new (NULL);

      describe (text, tree, 0);
      g_assert_cmpstr (text->str, ==, cases[i].text);
      g_assert_finalize_object (g_steal_pointer (&tree));
    }
}

static void
test_assignment_item_types (void)
{
  g_autoptr(IssAssignmentTable) table = make_table (ISS_SCENE_GOOD);
  g_autoptr(GListModel) tree = iss_assignment_item_make_tree (table, NULL);
  g_autoptr(IssAssignmentItem) group = g_list_model_get_item (tree, 0);
  g_autoptr(IssAssignmentItem) oauth = g_list_model_get_item (tree, 1);
  g_auto(GStrv) of_group = iss_assignment_item_dup_types (group);
  g_auto(GStrv) of_oauth = iss_assignment_item_dup_types (oauth);
  g_autofree char *joined = g_strjoinv (",", of_group);
  g_autofree char *tooltip = NULL;
  g_auto(GStrv) classes = NULL;

  g_assert_cmpstr (joined, ==, "Default,WebServicesInternal,WebServicesExternal");
  g_assert_null (iss_assignment_item_get_row (group));
  g_assert_cmpuint (g_strv_length (of_oauth), ==, 1);
  g_assert_cmpstr (of_oauth[0], ==, "OAuthTokenIssuer");
  g_assert_cmpstr (iss_assignment_item_get_row (oauth)->type, ==, "OAuthTokenIssuer");
  g_assert_true (g_str_has_prefix (iss_assignment_item_get_key (oauth), "OAuthTokenIssuer/0/3f2a"));

  /* The whole thumbprint is to be found. */
  g_object_get (oauth, "tooltip", &tooltip, "css-classes", &classes, NULL);
  g_assert_nonnull (strstr (tooltip, "Thumbprint 3F2A91C03F"));
  g_assert_cmpuint (g_strv_length (classes), ==, 0);
}

static void
test_assignment_item_stale (void)
{
  g_autoptr(IssAssignmentTable) table = make_table (ISS_SCENE_DEAD);
  g_autoptr(GListModel) tree = iss_assignment_item_make_tree (table, NULL);
  g_autoptr(IssAssignmentItem) oauth = g_list_model_get_item (tree, 1);
  g_auto(GStrv) classes = NULL;

  g_object_get (oauth, "css-classes", &classes, NULL);
  g_assert_true (g_strv_contains ((const char *const *) classes, "stale"));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment-item/tree", test_assignment_item_tree);
  g_test_add_func ("/assignment-item/types", test_assignment_item_types);
  g_test_add_func ("/assignment-item/stale", test_assignment_item_stale);

  return g_test_run ();
}
