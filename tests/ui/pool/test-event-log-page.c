/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: event-log-columns. */
#include "ui/pool/event-log-page.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/store/audit.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

#define PATH "pool01.contoso.example/fe01.contoso.example/event-log"
#define HASH "3f2a91c000000000000000000000000000000000000000000000000000005b1e"
#define LINK "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct
{
  IssWorkspaceFixture  base;
  IssScopeNode        *root;
  GtkWidget           *window;
  IssEventLogPage     *page;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->root = iss_scope_node_new_root (fixture->base.workspace);
  fixture->page = ISS_EVENT_LOG_PAGE (iss_event_log_page_new (iss_scope_node_find (fixture->root,
                                                                                   PATH)));
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 460);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->page == NULL);
  g_assert_finalize_object (fixture->root);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static void
append (Fixture    *fixture,
        const char *what,
        const char *name,
        const char *value)
{
  g_autofree char *path = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, &error);
  const char *const details[] = { name, value, NULL };

  g_assert_no_error (error);
  g_assert_true (iss_audit_append (root, ISS_WORKSPACE_FIXTURE_NOW, "alice", what, details,
                                   &error));
  g_assert_no_error (error);
}

static void
refresh (Fixture *fixture)
{
  iss_page_refresh (ISS_PAGE (fixture->page));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (iss_event_log_page_get_entries (fixture->page));
}

static void
activate (Fixture    *fixture,
          const char *name)
{
  g_action_group_activate_action (iss_page_get_action_group (ISS_PAGE (fixture->page)), name,
                                  NULL);
}

static gboolean
shows (GtkWidget  *widget,
       const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, text))
        return TRUE;
    }

  return FALSE;
}

static void
assert_shows (Fixture    *fixture,
              const char *text)
{
  iss_shot_settle (fixture->window);
  g_test_message ("%s", text);
  g_assert_true (shows (fixture->window, text));
}

/* What the server's record says, as it grows. */
static void
test_entries (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *title = iss_page_dup_title (ISS_PAGE (fixture->page));
  g_autofree char *status = NULL;
  g_autoptr(IssAuditEntry) newest = NULL;
  g_autoptr(IssAuditEntry) kept = NULL;
  g_autoptr(IssAuditEntry) same = NULL;

  g_assert_cmpstr (title, ==, "Event Log, fe01");
  refresh (fixture);
  assert_shows (fixture, "Nothing was changed on fe01 yet.");

  append (fixture, "tidy", "day", "Thursday");
  refresh (fixture);
  g_assert_cmpuint (count (fixture), ==, 1);
  assert_shows (fixture, "alice: tidy day Thursday");
  kept = g_list_model_get_item (iss_event_log_page_get_entries (fixture->page), 0);

  append (fixture, "tidy", "day", "Friday");
  refresh (fixture);
  g_assert_cmpuint (count (fixture), ==, 2);
  newest = g_list_model_get_item (iss_event_log_page_get_entries (fixture->page), 0);
  same = g_list_model_get_item (iss_event_log_page_get_entries (fixture->page), 1);
  g_assert_cmpuint (iss_audit_entry_get_n (newest), ==, 2);
  g_assert_true (same == kept);
  /* The one that was selected still is. */
  assert_shows (fixture, "alice: tidy day Thursday");

  iss_event_log_page_select (fixture->page, 0);
  assert_shows (fixture, "alice: tidy day Friday");
  status = iss_page_dup_status (ISS_PAGE (fixture->page));
  g_assert_cmpstr (status, ==, "Event log of fe01: 2 entries · seen 11:06:40");
  activate (fixture, "copy-entry");
}

/* A change made by somebody else appears by itself. */
static void
test_by_itself (Fixture       *fixture,
                gconstpointer  unused)
{
  IssServer *server = iss_scope_node_get_server (iss_scope_node_find (fixture->root, PATH));

  refresh (fixture);
  iss_shot_settle (fixture->window);
  iss_server_look_async (server, NULL, NULL, NULL, NULL);
  iss_wait_until (iss_server_get_observation (server) != NULL);
  append (fixture, "tidy", "day", "Thursday");
  iss_server_look_async (server, NULL, NULL, NULL, NULL);
  iss_wait_until (count (fixture) == 1);
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  unused)
{
  append (fixture, "tidy", "day", "Thursday");
  append (fixture, "tidy", "day", "Friday");
  refresh (fixture);
  g_assert_cmpuint (count (fixture), ==, 2);

  iss_event_log_page_set_filter (fixture->page, "FRI");
  iss_wait_until (count (fixture) == 1);
  iss_event_log_page_set_filter (fixture->page, "Sunday");
  iss_wait_until (count (fixture) == 0);
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  assert_shows (fixture, "No entry contains “Sunday”.");
  iss_event_log_page_set_filter (fixture->page, "");
  iss_wait_until (count (fixture) == 2);
}

static void
test_older (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *folder = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  g_autofree char *path = g_build_filename (folder, "audit.jsonl", NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(IssAuditEntry) last = NULL;

  append (fixture, "tidy", "day", "Thursday");
  for (guint i = 1; i <= 450; i++)
    g_string_append_printf (text, "{\"n\":%u,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"a\","
                            "\"what\":\"b\",\"previous\":\"" LINK "\"}\n", i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  refresh (fixture);
  g_assert_cmpuint (count (fixture), ==, 200);
  activate (fixture, "older");
  iss_wait_until (count (fixture) == 400);
  activate (fixture, "older");
  iss_wait_until (count (fixture) == 450);
  last = g_list_model_get_item (iss_event_log_page_get_entries (fixture->page), 449);
  g_assert_cmpuint (iss_audit_entry_get_n (last), ==, 1);
  g_assert_false (g_action_group_get_action_enabled (
    iss_page_get_action_group (ISS_PAGE (fixture->page)), "older"));

  /* Looking again keeps them. */
  refresh (fixture);
  g_assert_cmpuint (count (fixture), ==, 450);
}

static void
test_verify (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *folder = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  g_autofree char *path = g_build_filename (folder, "audit.jsonl", NULL);
  g_autofree char *text = NULL;

  append (fixture, "tidy", "day", "Thursday");
  append (fixture, "tidy", "day", "Friday");
  refresh (fixture);
  g_assert_cmpstr (iss_event_log_page_get_result (fixture->page), ==, "");
  activate (fixture, "verify");
  g_assert_true (iss_page_is_busy (ISS_PAGE (fixture->page)));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  assert_shows (fixture, "2 entries, unbroken since ");
  activate (fixture, "copy-ticket");

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  *strstr (text, "Thursday") = 't';
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  activate (fixture, "verify");
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  assert_shows (fixture, "Entry 1 was changed after it was written");

  /* What was changed is shown as it stands there now. */
  refresh (fixture);
  iss_event_log_page_select (fixture->page, 1);
  assert_shows (fixture, "alice: tidy day thursday");
}

/* What was last seen stays, grey. */
static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  unused)
{
  IssServer *server = iss_scope_node_get_server (iss_scope_node_find (fixture->root, PATH));
  g_autofree char *folder = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  g_autofree char *moved = iss_temp_folder_dup_path (fixture->base.temp, "moved");

  append (fixture, "tidy", "day", "Thursday");
  refresh (fixture);
  iss_server_disconnect (server);
  g_assert_cmpint (g_rename (folder, moved), ==, 0);
  g_free (iss_temp_folder_write (fixture->base.temp, "fe01", "", 0));
  refresh (fixture);
  assert_shows (fixture, "The event log of fe01 cannot be seen now.");
  assert_shows (fixture, "is shown below in grey");
  g_assert_cmpuint (count (fixture), ==, 1);
  activate (fixture, "verify");
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  assert_shows (fixture, "Not checked: ");
}

static IssAgentLogPage *
new_page (gboolean strange)
{
  static const char *const lines[] =
  {
    "{\"n\":5,\"time\":\"2027-05-22T13:58:20Z\",\"who\":\"bob\",\"what\":\"remove-assignment\","
    "\"OAuthTokenIssuer\":\"previous\",\"previous\":\"" LINK "\"}",
    "{\"n\":4,\"time\":\"2027-05-22T13:41:07Z\",\"who\":\"alice\",\"what\":\"set-assignment\","
    "\"OAuthTokenIssuer\":\"" HASH "\",\"force\":\"yes\",\"previous\":\"" LINK "\"}",
    "{\"n\":4,\"ti",
    "nothing was written here",
    "{\"n\":3,\"time\":\"2027-05-22T13:40:59Z\",\"who\":\"alice\",\"what\":\"import\","
    "\"certificates\":\"" HASH "\",\"store\":\"my\",\"intent\":\"pool\",\"previous\":\"" LINK "\"}",
    "{\"n\":2,\"time\":\"2027-05-20T08:00:00Z\",\"who\":\"alice on desk.contoso.example\","
    "\"what\":\"export\",\"certificate\":\"" HASH "\",\"key\":\"" HASH "\",\"format\":\"pfx\","
    "\"encryption\":\"aes256-sha256\",\"previous\":\"" LINK "\"}",
    "{\"n\":1,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"alice\",\"what\":\"import\","
    "\"certificates\":\"" HASH " " LINK "\",\"store\":\"\",\"intent\":\"pool\","
    "\"previous\":\"" LINK "\"}",
  };
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  IssAgentLogPage *page = g_new0 (IssAgentLogPage, 1);

  g_hash_table_insert (names, (gpointer) HASH, (gpointer) "auth.contoso.example");
  page->entries = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GBytes) line = g_bytes_new_static (lines[i], strlen (lines[i]));

      if (strange || lines[i][strlen (lines[i]) - 1] == '}')
        g_ptr_array_add (page->entries,
                         iss_audit_entry_new (line, 1000 - i, i == 2 ? ISS_AUDIT_ENTRY_TORN
                                                                     : ISS_AUDIT_ENTRY_DAMAGED,
                                              names));
    }

  return page;
}

/* Looked at, light and dark. */
static void
test_shots (Fixture       *fixture,
            gconstpointer  unused)
{
  static const IssAuditCheck whole = { .n_entries = 214, .last_n = 214, .first_time = 1793347200,
                                       .proven_from = 1 };
  static const IssAuditCheck broken = { .n_entries = 214, .last_n = 214, .first_time = 1793347200,
                                        .n_faults = 1, .fault = ISS_AUDIT_FAULT_CHANGED,
                                        .from = 17, .line = 17, .proven_from = 18 };
  g_autoptr(IssAgentLogPage) good = new_page (FALSE);
  g_autoptr(IssAgentLogPage) bad = new_page (TRUE);
  g_autoptr(IssAgentLogPage) empty = new_page (FALSE);

  g_ptr_array_set_size (empty->entries, 0);
  iss_event_log_page_show (fixture->page, empty, ISS_WORKSPACE_FIXTURE_NOW);
  iss_shot_check (fixture->window, "event-log-empty");

  iss_event_log_page_show (fixture->page, good, ISS_WORKSPACE_FIXTURE_NOW);
  iss_event_log_page_show_check (fixture->page, &whole, ISS_WORKSPACE_FIXTURE_NOW);
  iss_event_log_page_select (fixture->page, 2);
  iss_shot_check (fixture->window, "event-log-good");

  iss_shot_set_dark (TRUE);
  bad->next = 500;
  iss_event_log_page_show (fixture->page, bad, ISS_WORKSPACE_FIXTURE_NOW);
  iss_event_log_page_show_check (fixture->page, &broken, ISS_WORKSPACE_FIXTURE_NOW);
  iss_event_log_page_select (fixture->page, 3);
  iss_shot_check (fixture->window, "event-log-broken-dark");
  iss_shot_set_dark (FALSE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

#define ADD(path, func) g_test_add ("/event-log-page/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("entries", test_entries);
  ADD ("by-itself", test_by_itself);
  ADD ("filter", test_filter);
  ADD ("older", test_older);
  ADD ("verify", test_verify);
  ADD ("unreachable", test_unreachable);
  ADD ("shots", test_shots);

  return g_test_run ();
}
