/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wizard on real agents. Also covers: assign-run-page, assign-store-page,
 * assign-summary-page, assign-what-page, candidate-list, type-check-list. */

#include "ui/wizards/assign-wizard.h"

#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/assign-run-page.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-what-page.h"
#include "ui/wizards/shell-line-bar.h"

#include <glib/gstdio.h>
#include <string.h>

#define OAUTH "OAuthTokenIssuer"

typedef struct
{
  IssWizard            *wizard;
  IssAssignWhatPage    *what;
  IssAssignStorePage   *store;
  IssAssignSummaryPage *summary;
  IssAssignRunPage     *run;
  IssCandidateList     *list;
} Pages;

static Pages
find_pages (GtkWidget *wizard)
{
  Pages pages = { .wizard = ISS_WIZARD (wizard) };

  pages.what = (gpointer) iss_wizard_find_page (pages.wizard, "what");
  pages.store = (gpointer) iss_wizard_find_page (pages.wizard, "store");
  pages.summary = ISS_ASSIGN_SUMMARY_PAGE (iss_wizard_find_page (pages.wizard, "summary"));
  pages.run = ISS_ASSIGN_RUN_PAGE (iss_wizard_find_page (pages.wizard, "run"));
  if (pages.store != NULL)
    pages.list = iss_assign_store_page_get_list (pages.store);
  gtk_window_present (GTK_WINDOW (wizard));

  return pages;
}

/* Words as of the action, separated by spaces. */
static Pages
open_wizard (IssWizardFixture *fixture,
             const char       *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);

  return find_pages (iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool,
                                                (const char *const *) list,
                                                ISS_TRANSITION_SET));
}

static Pages
open_removal (IssWizardFixture *fixture,
              const char       *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);

  return find_pages (iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool,
                                                (const char *const *) list,
                                                ISS_TRANSITION_REMOVE_CURRENT));
}

static void
close_wizard (Pages *pages)
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

static const char *
get_text (gpointer    page,
          const char *id)
{
  return gtk_label_get_label (GTK_LABEL (iss_wizard_fixture_child (page, id)));
}

static void
tick_only (Pages *pages,
           guint  which)
{
  IssServerCheckList *servers = iss_assign_what_page_get_servers (pages->what);
  GtkWidget *ticked = iss_wizard_fixture_child (pages->what, "ticked_check");

  gtk_check_button_set_active (GTK_CHECK_BUTTON (ticked), TRUE);
  for (guint i = 0; i < iss_server_check_list_get_n_rows (servers); i++)
    iss_server_check_row_set_ticked (iss_server_check_list_get_row (servers, i), i == which);
}

/* On to the Certificate Store, until the servers have answered. */
static void
go_to_store (Pages *pages)
{
  g_assert_true (iss_wizard_fixture_can_next (pages->wizard));
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
  iss_wait_until (iss_candidate_list_get_n_rows (pages->list) > 0);
}

static gboolean
choose (Pages      *pages,
        const char *issued_to)
{
  for (guint i = 0; i < iss_candidate_list_get_n_rows (pages->list); i++)
    {
      IssCandidate *candidate;

      if (!gtk_list_box_row_get_selectable (get_row (pages, i)))
        continue;

      gtk_list_box_select_row (GTK_LIST_BOX (iss_wizard_fixture_child (pages->list, "list")),
                               get_row (pages, i));
      candidate = iss_candidate_list_get_selected (pages->list);
      if (strcmp (iss_candidate_get_issued_to (candidate), issued_to) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The names are asked for, and stand in their place once they are known. */
static char *
dup_alternative_names (Pages *pages)
{
  GtkWidget *grid = iss_wizard_fixture_child (pages->summary, "grid");

  for (int row = 0; gtk_grid_get_child_at (GTK_GRID (grid), 0, row) != NULL; row++)
    {
      GtkWidget *title = gtk_grid_get_child_at (GTK_GRID (grid), 0, row);
      GtkWidget *text = gtk_grid_get_child_at (GTK_GRID (grid), 1, row);

      if (g_str_equal (gtk_label_get_label (GTK_LABEL (title)), "Alternative names"))
        return g_strdup (gtk_label_get_label (GTK_LABEL (text)));
    }

  return NULL;
}

static gboolean
knows_names (Pages *pages)
{
  g_autofree char *names = dup_alternative_names (pages);

  return names == NULL || !g_str_equal (names, "…");
}

/* On to the summary, until every server has said what it thinks. */
static void
go_to_summary (Pages *pages)
{
  g_assert_true (iss_wizard_fixture_can_next (pages->wizard));
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages->summary)));
  iss_wait_until (knows_names (pages));
}

static void
confirm (Pages *pages)
{
  GtkWidget *check = iss_wizard_fixture_child (pages->summary, "confirm_check");

  g_assert_true (gtk_widget_get_visible (check));
  g_assert_false (iss_wizard_fixture_can_next (pages->wizard));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
}

static void
run_to_end (Pages *pages)
{
  g_assert_true (iss_wizard_fixture_can_next (pages->wizard));
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
  iss_wait_until (iss_assign_run_page_is_over (pages->run));
}

static gboolean
is_published (IssWizardFixture *fixture,
              const char       *server,
              const char       *type)
{
  g_autofree char *path = g_build_filename (fixture->folder, server, "live", type, "cert.pem",
                                            NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
done_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_assert_true (iss_job_run_finish (ISS_JOB (object), result, NULL));
  *(gboolean *) user_data = TRUE;
}

/* next-auth.contoso.example is to be current on fe01 in ten days. */
static void
stage_next (IssWizardFixture *fixture)
{
  const char *const types[] = { OAUTH, NULL };
  Pages pages = open_wizard (fixture, OAUTH " fe01.contoso.example");
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IssJob) job = NULL;
  gboolean done = FALSE;
  GBytes *sha256[1];
  const IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_STAGE, .types = types, .sha256 = sha256,
      .instant = ISS_WIZARD_FIXTURE_NOW + 10 * 24 * 3600,
    };

  go_to_store (&pages);
  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  sha256[0] = iss_candidate_get_sha256 (iss_candidate_list_get_selected (pages.list));
  g_ptr_array_add (servers, g_object_ref (iss_pool_find_server (fixture->pool, "fe01")));
  job = iss_pool_assign_new_change (fixture->pool, servers, &request);
  close_wizard (&pages);
  iss_job_run_async (job, NULL, done_cb, &done);
  iss_wait_until (done);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 1);
}

static gboolean
is_staged (IssWizardFixture *fixture)
{
  IssServer *server = iss_pool_find_server (fixture->pool, "fe01");
  IssObservation *seen = iss_server_get_observation (server);

  return iss_observation_find_type (seen, OAUTH)->slots[ISS_SLOT_STAGED].is_set;
}

/* What it begins with, and what can be done without. */
static void
test_what (void)
{
  static const struct
  {
    const char *words;
    const char *types;
    gboolean    whole;
    guint       n_ticked;
    const char *warning;
  } cases[] = {
    { "", OAUTH, TRUE, 3, "" },
    { "Default WebServicesInternal", "Default,WebServicesInternal", TRUE, 3, "" },
    { "XMPPServer", "XMPPServer", TRUE, 3, "" },
    { "Default fe02.contoso.example", "Default", FALSE, 1, "" },
    /* It belongs on every server, wherever one began. */
    { OAUTH " fe02.contoso.example", OAUTH, TRUE, 1, "" },
    { "nonsense", OAUTH, TRUE, 3, "" },
  };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Pages pages = open_wizard (fixture, cases[i].words);
      g_auto(GStrv) types = NULL;
      g_autofree char *joined = NULL;
      g_autoptr(GPtrArray) ticked = NULL;
      GtkWidget *whole = iss_wizard_fixture_child (pages.what, "whole_check");

      g_test_message ("%s", cases[i].words);
      types = iss_type_check_list_dup_ticked (iss_assign_what_page_get_types (pages.what));
      joined = g_strjoinv (",", types);
      ticked = iss_server_check_list_dup_ticked (iss_assign_what_page_get_servers (pages.what));
      g_assert_cmpstr (joined, ==, cases[i].types);
      g_assert_cmpint (gtk_check_button_get_active (GTK_CHECK_BUTTON (whole)), ==, cases[i].whole);
      g_assert_cmpuint (ticked->len, ==, cases[i].n_ticked);
      g_assert_cmpstr (iss_assign_what_page_get_warning (pages.what), ==, cases[i].warning);
      g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
      if (i == 0)
        {
          IssTypeCheckList *list = iss_assign_what_page_get_types (pages.what);
          GtkCheckButton *oauth = iss_type_check_list_find_check (list, OAUTH);

          iss_wizard_fixture_check (pages.wizard, "assign-1-what");
          gtk_check_button_set_active (oauth, FALSE);
          g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
          gtk_check_button_set_active (oauth, TRUE);
          tick_only (&pages, 9);
          g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
        }
      close_wizard (&pages);
    }
}

/* On every server: only what every server has; the rest is greyed, with its reason. */
static void
test_nothing_suits (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, "");

  go_to_store (&pages);
  g_assert_cmpuint (count_selectable (&pages), ==, 0);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_cmpstr (get_text (pages.store, "note_label"), ==,
                   "None of these certificates suits. Each says what is wrong with it.");
  iss_wizard_fixture_check (pages.wizard, "assign-2-none");

  for (guint i = 0; i < iss_candidate_list_get_n_rows (pages.list); i++)
    {
      g_assert_false (gtk_list_box_row_get_activatable (get_row (&pages, i)));
      g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (get_row (&pages, i))));
    }

  close_wizard (&pages);
}

static void
test_one_server (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, OAUTH);

  tick_only (&pages, 0);
  g_assert_nonnull (strstr (iss_assign_what_page_get_warning (pages.what),
                            "OAuthTokenIssuer must be the same on every server. "
                            "fe02 and fe03 keep what they have"));
  iss_wizard_fixture_check (pages.wizard, "assign-1-ticked");
  go_to_store (&pages);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_true (choose (&pages, "sip.contoso.example"));
  go_to_summary (&pages);
  g_assert_cmpstr (iss_assign_summary_page_get_headline (pages.summary), ==,
                   "fe01 will use this certificate for OAuthTokenIssuer:");
  iss_wizard_fixture_check (pages.wizard, "assign-3-one");
  if (*iss_assign_summary_page_get_warning (pages.summary) != '\0')
    confirm (&pages);
  g_assert_cmpint (iss_wizard_fixture_count (fixture, "fe01", "live"), >, 0);

  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Assigned on 1 of 1 server.");
  g_assert_true (g_str_has_prefix (iss_assign_run_page_get_agreed (pages.run),
                                   "What is agreed stays: "));
  g_assert_cmpstr (iss_pool_get_agreed (fixture->pool, OAUTH)->by, !=, g_get_user_name ());

  close_wizard (&pages);
}

static void
test_whole_pool (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *names = NULL;
  const IssAgreed *agreed;
  const char *line;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  g_assert_false (is_published (fixture, "fe03", OAUTH));

  pages = open_wizard (fixture, OAUTH);
  go_to_store (&pages);
  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  iss_wizard_fixture_check (pages.wizard, "assign-2-pool");
  go_to_summary (&pages);
  g_assert_cmpstr (iss_assign_summary_page_get_warning (pages.summary), ==, "");
  g_assert_false (is_published (fixture, "fe03", OAUTH));
  names = dup_alternative_names (&pages);
  g_assert_cmpstr (names, ==, "next-auth.contoso.example, contoso.example");
  iss_wizard_fixture_check_both (pages.wizard, "assign-3-pool");
  run_to_end (&pages);
  iss_wizard_fixture_check (pages.wizard, "assign-4-end");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Assigned on 3 of 3 servers.");
  g_assert_true (g_str_has_prefix (iss_assign_run_page_get_agreed (pages.run),
                                   "pool01 has agreed on next-auth.contoso.example"));
  line = iss_shell_line_bar_get_line (ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.run,
                                                                                   "cmdlets")));
  g_assert_true (g_str_has_prefix (line, "Set-CsCertificate -Identity Global -Type "
                                         "OAuthTokenIssuer -Thumbprint "));
  g_assert_true (gtk_widget_get_visible (iss_wizard_fixture_child (pages.run, "log_button")));

  agreed = iss_pool_get_agreed (fixture->pool, OAUTH);
  g_assert_nonnull (agreed);
  g_assert_cmpstr (agreed->by, ==, g_get_user_name ());
  g_assert_true (is_published (fixture, "fe03", OAUTH));

  close_wizard (&pages);
}

/* Two types at once, which different rules hold for: both judge. */
static void
test_several_types (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, "PICWebService ProvisionService "
                                      "fe01.contoso.example");

  go_to_store (&pages);
  g_assert_cmpstr (get_text (pages.store, "intro_label"), ==,
                   "Select the certificate that fe01 should use for Public IM connectivity web "
                   "service and Provisioning service.");
  g_assert_true (choose (&pages, "sip.contoso.example"));
  go_to_summary (&pages);
  if (*iss_assign_summary_page_get_warning (pages.summary) != '\0')
    confirm (&pages);
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Assigned on 1 of 1 server.");
  g_assert_cmpstr (iss_assign_run_page_get_agreed (pages.run), ==, "");
  g_assert_true (is_published (fixture, "fe01", "PICWebService"));
  g_assert_true (is_published (fixture, "fe01", "ProvisionService"));

  close_wizard (&pages);
}

static void
test_silent_server (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;

  iss_wizard_fixture_break (fixture, "fe03");
  pages = open_wizard (fixture, "Default");
  go_to_store (&pages);
  g_assert_nonnull (strstr (get_text (pages.store, "note_label"),
                            "fe03 does not answer and was not asked."));
  iss_wizard_fixture_check (pages.wizard, "assign-2-silent");

  close_wizard (&pages);
}

/* A server that is lost in the middle fails alone, and can be tried again. */
static void
test_lost_on_the_way (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;
  IssJob *job;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  go_to_store (&pages);
  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  go_to_summary (&pages);
  iss_wizard_fixture_break (fixture, "fe03");
  run_to_end (&pages);
  iss_wizard_fixture_check (pages.wizard, "assign-4-lost");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Assigned on 2 of 3 servers.");
  job = iss_job_list_get_job (ISS_JOB_LIST (iss_wizard_fixture_child (pages.run, "list")));
  g_assert_cmpint (iss_job_entry_get_state (iss_job_get_entry (job, 2)), ==, ISS_JOB_FAILED);
  g_assert_false (gtk_widget_get_visible (iss_wizard_fixture_child (pages.wizard,
                                                                    "back_button")));
  close_wizard (&pages);
}

/* Deleted elsewhere between the pages: refused, nothing changed, and one can go back to where
 * it is not offered any more. */
static void
test_deleted_meanwhile (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *hex = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  Pages pages = open_wizard (fixture, "PICWebService fe01.contoso.example");
  IssCandidate *candidate;
  gsize size;
  const guint8 *sha256;
  GString *text = g_string_new (NULL);

  go_to_store (&pages);
  g_assert_true (choose (&pages, "auth.contoso.example"));
  candidate = iss_candidate_list_get_selected (pages.list);
  sha256 = g_bytes_get_data (iss_candidate_get_sha256 (candidate), &size);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", sha256[i]);
  hex = g_string_free (text, FALSE);
  name = g_strconcat (hex, ".pem", NULL);
  path = g_build_filename (fixture->folder, "fe01", "stores", "my", name, NULL);

  go_to_summary (&pages);
  if (*iss_assign_summary_page_get_warning (pages.summary) != '\0')
    confirm (&pages);
  g_assert_cmpint (g_remove (path), ==, 0);
  run_to_end (&pages);
  iss_wizard_fixture_check (pages.wizard, "assign-4-deleted");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Assigned on no server. Nothing has changed.");
  g_assert_true (gtk_widget_get_visible (iss_wizard_fixture_child (pages.wizard, "back_button")));
  g_assert_false (is_published (fixture, "fe01", "PICWebService"));

  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages.summary)));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  iss_wait_until (iss_candidate_list_get_n_rows (pages.list) > 0);
  g_assert_false (choose (&pages, "auth.contoso.example"));

  close_wizard (&pages);
}

/* Back and forth while the servers are still asked: the answer is to the last question. */
static void
test_changes_mind (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, "PICWebService fe01.contoso.example");
  IssJob *job;

  go_to_store (&pages);
  g_assert_true (choose (&pages, "auth.contoso.example"));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  iss_wait_until (iss_candidate_list_get_n_rows (pages.list) > 0);
  g_assert_true (choose (&pages, "sip.contoso.example"));
  go_to_summary (&pages);
  job = iss_job_list_get_job (iss_assign_summary_page_get_list (pages.summary));
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_CANCELLED), ==, 0);
  if (*iss_assign_summary_page_get_warning (pages.summary) != '\0')
    confirm (&pages);
  run_to_end (&pages);
  g_assert_true (is_published (fixture, "fe01", "PICWebService"));

  close_wizard (&pages);
}

/* Taking the current one out of use says what stops, and has to be confirmed. */
static void
test_remove (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;

  g_assert_null (iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool,
                                            (const char *const[]) { OAUTH, NULL },
                                            ISS_TRANSITION_REMOVE_CURRENT));
  g_assert_true (is_published (fixture, "fe01", OAUTH));
  pages = open_removal (fixture, OAUTH " current fe01.contoso.example");
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages.summary)));
  g_assert_nonnull (strstr (get_text (pages.summary, "consequence"),
                            "Server-to-server authentication stops there"));
  g_assert_nonnull (strstr (iss_assign_summary_page_get_warning (pages.summary), "stop working"));
  iss_wizard_fixture_check (pages.wizard, "remove-1");
  confirm (&pages);
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Taken out of use on 1 of 1 server.");
  g_assert_false (is_published (fixture, "fe01", OAUTH));
  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe01", "stores/my"), >, 0);

  close_wizard (&pages);
}

/* Another one at once while one is staged: the page asks which wins, and does that. */
static void
test_which_wins (void)
{
  static const struct
  {
    const char *answer;
    const char *option;
    gboolean    is_kept;
  } answers[] =
  {
    { "keep_check", " --keep-staged", TRUE },
    { "cancel_check", " --cancel-staged", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
      Pages pages;
      IssShellLineBar *bar;

      iss_wizard_fixture_import_next (fixture);
      stage_next (fixture);
      pages = open_wizard (fixture, OAUTH " fe01.contoso.example");
      tick_only (&pages, 0);
      go_to_store (&pages);
      g_assert_true (choose (&pages, "sip.contoso.example"));
      go_to_summary (&pages);
      g_assert_true (gtk_widget_get_visible (iss_wizard_fixture_child (pages.summary,
                                                                       "fate_box")));
      g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
      iss_wizard_fixture_check (pages.wizard, "assign-3-which-wins");

      gtk_check_button_set_active (GTK_CHECK_BUTTON (iss_wizard_fixture_child (pages.summary,
                                                                               answers[i].answer)),
                                   TRUE);
      iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages.summary)));
      if (*iss_assign_summary_page_get_warning (pages.summary) != '\0')
        confirm (&pages);
      run_to_end (&pages);
      g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                       "Assigned on 1 of 1 server.");
      bar = ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.run, "shell_line"));
      g_assert_nonnull (strstr (iss_shell_line_bar_get_line (bar), answers[i].option));
      g_assert_cmpint (is_staged (fixture), ==, answers[i].is_kept);
      close_wizard (&pages);
    }
}

/* What a rule refuses cannot be confirmed. */
static void
test_remove_nothing (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_removal (fixture, OAUTH " previous fe02.contoso.example");

  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages.summary)));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_cmpstr (iss_assign_summary_page_get_warning (pages.summary), ==, "");
  iss_wizard_fixture_check (pages.wizard, "remove-1-refused");

  close_wizard (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/assign-wizard/what", test_what);
  g_test_add_func ("/assign-wizard/nothing-suits", test_nothing_suits);
  g_test_add_func ("/assign-wizard/one-server", test_one_server);
  g_test_add_func ("/assign-wizard/whole-pool", test_whole_pool);
  g_test_add_func ("/assign-wizard/several-types", test_several_types);
  g_test_add_func ("/assign-wizard/silent-server", test_silent_server);
  g_test_add_func ("/assign-wizard/lost-on-the-way", test_lost_on_the_way);
  g_test_add_func ("/assign-wizard/deleted-meanwhile", test_deleted_meanwhile);
  g_test_add_func ("/assign-wizard/changes-mind", test_changes_mind);
  g_test_add_func ("/assign-wizard/remove", test_remove);
  g_test_add_func ("/assign-wizard/remove-nothing", test_remove_nothing);
  g_test_add_func ("/assign-wizard/which-wins", test_which_wins);

  return g_test_run ();
}
