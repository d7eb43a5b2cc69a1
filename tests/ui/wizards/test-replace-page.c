/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A compromised certificate is replaced, on real agents. */

#include "ui/wizards/replace-page.h"

#include "core/base/text.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/assign-run-page.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-wizard.h"
#include "ui/wizards/shell-line-bar.h"

#include <string.h>

#define OAUTH "OAuthTokenIssuer"

typedef struct
{
  IssWizard            *wizard;
  IssReplacePage       *replace;
  IssCandidateList     *list;
  IssAssignSummaryPage *summary;
  IssAssignRunPage     *run;
} Pages;

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_assert_true (iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
look (IssWizardFixture *fixture)
{
  gboolean done = FALSE;

  iss_pool_look_async (fixture->pool, NULL, NULL, looked_cb, &done);
  iss_wait_until (done);
}

/* What fe01 uses. */
static char *
dup_current (IssWizardFixture *fixture)
{
  IssServer *server = iss_pool_find_server (fixture->pool, "fe01");
  IssObservation *seen = iss_server_get_observation (server);
  const IssObservedType *type = iss_observation_find_type (seen, OAUTH);

  return iss_text_hex (type->slots[ISS_SLOT_CURRENT].sha256, ISS_SHA256_SIZE, FALSE);
}

static Pages
open_wizard (IssWizardFixture *fixture,
             const char       *sha256)
{
  const char *const words[] = { sha256, NULL };
  GtkWidget *wizard = iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool, words,
                                                 ISS_TRANSITION_REPLACE);
  Pages pages = { .wizard = ISS_WIZARD (wizard) };

  pages.replace = ISS_REPLACE_PAGE (iss_wizard_find_page (pages.wizard, "replace"));
  pages.list = iss_assign_store_page_get_list (
    ISS_ASSIGN_STORE_PAGE (iss_wizard_find_page (pages.wizard, "store")));
  pages.summary = ISS_ASSIGN_SUMMARY_PAGE (iss_wizard_find_page (pages.wizard, "summary"));
  pages.run = ISS_ASSIGN_RUN_PAGE (iss_wizard_find_page (pages.wizard, "run"));
  gtk_window_present (GTK_WINDOW (wizard));

  return pages;
}

static void
close_wizard (Pages *pages)
{
  GtkWidget *held = g_object_ref (GTK_WIDGET (pages->wizard));

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
}

static gboolean
choose (Pages      *pages,
        const char *issued_to)
{
  GtkListBox *list = GTK_LIST_BOX (iss_wizard_fixture_child (pages->list, "list"));

  for (guint i = 0; i < iss_candidate_list_get_n_rows (pages->list); i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int) i);

      if (!gtk_list_box_row_get_selectable (row))
        continue;

      gtk_list_box_select_row (list, row);
      if (strcmp (iss_candidate_get_issued_to (iss_candidate_list_get_selected (pages->list)),
                  issued_to) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
go_to_summary (Pages *pages)
{
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages->summary)));
}

/* First what stops; then it is gone everywhere, and nobody trusts it. */
static void
test_replace (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *sha256 = NULL;
  IssShellLineBar *bar;
  GtkWidget *check;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  look (fixture);
  sha256 = dup_current (fixture);
  pages = open_wizard (fixture, sha256);
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_cmpstr (iss_replace_page_get_status (pages.replace), ==, "");
  g_assert_cmpstr (iss_replace_page_get_text (pages.replace), ==,
                   OAUTH ", on fe01: Tokens that were signed for " OAUTH " until now are refused "
                   "at once: for up to 24 hours, until they have ended, whoever holds one has to "
                   "get another\n");
  iss_wizard_fixture_check (pages.wizard, "replace-1");

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_candidate_list_get_n_rows (pages.list) > 0);

  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  go_to_summary (&pages);
  g_assert_nonnull (strstr (iss_assign_summary_page_get_headline (pages.summary),
                            "at once, and auth.contoso.example no more:"));
  g_assert_nonnull (strstr (iss_assign_summary_page_get_warning (pages.summary), "24 hours"));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  check = iss_wizard_fixture_child (pages.summary, "confirm_check");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  iss_wizard_fixture_check_both (pages.wizard, "replace-3-summary");
  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe01", "stores/disallowed"), ==, 0);

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_assign_run_page_is_over (pages.run));
  iss_wizard_fixture_check (pages.wizard, "replace-4-run");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Replaced on 3 of 3 servers.");
  bar = ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.run, "shell_line"));
  g_assert_nonnull (strstr (iss_shell_line_bar_get_line (bar), " --compromised "));
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *server = g_strdup_printf ("fe%02u", i);

      g_assert_cmpuint (iss_wizard_fixture_count (fixture, server, "stores/disallowed"), ==, 1);
    }
  close_wizard (&pages);
}

/* As if it had been decided for the whole pool. */
static void
make_global (IssWizardFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "fe01", "assignments.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GString) changed = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "scope=local", "scope=global", 0), >, 0);
  g_assert_true (g_file_set_contents (path, changed->str, -1, &error));
}

/* The same certificate for another type as well. */
static void
use_for_more (IssWizardFixture *fixture,
              const char       *type)
{
  g_autofree char *path = g_build_filename (fixture->folder, "fe01", "assignments.conf", NULL);
  g_autofree char *current = NULL;
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error));
  current = g_key_file_get_value (file, OAUTH, "current", &error);
  g_assert_no_error (error);
  g_key_file_set_value (file, type, "current", current);
  g_assert_true (g_key_file_save_to_file (file, path, &error));
}

/* What was decided once is not replaced by hand without a word; nor what else it is used for. */
static void
check_global (IssWizardFixture *fixture)
{
  g_autofree char *current = NULL;
  Pages pages;

  make_global (fixture);
  look (fixture);
  current = dup_current (fixture);
  pages = open_wizard (fixture, current);
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_nonnull (strstr (iss_replace_page_get_text (pages.replace),
                            OAUTH " is assigned globally: have it replaced on every server, "
                            "replicated: "));
  iss_wizard_fixture_check_both (pages.wizard, "replace-1-global");
  close_wizard (&pages);

  use_for_more (fixture, "WebServicesExternal");
  look (fixture);
  pages = open_wizard (fixture, current);
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_nonnull (strstr (iss_replace_page_get_text (pages.replace),
                            "set-certificate --identity global --type " OAUTH " --thumbprint … "
                            "--compromised "));
  close_wizard (&pages);
}

/* What nobody uses is not replaced. */
static void
test_unused (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *sha256 = g_strnfill (2 * ISS_SHA256_SIZE, 'a');
  Pages pages;

  check_global (fixture);
  g_assert_null (iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool,
                                            (const char *const[]) { OAUTH, NULL },
                                            ISS_TRANSITION_REPLACE));
  pages = open_wizard (fixture, sha256);
  g_assert_nonnull (strstr (iss_replace_page_get_status (pages.replace), "nothing to replace"));
  g_assert_cmpstr (iss_replace_page_get_text (pages.replace), ==, "");
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_check (pages.wizard, "replace-1-unused");
  close_wizard (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/replace-page/replace", test_replace);
  g_test_add_func ("/replace-page/unused", test_unused);

  return g_test_run ();
}
