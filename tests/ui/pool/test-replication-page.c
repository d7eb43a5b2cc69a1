/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: central-desk, replication-columns, replication-item, replication-status,
 * replication-words, text-columns. */
#include "ui/pool/replication-page.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/core/central/replication-scene.h"
#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/pool/central-desk.h"
#include "ui/pool/replication-item.h"
#include "ui/pool/replication-status.h"

#define FE01 "fe01.contoso.example"
#define FE02 "fe02.contoso.example"
#define FE03 "fe03.contoso.example"

static const char *const all[] = { FE01, FE02, FE03, NULL };
static const char *const two[] = { FE01, FE02, NULL };

/* What the central store says, shown; no server is asked. */
typedef struct
{
  IssCentralFixture    central;
  IssPool             *pool;
  IssScopeNode        *node;
  IssReplicationPage  *page;
  IssPageWindow       *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_central_fixture_set_up (&fixture->central, NULL);
  fixture->pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  fixture->node = iss_scope_node_new_pool (NULL, fixture->pool);
  fixture->page = g_object_ref_sink (ISS_REPLICATION_PAGE (iss_replication_page_new (
                                                             fixture->node)));
  fixture->window = iss_page_window_new (GTK_WIDGET (fixture->page));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_page_window_free (fixture->window);
  g_assert_finalize_object (fixture->page);
  g_assert_finalize_object (fixture->node);
  g_object_unref (fixture->pool);
  iss_central_fixture_tear_down (&fixture->central, NULL);
}

static void
show (Fixture *fixture)
{
  g_autoptr(IssReplicationTable) table = iss_replication_scene_load (&fixture->central);

  iss_replication_page_show (fixture->page, table);
  iss_shot_settle (iss_page_window_get_window (fixture->window));
}

static GObject *
get_child (IssReplicationPage *page,
           const char         *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (page), ISS_TYPE_REPLICATION_PAGE, name);
}

static const char *
get_cell (Fixture              *fixture,
          guint                 line,
          IssReplicationColumn  column)
{
  g_autoptr(IssReplicationItem) item =
    g_list_model_get_item (iss_replication_page_get_lines (fixture->page), line);

  /* The list holds it. */
  return iss_replication_item_get_text (item, column);
}

static const char *
get_icon (Fixture *fixture,
          guint    line)
{
  g_autoptr(IssReplicationItem) item =
    g_list_model_get_item (iss_replication_page_get_lines (fixture->page), line);

  return iss_replication_item_get_icon (item);
}

/* Before anything was enrolled: how to begin. */
static void
test_nothing (Fixture       *fixture,
              gconstpointer  unused)
{
  show (fixture);

  g_assert_true (g_str_has_prefix (iss_replication_page_get_answer (fixture->page),
                                   "Nothing is assigned globally in pool01.contoso.example"));
  g_assert_cmpstr (iss_replication_page_get_detail (fixture->page), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (iss_replication_page_get_lines (fixture->page)), ==,
                    0);
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-nothing");
}

static void
show_everywhere (Fixture  *fixture,
                 gboolean  staged)
{
  iss_replication_scene_want (&fixture->central, all, staged);
  for (guint i = 0; all[i] != NULL; i++)
    {
      iss_replication_scene_enroll (&fixture->central, all[i]);
      iss_replication_scene_deploy (&fixture->central, all[i], staged, TRUE);
    }
  show (fixture);
}

static void
test_everywhere (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *ticket = NULL;
  g_autofree char *status = NULL;

  show_everywhere (fixture, FALSE);
  g_assert_cmpstr (iss_replication_page_get_answer (fixture->page), ==,
                   "What is assigned globally is deployed on 3 of 3 servers.");
  g_assert_cmpuint (g_list_model_get_n_items (iss_replication_page_get_lines (fixture->page)), ==,
                    3);
  g_assert_cmpstr (get_cell (fixture, 1, ISS_REPLICATION_COLUMN_REPLICA), ==, "fe02");
  g_assert_cmpstr (get_cell (fixture, 1, ISS_REPLICATION_COLUMN_STATE), ==, "up to date");
  g_assert_cmpstr (get_cell (fixture, 1, ISS_REPLICATION_COLUMN_REVISION), ==, "2/2");
  g_assert_cmpstr (get_icon (fixture, 1), ==, "iss-state-published-symbolic");

  status = iss_page_dup_status (ISS_PAGE (fixture->page));
  g_assert_cmpstr (status, ==, "Replication: 3 of 3 servers up to date");
  ticket = iss_replication_page_dup_ticket (fixture->page);
  g_assert_nonnull (strstr (ticket, "up to date: fe03 · OAuthTokenIssuer"));
  gtk_test_accessible_assert_property (get_child (fixture->page, "detail"),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Replica            : fe01.contoso.example\n"
                                       "UpToDate           : True\n"
                                       "LastStatusReport   : 30 June 2027, 00:01 (UTC)\n"
                                       "LastUpdateCreation : 30 June 2027, 00:00 (UTC)\n"
                                       "ProductVersion     : 0.1.0");
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-everywhere");
}

/* One has drifted, one does not answer, and one was never enrolled. */
static void
test_troubles (Fixture       *fixture,
               gconstpointer  unused)
{
  iss_replication_scene_want (&fixture->central, two, TRUE);
  iss_replication_scene_enroll (&fixture->central, FE01);
  iss_replication_scene_enroll (&fixture->central, FE02);
  iss_replication_scene_report (&fixture->central, FE01,
                                "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 2>, "
                                "'deployed': <true>, 'local': <true>}", NULL);
  iss_replication_scene_report (&fixture->central, FE02,
                                "{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 1>, "
                                "'deployed': <true>}", "fe02: Connection refused");
  show (fixture);

  g_assert_cmpstr (iss_replication_page_get_answer (fixture->page), ==,
                   "What is assigned globally is deployed on 0 of 3 servers; not on fe01, fe02 "
                   "and fe03.");
  g_assert_cmpstr (get_cell (fixture, 0, ISS_REPLICATION_COLUMN_STATE), ==,
                   "changed on the server");
  g_assert_cmpstr (get_cell (fixture, 2, ISS_REPLICATION_COLUMN_STATE), ==, "gets no package");
  g_assert_cmpstr (get_icon (fixture, 1), ==, "iss-state-unknown-symbolic");
  g_assert_nonnull (strstr (iss_replication_page_get_detail (fixture->page),
                            "It was changed on fe01 by hand"));
  g_assert_nonnull (iss_page_window_find_button (fixture->window,
                                                 "_Put Back What Was Changed…"));
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-troubles");
  iss_shot_set_dark (TRUE);
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-troubles-dark");
  iss_shot_set_dark (FALSE);
}

static void
test_held (Fixture       *fixture,
           gconstpointer  unused)
{
  show_everywhere (fixture, TRUE);
  g_assert_true (g_str_has_suffix (get_cell (fixture, 0, ISS_REPLICATION_COLUMN_STAGED),
                                   "held: not armed"));
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-held");
}

/* Why it is not armed is said at once, whichever line is chosen, and in what one copies. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(IssReplicaReport) report = NULL;
  g_autofree char *ticket = NULL;
  GtkLabel *trouble;

  show_everywhere (fixture, TRUE);
  trouble = GTK_LABEL (get_child (fixture->page, "trouble"));
  g_assert_cmpstr (gtk_label_get_label (trouble), ==, "");

  report = iss_central_store_get_report (fixture->central.store, ISS_CENTRAL_FIXTURE_POOL, FE02,
                                         NULL);
  report->clock_offset = 90;
  iss_central_store_put_report (fixture->central.store, ISS_CENTRAL_FIXTURE_POOL, report, NULL);
  show (fixture);
  g_assert_true (g_str_has_prefix (gtk_label_get_label (trouble),
                                   "fe02: Its clock is 1 min 30 s ahead, too far off to roll"));
  ticket = iss_replication_page_dup_ticket (fixture->page);
  g_assert_nonnull (strstr (ticket, "Its clock is 1 min 30 s ahead, too far off to roll"));
}

static IssReplicationStatus *
get_status (IssReplicationPage *page)
{
  return ISS_REPLICATION_STATUS (get_child (page, "status"));
}

/* Who replicates, and what one that was removed still holds: with its name where it has one. */
static void
test_removed (Fixture       *fixture,
              gconstpointer  unused)
{
  const gint64 now = ISS_CENTRAL_FIXTURE_NOW + 60;
  g_autoptr(IssCentralStatus) status = NULL;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *ticket = NULL;
  g_autoptr(GError) error = NULL;

  show_everywhere (fixture, FALSE);
  iss_replication_scene_deploy (&fixture->central, "fe04.contoso.example", FALSE, FALSE);
  for (gint64 at = ISS_CENTRAL_FIXTURE_NOW; at <= now; at += 60)
    {
      iss_central_status_beat (fixture->central.store, ISS_CENTRAL_FIXTURE_POOL, "alice@desk1",
                               TRUE, at, &error);
      g_assert_no_error (error);
    }
  status = iss_central_status_load (fixture->central.store, ISS_CENTRAL_FIXTURE_POOL, all, &error);
  g_assert_no_error (error);
  iss_replication_status_show (get_status (fixture->page), status, now, utc);

  ticket = iss_replication_page_dup_ticket (fixture->page);
  g_test_message ("%s", ticket);
  g_assert_nonnull (strstr (ticket, "fe04.contoso.example was removed from the pool"));
  g_assert_nonnull (strstr (ticket, "alice@desk1 has been replicating since 30 June 2027"));
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-removed");
  iss_shot_set_dark (TRUE);
  iss_shot_check (iss_page_window_get_window (fixture->window), "replication-removed-dark");
  iss_shot_set_dark (FALSE);
}

static gboolean
says_who_replicates (IssReplicationStatus *status)
{
  g_autofree char *text = iss_replication_status_dup_text (status);

  return strstr (text, " has been replicating since ") != NULL;
}

/* A store appears while the page is shown; the console's own service makes passes over it. */
static void
test_live (void)
{
  IssWorkspaceFixture base;
  g_autoptr(IssScopeNode) root = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *key_folder = NULL;
  g_autoptr(GError) error = NULL;
  IssCentralDesk *desk;
  IssReplicationPage *page;
  IssReplicationStatus *status;
  GtkWidget *window;
  IssScopeNode *node;

  iss_workspace_fixture_set_up (&base, TRUE);
  folder = iss_temp_folder_dup_path (base.temp, "central");
  key_folder = iss_temp_folder_dup_path (base.temp, "administrator");
  iss_central_desk_attach (base.workspace, folder, key_folder);
  desk = iss_central_desk_get (base.workspace);
  g_assert_cmpstr (iss_central_desk_get_key_folder (desk), ==, key_folder);

  root = iss_scope_node_new_root (base.workspace);
  node = iss_scope_node_find (root, "pool01.contoso.example/replication");
  page = ISS_REPLICATION_PAGE (iss_replication_page_new (node));
  window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));
  iss_page_refresh (ISS_PAGE (page));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (page)));
  status = get_status (page);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (status)));
  g_assert_true (g_str_has_prefix (iss_replication_page_get_answer (page), "Nothing"));
  g_assert_false (iss_central_desk_has_store (desk));
  g_assert_null (iss_central_desk_get_service (desk, iss_scope_node_get_pool (node)));

  g_assert_nonnull (iss_central_desk_get_store (desk, &error));
  g_assert_no_error (error);
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (page)));
  g_assert_nonnull (iss_central_desk_get_service (desk, iss_scope_node_get_pool (node)));
  g_assert_cmpint (iss_server_get_state (iss_pool_get_server (iss_scope_node_get_pool (node), 0)),
                   ==, ISS_SERVER_STATE_READY);

  /* Who replicates was read from the store, after the pass. */
  iss_wait_until (says_who_replicates (status));

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (GTK_WINDOW (window));
  iss_wait_until (page == NULL);
  g_clear_object (&root);
  iss_workspace_fixture_tear_down (&base);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add ("/replication-page/nothing", Fixture, NULL, set_up, test_nothing, tear_down);
  g_test_add ("/replication-page/everywhere", Fixture, NULL, set_up, test_everywhere, tear_down);
  g_test_add ("/replication-page/troubles", Fixture, NULL, set_up, test_troubles, tear_down);
  g_test_add ("/replication-page/held", Fixture, NULL, set_up, test_held, tear_down);
  g_test_add ("/replication-page/clock", Fixture, NULL, set_up, test_clock, tear_down);
  g_test_add ("/replication-page/removed", Fixture, NULL, set_up, test_removed, tear_down);
  g_test_add_func ("/replication-page/live", test_live);

  return g_test_run ();
}
