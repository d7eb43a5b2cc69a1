/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/overview-page.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/wait.h"

static GtkWidget *
make_page (IssScene scene)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);

  return g_object_ref_sink (iss_overview_page_new (node));
}

static void
test_answers (void)
{
  for (IssScene scene = 0; scene < ISS_N_SCENES; scene++)
    {
      g_autoptr(GtkWidget) page = make_page (scene);
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      g_autofree char *answer = NULL;
      g_autofree char *status = iss_page_dup_status (ISS_PAGE (page));

      g_object_get (page, "answer", &answer, NULL);
      g_test_message ("%s: %s %s", iss_scene_pool_get_name (scene), answer, status);
      g_assert_true (g_str_has_prefix (answer, "pool01.contoso.example: "));
      g_assert_cmpint (scene == ISS_SCENE_GOOD, ==,
                       g_str_has_suffix (answer, ": everything is as it should be."));
      iss_page_window_shoot (window, "overview", iss_scene_pool_get_name (scene));
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

typedef struct
{
  IssScene    scene;
  const char *button;
  const char *activated;   /* action and target */
} ButtonCase;

static void
test_buttons (void)
{
  static const ButtonCase cases[] =
  {
    { ISS_SCENE_GOOD,         "Presence",        "console.show 'pool01.contoso.example/presence'" },
    { ISS_SCENE_MIXED,        "Make It Global…",
      "assignment.make-global ('', '3f2a91c0" "3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f"
      "5b1e')" },
    { ISS_SCENE_MIXED,        "Try Again",       "server.look 'fe03.contoso.example'" },
    { ISS_SCENE_NOT_ASSIGNED, "Assign…",         "assignment.assign @as []" },
    { ISS_SCENE_EMPTY,        "Add a Server…",   "server.connect" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ButtonCase *c = &cases[i];
      g_autoptr(GtkWidget) page = make_page (c->scene);
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      GtkWidget *button = iss_page_window_find_button (window, c->button);

      g_test_message ("%s", c->button);
      g_assert_nonnull (button);
      gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_BUTTON);
      g_signal_emit_by_name (button, "clicked");
      g_assert_cmpstr (iss_page_window_get_activated (window), ==, c->activated);
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

/* (nullable): what the run sheet in the action pane is about */
static char *
dup_sheet_target (GtkWidget *page)
{
  g_autoptr(GMenuModel) menu = iss_page_dup_actions (ISS_PAGE (page));
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, 0, G_MENU_LINK_SECTION);

  for (int i = 0; i < g_menu_model_get_n_items (section); i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;

      g_menu_model_get_item_attribute (section, i, G_MENU_ATTRIBUTE_ACTION, "s", &name);
      target = g_menu_model_get_item_attribute_value (section, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      if (g_strcmp0 (name, "assignment.run-sheet") == 0)
        return g_variant_print (target, FALSE);
    }

  return NULL;
}

/* It is about what rolls next, from wherever it is opened. */
static void
test_sheet (void)
{
  static const IssSceneSlot slots[] =
  {
    { "OAuthTokenIssuer", ISS_SLOT_STAGED, ISS_SCENE_NEW_AUTH, ISS_RUNG_PUBLISHED, 0 },
    { "Default", ISS_SLOT_STAGED, ISS_SCENE_SIP, ISS_RUNG_PUBLISHED, ISS_SCENE_NOW + 86400 },
  };
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);
  g_autoptr(IssObservation) seen = iss_scene_pool_observe (ISS_SCENE_NOW, slots,
                                                           G_N_ELEMENTS (slots));
  g_autoptr(GtkWidget) page = NULL;
  g_autoptr(IssPageWindow) window = NULL;
  g_autofree char *before = NULL;
  g_autofree char *target = NULL;

  page = g_object_ref_sink (iss_overview_page_new (node));
  before = dup_sheet_target (page);
  g_assert_cmpstr (before, ==, "[]");
  g_clear_object (&page);

  iss_server_set_last_seen (iss_pool_get_server (pool, 1), seen, ISS_SCENE_NOW, 0);
  page = g_object_ref_sink (iss_overview_page_new (node));
  target = dup_sheet_target (page);
  g_assert_cmpstr (target, ==, "['Default']");

  window = iss_page_window_new (page);
  g_signal_emit_by_name (iss_page_window_find_button (window, "Run Sheet…"), "clicked");
  g_assert_cmpstr (iss_page_window_get_activated (window), ==, "assignment.run-sheet ['Default']");
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

static void
count_cb (IssPage *page,
          guint   *n)
{
  (*n)++;
}

static void
test_follows (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);
  g_autoptr(GtkWidget) page = g_object_ref_sink (iss_overview_page_new (node));
  g_autofree char *answer = NULL;
  guint n_changed = 0;

  g_signal_connect (page, "changed", G_CALLBACK (count_cb), &n_changed);
  for (guint i = 0; i < 3; i++)
    iss_scene_pool_fail (iss_pool_get_server (pool, i));
  g_assert_cmpuint (n_changed, ==, 0);
  iss_wait_until (n_changed > 0);
  iss_wait_for_idle ();

  /* Nine changes of servers are one of the page. */
  g_assert_cmpuint (n_changed, ==, 1);
  g_object_get (page, "answer", &answer, NULL);
  g_assert_cmpstr (answer, ==, "pool01.contoso.example: not everything is as it should be.");
  g_assert_finalize_object (g_steal_pointer (&page));
}

static void
test_refresh (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssServer) server = iss_server_new ("fe01", address, launch, iss_pool_get_clock (pool));
  g_autoptr(IssScopeNode) node = NULL;
  g_autoptr(GtkWidget) page = NULL;

  iss_pool_add_server (pool, server);
  node = iss_scope_node_new_pool (NULL, pool);
  page = g_object_ref_sink (iss_overview_page_new (node));

  g_assert_false (iss_page_is_busy (ISS_PAGE (page)));
  iss_page_refresh (ISS_PAGE (page));
  iss_page_refresh (ISS_PAGE (page));
  g_assert_true (iss_page_is_busy (ISS_PAGE (page)));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (page)));
  g_assert_cmpuint (iss_server_get_n_tries (server), ==, 1);

  /* A page that goes while it looks. */
  iss_page_refresh (ISS_PAGE (page));
  g_assert_finalize_object (g_steal_pointer (&page));
  iss_wait_for_idle ();
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/overview-page/answers", test_answers);
  g_test_add_func ("/overview-page/buttons", test_buttons);
  g_test_add_func ("/overview-page/sheet", test_sheet);
  g_test_add_func ("/overview-page/follows", test_follows);
  g_test_add_func ("/overview-page/refresh", test_refresh);

  return g_test_run ();
}
