/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog on real agents. Also covers: assign-plan, candidate-list. */

#include "ui/wizards/assign-dialog.h"

#include "core/pool/pool-import.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/assign-page.h"
#include "ui/wizards/assign-run-page.h"

#include <string.h>

typedef struct
{
  IssWizard        *wizard;
  IssAssignPage    *choose;
  IssAssignRunPage *run;
  IssCandidateList *list;
} Pages;

static Pages
open_dialog (IssWizardFixture *fixture,
             const char       *type)
{
  GtkWidget *dialog = iss_assign_dialog_new (NULL, fixture->workspace, fixture->pool, type, NULL);
  Pages pages = { .wizard = ISS_WIZARD (dialog) };

  pages.choose = ISS_ASSIGN_PAGE (iss_wizard_find_page (pages.wizard, "choose"));
  pages.run = ISS_ASSIGN_RUN_PAGE (iss_wizard_find_page (pages.wizard, "run"));
  pages.list = iss_assign_page_get_list (pages.choose);
  gtk_window_present (GTK_WINDOW (dialog));

  return pages;
}

static void
close_dialog (Pages *pages)
{
  GtkWidget *held = g_object_ref (GTK_WIDGET (pages->wizard));

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
}

static GtkListBoxRow *
get_row (Pages *pages,
         guint  index)
{
  GtkWidget *list = iss_wizard_fixture_child (pages->list, "list");

  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), (int) index);
}

static guint
count_selectable (Pages *pages)
{
  guint n = 0;

  for (guint i = 0; i < iss_candidate_list_get_n_rows (pages->list); i++)
    if (gtk_list_box_row_get_selectable (get_row (pages, i)))
      n++;

  return n;
}

static void
tick_only (Pages *pages,
           guint  which)
{
  IssServerCheckList *servers = iss_assign_page_get_servers (pages->choose);
  GtkWidget *ticked = iss_wizard_fixture_child (pages->choose, "ticked_check");

  gtk_check_button_set_active (GTK_CHECK_BUTTON (ticked), TRUE);
  for (guint i = 0; i < iss_server_check_list_get_n_rows (servers); i++)
    iss_server_check_row_set_ticked (iss_server_check_list_get_row (servers, i), i == which);
}

/* On every server: only what every server has; the rest is greyed, with its reason. */
static void
test_choice (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_dialog (fixture, NULL);

  iss_wait_until (iss_candidate_list_get_n_rows (pages.list) > 0);
  g_assert_cmpuint (count_selectable (&pages), ==, 0);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_cmpstr (iss_assign_page_get_warning (pages.choose), ==, "");
  iss_wizard_fixture_shoot (pages.wizard, "assign-1-none");

  for (guint i = 0; i < iss_candidate_list_get_n_rows (pages.list); i++)
    {
      g_assert_false (gtk_list_box_row_get_activatable (get_row (&pages, i)));
      g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (get_row (&pages, i))));
    }

  close_dialog (&pages);
}

static void
test_one_server (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_dialog (fixture, NULL);
  GtkListBox *list = GTK_LIST_BOX (iss_wizard_fixture_child (pages.list, "list"));

  tick_only (&pages, 0);
  iss_wait_until (count_selectable (&pages) > 0);
  g_assert_nonnull (strstr (iss_assign_page_get_warning (pages.choose),
                            "OAuthTokenIssuer must be the same on every server. "
                            "fe02 and fe03 keep what they have"));
  gtk_list_box_select_row (list, get_row (&pages, 0));
  g_assert_nonnull (iss_candidate_list_get_selected (pages.list));
  if (iss_candidate_has_warnings (iss_candidate_list_get_selected (pages.list)))
    {
      GtkWidget *confirm = iss_wizard_fixture_child (pages.choose, "confirm_check");

      g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
      gtk_check_button_set_active (GTK_CHECK_BUTTON (confirm), TRUE);
    }
  iss_wizard_fixture_shoot (pages.wizard, "assign-1-ticked");
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_assign_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Assigned on 1 of 1 server.");
  g_assert_true (g_str_has_prefix (iss_assign_run_page_get_agreed (pages.run),
                                   "What is agreed stays: "));
  g_assert_cmpstr (iss_pool_get_agreed (fixture->pool, "OAuthTokenIssuer")->by, !=,
                   g_get_user_name ());

  close_dialog (&pages);
}

static void
import_ended_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  gboolean *ended = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_job_run_finish (ISS_JOB (object), result, &error));
  g_assert_no_error (error);
  *ended = TRUE;
}

static void
import_everywhere (IssWizardFixture *fixture)
{
  g_autofree char *path = iss_wizard_fixture_dup_file (fixture, "next-auth.contoso.example.pfx");
  g_autofree char *text = iss_wizard_fixture_dup_password (fixture);
  g_autoptr(IssSecret) password = iss_secret_new (text, strlen (text));
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssJob) job = NULL;
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL };
  gboolean ended = FALSE;
  char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  bytes = g_bytes_new_take (data, size);
  options.origin = "manual";
  for (guint i = 0; i < iss_pool_get_n_servers (fixture->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, i));

  job = iss_pool_import_new (servers, bytes, password, &options);
  iss_job_run_async (job, NULL, import_ended_cb, &ended);
  iss_wait_until (ended);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 3);
}

static void
test_whole_pool (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *published = g_build_filename (fixture->folder, "fe03", "live",
                                                 "OAuthTokenIssuer", "cert.pem", NULL);
  const IssAgreed *agreed;
  Pages pages;
  guint which = 0;

  import_everywhere (fixture);
  g_assert_false (g_file_test (published, G_FILE_TEST_EXISTS));

  pages = open_dialog (fixture, "OAuthTokenIssuer");
  iss_wait_until (count_selectable (&pages) > 0);
  while (iss_candidate_list_get_selected (pages.list) == NULL
         || strcmp (iss_candidate_get_issued_to (iss_candidate_list_get_selected (pages.list)),
                    "next-auth.contoso.example") != 0)
    gtk_list_box_select_row (GTK_LIST_BOX (iss_wizard_fixture_child (pages.list, "list")),
                             get_row (&pages, which++));
  iss_wizard_fixture_shoot (pages.wizard, "assign-1-pool");
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_assign_run_page_is_over (pages.run));
  iss_wizard_fixture_shoot (pages.wizard, "assign-2-end");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Assigned on 3 of 3 servers.");
  g_assert_true (g_str_has_prefix (iss_assign_run_page_get_agreed (pages.run),
                                   "pool01 has agreed on next-auth.contoso.example"));

  agreed = iss_pool_get_agreed (fixture->pool, "OAuthTokenIssuer");
  g_assert_nonnull (agreed);
  g_assert_cmpstr (agreed->by, ==, g_get_user_name ());
  g_assert_true (g_file_test (published, G_FILE_TEST_EXISTS));

  close_dialog (&pages);
}

static void
test_silent_server (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;
  GtkWidget *label;

  iss_wizard_fixture_break (fixture, "fe03");
  pages = open_dialog (fixture, "Default");
  iss_wait_until (iss_candidate_list_get_n_rows (pages.list) > 0);
  label = iss_wizard_fixture_child (pages.choose, "silent_label");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==,
                   "fe03 does not answer and was not asked.");
  iss_wizard_fixture_shoot (pages.wizard, "assign-1-silent");

  close_dialog (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/assign-dialog/choice", test_choice);
  g_test_add_func ("/assign-dialog/one-server", test_one_server);
  g_test_add_func ("/assign-dialog/whole-pool", test_whole_pool);
  g_test_add_func ("/assign-dialog/silent-server", test_silent_server);

  return g_test_run ();
}
