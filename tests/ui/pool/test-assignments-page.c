/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/assignments-page.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/shot.h"
#include "ui/pool/assignment-item.h"
#include "ui/pool/roll-panel.h"
#include "ui/pool/verdict-line.h"

#include <string.h>

#define POOL "pool01.contoso.example"

static GtkWidget *
make_page (IssPool    *pool,
           const char *path)
{
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);
  IssScopeNode *found = iss_scope_node_find (node, path);

  g_assert_nonnull (found);
  g_assert_cmpint (iss_scope_node_get_kind (found), ==, ISS_SCOPE_KIND_ASSIGNMENTS);

  return g_object_ref_sink (iss_assignments_page_new (found));
}

/* Selects the row whose certificate is current for a type; NULL: the group. */
static void
select_row (GtkWidget  *page,
            const char *label)
{
  GListModel *rows = iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page));

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr(IssAssignmentItem) item = gtk_tree_list_row_get_item (row);

      if (g_str_equal (iss_assignment_item_get_label (item), label))
        {
          g_assert_true (iss_assignments_page_select (ISS_ASSIGNMENTS_PAGE (page), i));
          return;
        }
    }

  g_assert_not_reached ();
}

static void
test_scenes (void)
{
  for (IssScene scene = 0; scene < ISS_N_SCENES; scene++)
    {
      g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
      g_autoptr(GtkWidget) page = make_page (pool, POOL "/assignments");
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      g_autofree char *title = iss_page_dup_title (ISS_PAGE (page));

      g_assert_cmpstr (title, ==, "Assignments, " POOL);
      g_assert_cmpint (iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page)) != NULL, ==,
                       scene != ISS_SCENE_EMPTY && scene != ISS_SCENE_FIRST_LOOK);
      iss_page_window_shoot (window, "assignments", iss_scene_pool_get_name (scene));
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

typedef struct
{
  const char *name;
  IssScene    scene;
  const char *path;
  const char *row;         /* (nullable): to select */
  const char *button;
  const char *activated;   /* (nullable): it cannot be pressed */
} Press;

#define AUTH "3f2a91c03f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f5b1e"

static const Press presses[] = {
  { "assign", ISS_SCENE_GOOD, POOL "/assignments", NULL, "_Assign…", "assignment.assign @as []" },
  { "assign-type", ISS_SCENE_GOOD, POOL "/assignments", "OAuthTokenIssuer", "_Assign…",
    "assignment.assign ['OAuthTokenIssuer']" },
  { "assign-group", ISS_SCENE_GOOD, POOL "/assignments", "Default certificate", "_Assign…",
    "assignment.assign ['Default', 'WebServicesInternal', 'WebServicesExternal']" },
  { "assign-on-server", ISS_SCENE_GOOD, POOL "/fe01.contoso.example/assignments",
    "Web services internal", "_Assign…",
    "assignment.assign ['WebServicesInternal', 'fe01.contoso.example']" },
  { "remove", ISS_SCENE_GOOD, POOL "/assignments", "OAuthTokenIssuer", "_Remove…",
    "assignment.remove ['OAuthTokenIssuer', 'current', '" AUTH "', 'fe01.contoso.example', "
    "'fe02.contoso.example', 'fe03.contoso.example']" },
  { "remove-on-server", ISS_SCENE_GOOD, POOL "/fe01.contoso.example/assignments",
    "OAuthTokenIssuer", "_Remove…",
    "assignment.remove ['OAuthTokenIssuer', 'current', '" AUTH "', 'fe01.contoso.example']" },
  { "remove-nothing", ISS_SCENE_GOOD, POOL "/assignments", NULL, "_Remove…", NULL },
  { "remove-group", ISS_SCENE_GOOD, POOL "/assignments", "Default certificate", "_Remove…", NULL },
  { "remove-gap", ISS_SCENE_GOOD, POOL "/assignments", "Web services internal", "_Remove…", NULL },
  /* Nothing can be changed on a server that does not answer. */
  { "remove-stale", ISS_SCENE_DEAD, POOL "/assignments", "OAuthTokenIssuer", "_Remove…", NULL },
  { "view", ISS_SCENE_GOOD, POOL "/assignments", "OAuthTokenIssuer", "_View",
    "certificate.open ['fe01.contoso.example', 'my', '" AUTH "']" },
  { "view-gap", ISS_SCENE_GOOD, POOL "/assignments", "Web services internal", "_View", NULL },
  { "log", ISS_SCENE_GOOD, POOL "/fe02.contoso.example/assignments", NULL, "View _Log",
    "console.show '" POOL "/fe02.contoso.example/event-log'" },
  { "log-of-row", ISS_SCENE_GOOD, POOL "/assignments", "OAuthTokenIssuer", "View _Log",
    "console.show '" POOL "/fe01.contoso.example/event-log'" },
  { "log-of-nothing", ISS_SCENE_GOOD, POOL "/assignments", NULL, "View _Log", NULL },
  { "add-server", ISS_SCENE_EMPTY, POOL "/assignments", NULL, "Add a Server…", "server.connect" },
};

static void
test_press (gconstpointer data)
{
  const Press *press = data;
  g_autoptr(IssPool) pool = iss_scene_pool_new (press->scene);
  g_autoptr(GtkWidget) page = make_page (pool, press->path);
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  GtkWidget *button;

  if (press->row != NULL)
    select_row (page, press->row);

  button = iss_page_window_find_button (window, press->button);
  g_assert_nonnull (button);
  g_assert_cmpint (gtk_widget_get_sensitive (button), ==, press->activated != NULL);
  if (press->activated != NULL)
    g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (iss_page_window_get_activated (window), ==, press->activated);

  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

/* A look that finds nothing new moves nothing; one that does keeps the selection. */
static void
test_keeps_selection (void)
{
  static const IssSceneSlot slots[] = {
    { "OAuthTokenIssuer", ISS_SLOT_CURRENT, ISS_SCENE_LAB, ISS_RUNG_PUBLISHED },
  };
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(GtkWidget) page = make_page (pool, POOL "/assignments");
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  g_autoptr(IssObservation) seen = NULL;
  GListModel *rows;
  GtkTreeListRow *selected;
  g_autoptr(IssAssignmentItem) item = NULL;
  g_autofree char *state = NULL;

  select_row (page, "OAuthTokenIssuer");
  rows = iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page));
  g_signal_emit_by_name (pool, "changed");
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_true (iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page)) == rows);

  seen = iss_scene_pool_observe (ISS_SCENE_NOW, slots, G_N_ELEMENTS (slots));
  iss_server_set_last_seen (iss_pool_get_server (pool, 2), seen, ISS_SCENE_NOW, 0);
  g_signal_emit_by_name (pool, "changed");
  while (g_main_context_iteration (NULL, FALSE));

  rows = iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page));
  selected = gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (rows));
  g_assert_nonnull (selected);
  item = gtk_tree_list_row_get_item (selected);
  g_object_get (item, "state", &state, NULL);
  g_assert_cmpstr (state, ==, "2 of 3 published: fe01 and fe02");

  g_clear_object (&item);
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

#define ROLL 1815350400    /* 2027-07-12T00:00:00Z */
#define SERVERS "'fe01.contoso.example', 'fe02.contoso.example', 'fe03.contoso.example']"
#define NEW_AUTH "9c40d1739c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9ce205"

static const IssSceneSlot staged[] = {
  { "OAuthTokenIssuer", ISS_SLOT_CURRENT, ISS_SCENE_AUTH, ISS_RUNG_PUBLISHED, ROLL - 99 * 86400 },
  { "OAuthTokenIssuer", ISS_SLOT_STAGED, ISS_SCENE_NEW_AUTH, ISS_RUNG_PUBLISHED, ROLL },
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP, ISS_RUNG_PUBLISHED },
};

static const IssSceneSlot rolled[] = {
  { "OAuthTokenIssuer", ISS_SLOT_CURRENT, ISS_SCENE_NEW_AUTH, ISS_RUNG_PUBLISHED,
    ISS_SCENE_NOW - 6 * 3600 },
  { "OAuthTokenIssuer", ISS_SLOT_PREVIOUS, ISS_SCENE_AUTH, ISS_RUNG_PUBLISHED },
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP, ISS_RUNG_PUBLISHED },
};

static IssPool *
make_pool (const IssSceneSlot *slots,
           guint               n_slots)
{
  IssPool *pool = iss_scene_pool_new (ISS_SCENE_GOOD);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      g_autoptr(IssObservation) seen = iss_scene_pool_observe (ISS_SCENE_NOW, slots, n_slots);

      iss_server_set_last_seen (iss_pool_get_server (pool, i), seen, ISS_SCENE_NOW, 0);
    }

  return pool;
}

/* The row of the type whose slot it is. */
static void
select_slot (GtkWidget *page,
             IssSlot    slot)
{
  GListModel *rows = iss_assignments_page_get_rows (ISS_ASSIGNMENTS_PAGE (page));

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr(IssAssignmentItem) item = gtk_tree_list_row_get_item (row);
      const IssAssignmentRow *its = iss_assignment_item_get_row (item);

      if (its != NULL && its->slot == slot && g_str_equal (its->type, "OAuthTokenIssuer"))
        {
          g_assert_true (iss_assignments_page_select (ISS_ASSIGNMENTS_PAGE (page), i));
          return;
        }
    }

  g_assert_not_reached ();
}

/* What can be done with a slot; what cannot says why. */
static void
test_roll_actions (void)
{
  static const struct
  {
    const IssSceneSlot *slots;
    IssSlot             slot;
    const char         *button;
    const char         *activated;   /* NULL: it cannot be pressed */
    const char         *reason;      /* (nullable) */
  } cases[] = {
    { staged, ISS_SLOT_STAGED, "Ro_ll…", "assignment.roll ['OAuthTokenIssuer']", NULL },
    { staged, ISS_SLOT_STAGED, "_Cancel Roll…",
      "assignment.cancel ['OAuthTokenIssuer', 'staged', '" NEW_AUTH "', " SERVERS, NULL },
    { staged, ISS_SLOT_CURRENT, "_Postpone…",
      "assignment.postpone ['OAuthTokenIssuer', 'staged', '" NEW_AUTH "', " SERVERS, NULL },
    { staged, ISS_SLOT_STAGED, "_Swap Back…", NULL, "There is no previous certificate of this "
                                                     "type" },
    { staged, ISS_SLOT_STAGED, "_Remove…", NULL, "It is not in use yet: cancel the roll instead" },
    { rolled, ISS_SLOT_CURRENT, "_Swap Back…",
      "assignment.swap-back ['OAuthTokenIssuer', 'previous', '" AUTH "', " SERVERS, NULL },
    { rolled, ISS_SLOT_PREVIOUS, "_Remove…",
      "assignment.remove ['OAuthTokenIssuer', 'previous', '" AUTH "', " SERVERS, NULL },
    { rolled, ISS_SLOT_CURRENT, "_Cancel Roll…", NULL, "Nothing is staged for this certificate "
                                                       "type" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = make_pool (cases[i].slots, G_N_ELEMENTS (staged));
      g_autoptr(GtkWidget) page = make_page (pool, POOL "/assignments");
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      GtkWidget *button = iss_page_window_find_button (window, cases[i].button);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      select_slot (page, cases[i].slot);
      g_assert_cmpint (gtk_widget_get_sensitive (button), ==, cases[i].activated != NULL);
      if (cases[i].reason != NULL)
        g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, cases[i].reason);
      else if (i > 0)
        g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (button), "Refused when "));
      if (cases[i].activated != NULL)
        g_signal_emit_by_name (button, "clicked");
      g_assert_cmpstr (iss_page_window_get_activated (window), ==, cases[i].activated);
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

/* What will be, as it is staged now: it can be looked at, not changed. */
static void
test_as_of (void)
{
  g_autoptr(IssPool) pool = make_pool (staged, G_N_ELEMENTS (staged));
  g_autoptr(GtkWidget) page = make_page (pool, POOL "/assignments");
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  IssAsOf *as_of = iss_assignments_page_get_as_of (ISS_ASSIGNMENTS_PAGE (page));
  GtkWidget *button = iss_page_window_find_button (window, "_Swap Back…");
  IssVerdictLine *verdict = ISS_VERDICT_LINE (
    gtk_widget_get_template_child (page, ISS_TYPE_ASSIGNMENTS_PAGE, "verdict"));

  g_assert_true (iss_as_of_type (as_of, "2027-07-12T00:00Z"));
  select_slot (page, ISS_SLOT_PREVIOUS);
  g_assert_cmpstr (iss_verdict_line_get_text (verdict), ==,
                   "On 12 July 2027: what pool01.contoso.example will use each certificate for, "
                   "if nothing is changed.");
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==,
                   "This is another time: only what is so now can be changed");
  iss_shot_check (iss_page_window_get_window (window), "assignments-as-of");
  iss_shot_set_dark (TRUE);
  iss_shot_check (iss_page_window_get_window (window), "assignments-as-of-dark");
  iss_shot_set_dark (FALSE);

  g_assert_true (iss_as_of_type (as_of, "2027-07-11T23:59Z"));
  select_slot (page, ISS_SLOT_STAGED);
}

static IssRollPanel *
get_panel (GtkWidget *page)
{
  return ISS_ROLL_PANEL (gtk_widget_get_template_child (page, ISS_TYPE_ASSIGNMENTS_PAGE, "roll"));
}

/* The timeline stands there as long as a roll is to be waited for. */
static void
test_roll_panel (void)
{
  g_autoptr(IssPool) pool = make_pool (staged, G_N_ELEMENTS (staged));
  g_autoptr(IssPool) after = make_pool (rolled, G_N_ELEMENTS (rolled));
  g_autoptr(IssPool) other = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(GtkWidget) page = make_page (pool, POOL "/assignments");
  g_autoptr(GtkWidget) page_after = make_page (after, POOL "/assignments");
  g_autoptr(GtkWidget) page_other = make_page (other, POOL "/assignments");
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  g_autoptr(IssPageWindow) window_after = iss_page_window_new (page_after);

  g_assert_cmpstr (iss_roll_panel_get_text (get_panel (page)), ==,
                   "OAuthTokenIssuer rolls to auth-2027.contoso.example on 12 July 2027, 00:00 "
                   "(UTC).");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (get_panel (page))));
  g_assert_true (g_str_has_prefix (iss_roll_panel_get_text (get_panel (page_after)),
                                   "OAuthTokenIssuer uses auth-2027.contoso.example since 22 May"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_panel (page_other))));

  select_slot (page, ISS_SLOT_STAGED);
  iss_shot_check (iss_page_window_get_window (window), "assignments-staged");
  iss_shot_check (iss_page_window_get_window (window_after), "assignments-rolled");
  iss_shot_set_dark (TRUE);
  iss_shot_check (iss_page_window_get_window (window), "assignments-staged-dark");
  iss_shot_set_dark (FALSE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/assignments-page/scenes", test_scenes);
  for (gsize i = 0; i < G_N_ELEMENTS (presses); i++)
    {
      g_autofree char *path = g_strconcat ("/assignments-page/press/", presses[i].name, NULL);

      g_test_add_data_func (path, &presses[i], test_press);
    }
  g_test_add_func ("/assignments-page/keeps-selection", test_keeps_selection);
  g_test_add_func ("/assignments-page/roll-actions", test_roll_actions);
  g_test_add_func ("/assignments-page/as-of", test_as_of);
  g_test_add_func ("/assignments-page/roll-panel", test_roll_panel);

  return g_test_run ();
}
