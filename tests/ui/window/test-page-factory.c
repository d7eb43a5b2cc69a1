/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/page-factory.h"

#include "tests/lib/wait.h"
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

/* Every kind of node has a page that goes without a trace. */
static void
test_page_factory_make (IssWorkspaceFixture *fixture,
                        gconstpointer        unused)
{
  static const char *paths[] =
  {
    "",
    "pool01.contoso.example",
    "pool01.contoso.example/assignments",
    "pool01.contoso.example/presence",
    "pool01.contoso.example/fe01.contoso.example",
    "pool01.contoso.example/fe01.contoso.example/certificates",
    "pool01.contoso.example/fe01.contoso.example/certificates/my",
    "pool01.contoso.example/fe01.contoso.example/assignments",
    "pool01.contoso.example/fe01.contoso.example/tasks",
    "pool01.contoso.example/fe01.contoso.example/event-log",
  };
  IssScopeNode *root = iss_scope_node_new_root (fixture->workspace);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      IssPage *page = g_object_ref_sink (iss_page_factory_make (iss_scope_node_find (root,
                                                                                     paths[i])));

      g_test_message ("%s", paths[i]);
      g_assert_true (ISS_IS_PAGE (page));
      g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
      g_object_unref (page);
      iss_wait_until (page == NULL);
    }

  g_assert_finalize_object (root);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/page-factory/make", IssWorkspaceFixture, NULL, set_up, test_page_factory_make,
              tear_down);

  return g_test_run ();
}
