/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: task-columns, task-item. */
#include "ui/pool/task-page.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/pool/task-item.h"
#include "ui/style.h"

#define SERVER "pool01.contoso.example/fe01.contoso.example"
#define HASH "3f2a91c000000000000000000000000000000000000000000000000000005b1e"
#define DUE (ISS_WORKSPACE_FIXTURE_NOW + 86400)

typedef struct
{
  IssWorkspaceFixture  base;
  IssScopeNode        *root;
  IssServer           *server;    /* borrowed */
  GtkWidget           *window;
  IssTaskPage         *page;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  IssScopeNode *node;

  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->root = iss_scope_node_new_root (fixture->base.workspace);
  node = iss_scope_node_find (fixture->root, SERVER "/tasks");
  fixture->server = iss_scope_node_get_server (node);
  fixture->page = ISS_TASK_PAGE (iss_task_page_new (node));
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 320);
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

static IssAgentTasks *
new_tasks (gint64 resident_since)
{
  IssAgentTasks *tasks = g_new0 (IssAgentTasks, 1);

  tasks->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  tasks->over = g_ptr_array_new_with_free_func (g_object_unref);
  tasks->time = ISS_WORKSPACE_FIXTURE_NOW;
  tasks->resident_since = resident_since;

  return tasks;
}

/* A roll, and the day before's of another type, which is over. */
static IssAgentTasks *
new_staged (gint64 resident_since)
{
  IssAgentTasks *tasks = new_tasks (resident_since);
  g_autoptr(IssTask) old = iss_task_new (ISS_TASK_ROLL, "Default", HASH, 2, DUE - 2 * 86400);
  g_autoptr(IssTask) running = iss_task_begin (old, DUE - 2 * 86400);

  g_ptr_array_add (tasks->waiting, iss_task_new (ISS_TASK_ROLL, "OAuthTokenIssuer", HASH, 7, DUE));
  g_ptr_array_add (tasks->waiting, iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE + 30 * 86400));
  g_ptr_array_add (tasks->over, iss_task_finish (running, ISS_TASK_STATE_DONE, DUE - 2 * 86400 + 2,
                                                 NULL));
  return tasks;
}

static IssAgentTasks *
new_one (IssTask *task)
{
  IssAgentTasks *tasks = new_tasks (ISS_WORKSPACE_FIXTURE_NOW - 3600);

  g_ptr_array_add (tasks->waiting, task);
  return tasks;
}

static void
show (Fixture       *fixture,
      IssAgentTasks *tasks)
{
  iss_task_page_show (fixture->page, tasks, ISS_WORKSPACE_FIXTURE_NOW);
}

static void
fail_server (Fixture *fixture)
{
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE,
                                                 "fe01.contoso.example: Connection refused");

  iss_server_set_failed (fixture->server, error, ISS_WORKSPACE_FIXTURE_NOW + 60);
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

static const char *
get_cell (Fixture       *fixture,
          guint          line,
          IssTaskColumn  column)
{
  g_autoptr(IssTaskItem) item =
    g_list_model_get_item (iss_task_page_get_lines (fixture->page), line);

  /* The list holds it. */
  return iss_task_item_get_text (item, column);
}

/* A real agent on an empty folder. */
static void
test_asks (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *title = iss_page_dup_title (ISS_PAGE (fixture->page));
  g_autofree char *status = NULL;

  g_assert_cmpstr (title, ==, "Scheduled Tasks, fe01");
  g_assert_cmpstr (iss_task_page_get_answer (fixture->page), ==,
                   "Asking fe01 for its scheduled tasks…");
  iss_page_refresh (ISS_PAGE (fixture->page));
  g_assert_true (iss_page_is_busy (ISS_PAGE (fixture->page)));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  g_assert_cmpstr (iss_task_page_get_answer (fixture->page), ==, "Nothing is scheduled on fe01.");
  g_assert_cmpstr (iss_task_page_get_warning (fixture->page), ==, "");
  status = iss_page_dup_status (ISS_PAGE (fixture->page));
  g_assert_cmpstr (status, ==, "Scheduled tasks of fe01: 0 waiting · seen 11:06:40");
}

/* A look at the server is one at its tasks, too. */
static void
test_by_itself (Fixture       *fixture,
                gconstpointer  unused)
{
  iss_shot_settle (fixture->window);
  iss_server_look_async (fixture->server, NULL, NULL, NULL, NULL);
  iss_wait_until (g_str_has_prefix (iss_task_page_get_answer (fixture->page), "Nothing is"));
}

static void
test_staged (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *ticket = NULL;

  show (fixture, new_staged (0));
  g_assert_cmpstr (iss_task_page_get_answer (fixture->page), ==,
                   "fe01: next, the certificate with SHA-256 3f2a91c0… becomes current for "
                   "OAuthTokenIssuer on 19 November 2026, 11:06 (UTC).");
  g_assert_cmpstr (iss_task_page_get_warning (fixture->page), ==,
                   "Nothing on fe01 will run this roll at its instant: start "
                   "issuant-agent.service.");
  g_assert_cmpuint (g_list_model_get_n_items (iss_task_page_get_lines (fixture->page)), ==, 3);
  g_assert_cmpstr (get_cell (fixture, 0, ISS_TASK_COLUMN_TASK), ==, "roll");
  g_assert_cmpstr (get_cell (fixture, 0, ISS_TASK_COLUMN_TYPE), ==, "OAuthTokenIssuer");
  g_assert_cmpstr (get_cell (fixture, 0, ISS_TASK_COLUMN_STATE), ==, "due");
  g_assert_cmpstr (get_cell (fixture, 1, ISS_TASK_COLUMN_TYPE), ==, "–");
  g_assert_cmpstr (get_cell (fixture, 2, ISS_TASK_COLUMN_STATE), ==, "done");

  ticket = iss_task_page_dup_ticket (fixture->page);
  g_test_message ("%s", ticket);
  g_assert_true (g_str_has_prefix (ticket, "Scheduled tasks of fe01.contoso.example: fe01: next"));
  g_assert_nonnull (strstr (ticket, "\nNothing on fe01 will run this roll"));
  g_assert_nonnull (strstr (ticket, "\nroll · OAuthTokenIssuer · "));
  g_assert_nonnull (strstr (ticket, "\nSeen by "));

  /* With the service there is nothing to warn of. */
  show (fixture, new_staged (ISS_WORKSPACE_FIXTURE_NOW - 3600));
  g_assert_cmpstr (iss_task_page_get_warning (fixture->page), ==, "");
  iss_shot_settle (fixture->window);
  g_assert_true (shows (fixture->window, "issuant-agent.service runs the tasks of fe01, since "));
}

static void
test_states (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(IssTask) task = iss_task_new (ISS_TASK_ROLL, "Default", HASH, 7,
                                          ISS_WORKSPACE_FIXTURE_NOW - 7200);
  g_autoptr(IssTask) running = iss_task_begin (task, ISS_WORKSPACE_FIXTURE_NOW - 7200);
  g_autoptr(IssTaskItem) late = iss_task_item_new (task, "", ISS_WORKSPACE_FIXTURE_NOW, NULL);
  g_autoptr(IssTaskItem) failed = NULL;

  show (fixture, new_one (iss_task_hold (task)));
  g_assert_cmpstr (iss_task_page_get_answer (fixture->page), ==,
                   "fe01: nothing happens by itself: what is scheduled is held until it is armed.");
  g_assert_true (g_str_has_prefix (get_cell (fixture, 0, ISS_TASK_COLUMN_STATE), "held"));

  show (fixture, new_one (iss_task_fail (running, ISS_WORKSPACE_FIXTURE_NOW, "The disk is full",
                                         0)));
  g_assert_true (g_str_has_prefix (iss_task_page_get_answer (fixture->page),
                                   "fe01: failed, and will be tried again: "));
  g_assert_true (g_str_has_prefix (get_cell (fixture, 0, ISS_TASK_COLUMN_RESULT),
                                   "The disk is full. Tried 1 time, next try "));
  failed = g_list_model_get_item (iss_task_page_get_lines (fixture->page), 0);
  g_assert_cmpstr (iss_task_item_get_css_class (failed), ==, "error");

  g_assert_cmpstr (iss_task_item_get_css_class (late), ==, "warning");
  g_assert_cmpstr (iss_task_item_get_icon (late), ==, "iss-state-expired-symbolic");
  g_assert_cmpstr (iss_task_item_get_text (late, ISS_TASK_COLUMN_STATE), ==, "due, 2 hours late");
}

/* What was last seen stays, grey, and nobody says that it still holds. */
static void
test_dead (Fixture       *fixture,
           gconstpointer  unused)
{
  show (fixture, new_staged (0));
  fail_server (fixture);
  g_assert_cmpstr (iss_task_page_get_answer (fixture->page), ==,
                   "What is scheduled on fe01 is not known now.");
  g_assert_cmpstr (iss_task_page_get_warning (fixture->page), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (iss_task_page_get_lines (fixture->page)), ==, 3);
  iss_shot_settle (fixture->window);
  g_assert_true (shows (fixture->window, "fe01 does not answer. fe01.contoso.example: Connection "
                        "refused."));
  g_assert_true (shows (fixture->window, "Whether it is still so is not known."));
}

/* Looked at, light and dark. */
static void
test_shots (Fixture       *fixture,
            gconstpointer  unused)
{
  show (fixture, new_tasks (ISS_WORKSPACE_FIXTURE_NOW - 3600));
  iss_shot_check (fixture->window, "tasks-empty");

  show (fixture, new_staged (0));
  iss_shot_check (fixture->window, "tasks-staged");
  iss_shot_set_dark (TRUE);
  iss_shot_check (fixture->window, "tasks-staged-dark");
  iss_shot_set_dark (FALSE);

  fail_server (fixture);
  iss_shot_check (fixture->window, "tasks-dead");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

#define ADD(path, func) g_test_add ("/task-page/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("asks", test_asks);
  ADD ("by-itself", test_by_itself);
  ADD ("staged", test_staged);
  ADD ("states", test_states);
  ADD ("dead", test_dead);
  ADD ("shots", test_shots);

  return g_test_run ();
}
