/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole window on real agents. Also covers: children-page, console-window-actions,
 * console-window-banner, console-window-wizards, page, page-factory, scope-row, scope-tree,
 * ui/certificates/store-page. */

#include "ui/window/console-window.h"

#include "core/base/error.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/pool/central-desk.h"
#include "ui/style.h"
#include "ui/window/banner.h"
#include "ui/window/root-page.h"

#define POOL "pool01.contoso.example"
#define FE01 POOL "/fe01.contoso.example"
#define PERSONAL FE01 "/certificates/my"

typedef struct
{
  IssWorkspaceFixture  base;
  IssConsoleWindow    *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  without_pool)
{
  iss_workspace_fixture_set_up (&fixture->base, without_pool == NULL);
  fixture->window = ISS_CONSOLE_WINDOW (iss_console_window_new (NULL));
  iss_console_window_set_workspace (fixture->window, fixture->base.workspace);
  gtk_window_present (GTK_WINDOW (fixture->window));
  iss_shot_settle (GTK_WIDGET (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->window == NULL);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static void
act (Fixture    *fixture,
     const char *action)
{
  g_test_message ("%s", action);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static void
show (Fixture    *fixture,
      const char *path)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "console.show", "s",
                                             path));
}

static void
assert_shows (Fixture    *fixture,
              const char *path)
{
  g_assert_cmpstr (iss_scope_node_get_path (iss_console_window_get_node (fixture->window)), ==,
                   path);
  g_assert_nonnull (iss_console_window_get_page (fixture->window));
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_console_window_first_page (Fixture       *fixture,
                                gconstpointer  unused)
{
  assert_shows (fixture, POOL);
  g_assert_cmpstr (iss_pool_get_name (iss_console_window_get_pool (fixture->window)), ==, POOL);
  g_assert_true (iss_console_window_get_workspace (fixture->window) == fixture->base.workspace);
}

static void
test_console_window_history (Fixture       *fixture,
                             gconstpointer  unused)
{
  show (fixture, PERSONAL);
  assert_shows (fixture, PERSONAL);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==,
                   "Personal, fe01 – Issuant");
  show (fixture, POOL "/presence");

  act (fixture, "console.back");
  assert_shows (fixture, PERSONAL);
  act (fixture, "console.forward");
  assert_shows (fixture, POOL "/presence");
  act (fixture, "console.back");
  act (fixture, "console.back");
  assert_shows (fixture, POOL);

  show (fixture, PERSONAL);
  act (fixture, "console.up");
  assert_shows (fixture, FE01 "/certificates");
  act (fixture, "console.up");
  act (fixture, "console.up");
  act (fixture, "console.up");
  assert_shows (fixture, "");

  g_assert_false (iss_console_window_show_path (fixture->window, POOL "/nothing"));
  assert_shows (fixture, "");
}

static void
test_console_window_same_page (Fixture       *fixture,
                               gconstpointer  unused)
{
  IssPage *page;

  show (fixture, PERSONAL);
  page = iss_console_window_get_page (fixture->window);
  show (fixture, POOL);
  show (fixture, PERSONAL);
  g_assert_true (iss_console_window_get_page (fixture->window) == page);
}

static void
test_console_window_looks (Fixture       *fixture,
                           gconstpointer  unused)
{
  IssServer *server = iss_workspace_find_server (fixture->base.workspace, "fe01", NULL);

  iss_wait_until (iss_server_is_answering (server));
  show (fixture, PERSONAL);
  iss_wait_until (!iss_page_is_busy (iss_console_window_get_page (fixture->window)));
  act (fixture, "view.refresh");
  iss_wait_until (!iss_page_is_busy (iss_console_window_get_page (fixture->window)));
  act (fixture, "pool.look");
}

static void
test_console_window_server_goes (Fixture       *fixture,
                                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  show (fixture, PERSONAL);
  g_assert_true (iss_workspace_remove_server (fixture->base.workspace, "fe01.contoso.example",
                                              &error));
  iss_shot_settle (GTK_WIDGET (fixture->window));
  g_assert_false (iss_console_window_show_path (fixture->window, PERSONAL));
  g_assert_nonnull (iss_console_window_get_page (fixture->window));
}

static void
test_console_window_panes (Fixture       *fixture,
                           gconstpointer  unused)
{
  gboolean shown = FALSE;

  act (fixture, "view.action-pane");
  g_object_get (fixture->window, "show-action-pane", &shown, NULL);
  g_assert_false (shown);
  act (fixture, "view.action-pane");
  g_object_get (fixture->window, "show-action-pane", &shown, NULL);
  g_assert_true (shown);

  show (fixture, PERSONAL);
  act (fixture, "console.next-pane");
  act (fixture, "console.previous-pane");
  act (fixture, "certificate.find");
  g_assert_true (GTK_IS_TEXT (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
}

static void
test_console_window_banner (Fixture       *fixture,
                            gconstpointer  unused)
{
  IssBanner *banner = ISS_BANNER (find_widget (GTK_WIDGET (fixture->window), ISS_TYPE_BANNER));
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_MALFORMED,
                                                 "topology.conf, line 3: no such thing");

  g_assert_cmpstr (iss_banner_get_text (banner), ==, "");
  iss_console_window_say_error (fixture->window, "The topology file cannot be used.", error);
  g_assert_cmpstr (iss_banner_get_text (banner), ==,
                   "The topology file cannot be used. topology.conf, line 3: no such thing.");
}

static gboolean
is_seen (IssServer *server)
{
  return iss_server_is_answering (server) && iss_server_get_observation (server) != NULL;
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* A service that goes on with what it had is never passed over, and the way leads to the log. */
static void
test_console_window_reload (Fixture       *fixture,
                            gconstpointer  unused)
{
  IssBanner *banner = ISS_BANNER (find_widget (GTK_WIDGET (fixture->window), ISS_TYPE_BANNER));
  IssPool *pool = iss_workspace_get_pool (fixture->base.workspace, 0);
  IssServer *server = iss_pool_find_server (pool, "fe02.contoso.example");

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    iss_wait_until (is_seen (iss_pool_get_server (pool, i)));
  iss_wait_for_idle ();
  iss_scene_pool_say (server, "{'reload-error': <'consumers.conf, line 2: what is this'>}");
  g_assert_cmpstr (iss_banner_get_text (banner), ==,
                   "fe02: it is not known which services are to be reloaded. consumers.conf, line "
                   "2: what is this.");
  g_assert_cmpuint (iss_banner_get_n_buttons (banner), ==, 2);
  g_signal_emit_by_name (find_button (GTK_WIDGET (banner), "Show the _Log"), "clicked");
  assert_shows (fixture, POOL "/fe02.contoso.example/event-log");

  iss_scene_pool_say (server, "{'reload-error': <'consumers.conf, line 2: what is this'>}");
  g_signal_emit_by_name (find_button (GTK_WIDGET (banner), "_Look Again"), "clicked");
  iss_wait_until (*iss_banner_get_text (banner) == '\0');
}

static void
test_console_window_waiting (Fixture       *fixture,
                             gconstpointer  unused)
{
  iss_console_window_set_waiting (fixture->window, "Making the demo pool…");
  g_assert_null (iss_console_window_get_page (fixture->window));
  iss_console_window_set_waiting (fixture->window, NULL);
  assert_shows (fixture, POOL);
}

static void
test_console_window_welcome (Fixture       *fixture,
                             gconstpointer  unused)
{
  const char *domains[] = { "contoso.example", NULL };
  g_autoptr(GError) error = NULL;
  IssRootPage *page = ISS_ROOT_PAGE (iss_console_window_get_page (fixture->window));

  assert_shows (fixture, "");
  g_assert_true (iss_root_page_is_welcome (page));
  g_assert_null (iss_console_window_get_pool (fixture->window));

  g_assert_true (iss_workspace_set_pool (fixture->base.workspace, POOL, domains, &error));
  g_assert_no_error (error);
  g_assert_false (iss_root_page_is_welcome (page));
  assert_shows (fixture, POOL);
}

static gboolean
has_heartbeat (IssCentralStore *store,
               const char      *pool)
{
  g_autofree char *key = g_strdup_printf ("pool/%s/replicator", pool);
  g_autoptr(GBytes) heartbeat =
    iss_central_engine_get (iss_central_store_get_engine (store), key, NULL, NULL);

  return heartbeat != NULL;
}

/* Whatever page is shown: what was decided once is delivered while the console runs, to a pool
 * that is added meanwhile, too. */
static void
test_replicates (void)
{
  const char *domains[] = { "contoso.example", NULL };
  Fixture fixture = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *key_folder = NULL;
  g_autoptr(IssCentralStore) store = NULL;
  g_autoptr(GError) error = NULL;

  iss_workspace_fixture_set_up (&fixture.base, TRUE);
  folder = iss_temp_folder_dup_path (fixture.base.temp, "central");
  key_folder = iss_temp_folder_dup_path (fixture.base.temp, "administrator");
  iss_central_desk_attach (fixture.base.workspace, folder, key_folder);
  store = g_object_ref (iss_central_desk_get_store (iss_central_desk_get (fixture.base.workspace),
                                                    NULL));
  g_assert_false (has_heartbeat (store, POOL));

  fixture.window = ISS_CONSOLE_WINDOW (iss_console_window_new (NULL));
  iss_console_window_set_workspace (fixture.window, fixture.base.workspace);
  iss_wait_until (has_heartbeat (store, POOL));

  g_assert_true (iss_workspace_set_pool (fixture.base.workspace, "pool02.contoso.example", domains,
                                         &error));
  g_assert_no_error (error);
  iss_wait_until (has_heartbeat (store, "pool02.contoso.example"));
  tear_down (&fixture, NULL);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/console-window/first-page", Fixture, NULL, set_up,
              test_console_window_first_page, tear_down);
  g_test_add ("/console-window/history", Fixture, NULL, set_up, test_console_window_history,
              tear_down);
  g_test_add ("/console-window/same-page", Fixture, NULL, set_up, test_console_window_same_page,
              tear_down);
  g_test_add ("/console-window/looks", Fixture, NULL, set_up, test_console_window_looks,
              tear_down);
  g_test_add ("/console-window/server-goes", Fixture, NULL, set_up,
              test_console_window_server_goes, tear_down);
  g_test_add ("/console-window/panes", Fixture, NULL, set_up, test_console_window_panes,
              tear_down);
  g_test_add ("/console-window/banner", Fixture, NULL, set_up, test_console_window_banner,
              tear_down);
  g_test_add ("/console-window/reload", Fixture, NULL, set_up, test_console_window_reload,
              tear_down);
  g_test_add ("/console-window/waiting", Fixture, NULL, set_up, test_console_window_waiting,
              tear_down);
  g_test_add ("/console-window/welcome", Fixture, "without", set_up,
              test_console_window_welcome, tear_down);

  g_test_add_func ("/console-window/replicates", test_replicates);

  return g_test_run ();
}
