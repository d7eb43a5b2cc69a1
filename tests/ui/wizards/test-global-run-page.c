/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wizards, with "On every server, replicated" chosen, on real agents. Also covers:
 * assign-order, global-choice, global-order, global-pages, import-order,
 * core/central/global-agreement, core/central/global-distrust. */

#include "ui/wizards/global-run-page.h"

#include <string.h>

#include "core/base/text.h"
#include "core/central/pool-enroll.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-wizard.h"
#include "ui/wizards/candidate-list.h"
#include "ui/wizards/enroll-run-page.h"
#include "ui/wizards/enroll-servers-page.h"
#include "ui/wizards/global-choice.h"
#include "ui/wizards/import-wizard.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/roll-wizard.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/sign-page.h"

#define PASSPHRASE "correct horse battery staple"
#define TYPE "OAuthTokenIssuer"

typedef struct
{
  IssWizardFixture *fixture;
  IssWizard        *wizard;
  IssGlobalRunPage *run;
} Pages;

static void
begin (Pages *self)
{
  self->fixture = iss_wizard_fixture_new ();
  iss_wizard_fixture_attach_desk (self->fixture);
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
enroll (Pages *self)
{
  g_autoptr(IssSigning) signing = iss_signing_new (self->fixture->workspace);
  g_autoptr(IssSecret) passphrase = iss_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GAsyncResult) unlocked = NULL;
  g_autoptr(GAsyncResult) enrolled = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssCentralStore *store;

  iss_signing_unlock_async (signing, passphrase, NULL, result_cb, &unlocked);
  iss_wait_until (unlocked != NULL);
  iss_signing_unlock_finish (signing, unlocked, &error);
  g_assert_no_error (error);

  store = iss_central_desk_get_store (iss_central_desk_get (self->fixture->workspace), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (servers, iss_pool_get_server (self->fixture->pool, i));
  job = iss_pool_enroll_new (store, self->fixture->pool, servers,
                             iss_signing_get_certificate (signing),
                             iss_signing_get_key (signing));
  iss_job_run_async (job, NULL, result_cb, &enrolled);
  iss_wait_until (enrolled != NULL);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 3);
}

static void
open (Pages     *self,
      GtkWidget *wizard)
{
  self->wizard = ISS_WIZARD (wizard);
  self->run = ISS_GLOBAL_RUN_PAGE (iss_wizard_find_page (self->wizard, "global"));
  gtk_window_present (GTK_WINDOW (wizard));
}

static void
close_wizard (Pages *self)
{
  GtkWidget *held = g_object_ref (GTK_WIDGET (self->wizard));

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
}

static void
end (Pages *self)
{
  close_wizard (self);
  g_clear_pointer (&self->fixture, iss_wizard_fixture_free);
}

static gboolean
is_on (Pages      *self,
       const char *name)
{
  return iss_wizard_get_page (self->wizard) == iss_wizard_find_page (self->wizard, name);
}

static void
go_on (Pages *self)
{
  iss_wait_until (iss_wizard_fixture_can_next (self->wizard));
  iss_wizard_fixture_act (self->wizard, "wizard.next");
}

static GtkCheckButton *
get_check (Pages      *self,
           const char *page,
           const char *id)
{
  GtkWidget *choice = iss_wizard_fixture_child (iss_wizard_find_page (self->wizard, page),
                                                "choice");

  return GTK_CHECK_BUTTON (iss_wizard_fixture_child (choice, id));
}

/* Until the page that asks how: of a file of the demo. */
static void
open_import (Pages      *self,
             const char *file)
{
  g_autofree char *path = iss_wizard_fixture_dup_typed (file);
  g_autofree char *password = iss_wizard_fixture_dup_password (self->fixture);

  open (self, iss_import_wizard_new (NULL, self->fixture->workspace, self->fixture->pool, NULL));
  iss_wizard_fixture_type (iss_wizard_find_page (self->wizard, "file"), "entry", path);
  go_on (self);
  if (is_on (self, "key"))
    {
      iss_wizard_fixture_type (iss_wizard_find_page (self->wizard, "key"), "entry", password);
      go_on (self);
    }
  iss_wait_until (is_on (self, "servers"));
}

/* Twice where the key is made. */
static void
type_passphrase (Pages *self)
{
  IssWizardPage *page = iss_wizard_find_page (self->wizard, "sign");

  g_assert_true (is_on (self, "sign"));
  iss_wizard_fixture_type (page, "passphrase", PASSPHRASE);
  if (gtk_widget_get_visible (iss_wizard_fixture_child (page, "again")))
    iss_wizard_fixture_type (page, "again", PASSPHRASE);
}

static void
sign (Pages *self)
{
  type_passphrase (self);
  go_on (self);
  iss_wait_until (is_on (self, "global") && iss_global_run_page_is_over (self->run));
}

static const char *
get_line (Pages *self)
{
  return iss_shell_line_bar_get_line (
    ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (self->run, "shell_line")));
}

/* In the list of the page that is shown. */
static gboolean
choose (Pages      *self,
        const char *issued_to)
{
  IssCandidateList *list =
    iss_assign_store_page_get_list (ISS_ASSIGN_STORE_PAGE (iss_wizard_get_page (self->wizard)));
  GtkListBox *box = GTK_LIST_BOX (iss_wizard_fixture_child (list, "list"));

  iss_wait_until (iss_candidate_list_get_n_rows (list) > 0);
  for (guint i = 0; i < iss_candidate_list_get_n_rows (list); i++)
    {
      gtk_list_box_select_row (box, gtk_list_box_get_row_at_index (box, (int) i));
      if (iss_candidate_list_get_selected (list) != NULL &&
          strcmp (iss_candidate_get_issued_to (iss_candidate_list_get_selected (list)),
                  issued_to) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Asks every server; returns what fe01 has. */
static GBytes *
look_for_auth (Pages *self)
{
  IssServer *server = iss_pool_find_server (self->fixture->pool, "fe01.contoso.example");
  g_autoptr(GAsyncResult) looked = NULL;
  IssObservation *seen;

  iss_pool_look_async (self->fixture->pool, NULL, NULL, result_cb, &looked);
  iss_wait_until (looked != NULL);
  seen = iss_server_get_observation (server);
  for (guint i = 0; i < iss_observation_get_n_certificates (seen); i++)
    {
      const IssObservedCertificate *one = iss_observation_get_certificate (seen, i);

      if (g_str_equal (one->issued_to, "auth.contoso.example"))
        return g_bytes_new (one->sha256, sizeof one->sha256);
    }

  g_assert_not_reached ();
}

static gboolean
is_sheet_offered (Pages *self)
{
  return gtk_widget_get_visible (iss_wizard_fixture_child (self->run, "sheet_button"));
}

/* At the end of what happens at an instant, what is ready for it is one step away. */
static void
roll_back_to_auth (Pages *self)
{
  static const char *const words[] = { TYPE, NULL };
  static const char *const pages[] = { "date", "timeline", "notices" };
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  open (self, iss_roll_wizard_new_for (NULL, self->fixture->workspace, self->fixture->pool, words,
                                       utc));
  go_on (self);
  iss_wait_until (is_on (self, "store"));
  g_assert_true (choose (self, "auth.contoso.example"));
  go_on (self);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_assert_true (is_on (self, pages[i]));
      go_on (self);
    }
  iss_wait_until (gtk_check_button_get_active (get_check (self, "summary", "global_check")));
  go_on (self);
  sign (self);
  g_test_message ("%s\n%s", iss_global_run_page_get_headline (self->run),
                  iss_global_run_page_get_text (self->run));
  g_assert_true (is_sheet_offered (self));
  close_wizard (self);
}

/* Once, on one machine; then another certificate, which is offered as global by itself. */
static void
test_import_and_assign (void)
{
  static const char *const words[] = { TYPE, NULL };
  Pages pages = { NULL };
  g_autofree char *servers = NULL;
  g_autofree char *again = NULL;

  begin (&pages);
  enroll (&pages);
  open_import (&pages, "auth.contoso.example.pfx");
  g_assert_false (gtk_check_button_get_active (get_check (&pages, "servers", "global_check")));
  gtk_check_button_set_active (get_check (&pages, "servers", "global_check"), TRUE);
  iss_wizard_fixture_check (pages.wizard, "import-3-global");
  go_on (&pages);
  sign (&pages);

  g_assert_cmpstr (iss_global_run_page_get_headline (pages.run), ==,
                   "This is revision 1 of " TYPE ", for 3 of 3 servers.");
  g_assert_cmpstr (iss_global_run_page_get_text (pages.run), ==, "");
  servers = iss_global_run_page_dup_servers (pages.run);
  g_assert_cmpstr (servers, ==, "fe01: up to date\nfe02: up to date\nfe03: up to date\n");
  g_assert_nonnull (strstr (get_line (&pages), "import-certificate --identity global --type "
                                               TYPE " --path ~/pki/"));
  iss_shot_settle (GTK_WIDGET (pages.wizard));
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (pages.wizard)), <=, 768);
  g_assert_cmpuint (iss_wizard_fixture_count (pages.fixture, "fe03", "live/" TYPE), >, 0);
  close_wizard (&pages);

  iss_wizard_fixture_import_next (pages.fixture);
  open (&pages, iss_assign_wizard_new_for (NULL, pages.fixture->workspace, pages.fixture->pool,
                                           words, ISS_TRANSITION_SET));
  go_on (&pages);
  iss_wait_until (is_on (&pages, "store"));
  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (gtk_check_button_get_active (get_check (&pages, "summary", "global_check")));
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));

  /* By hand it would be drift, which is said. */
  gtk_check_button_set_active (get_check (&pages, "summary", "hand_check"), TRUE);
  g_assert_nonnull (strstr (iss_global_choice_get_warning (ISS_GLOBAL_CHOICE (
    iss_wizard_fixture_child (iss_wizard_find_page (pages.wizard, "summary"), "choice"))),
    "assigned globally"));
  gtk_check_button_set_active (get_check (&pages, "summary", "global_check"), TRUE);
  go_on (&pages);
  sign (&pages);
  again = iss_global_run_page_dup_servers (pages.run);
  g_test_message ("%s\n%s", iss_global_run_page_get_headline (pages.run),
                  iss_global_run_page_get_text (pages.run));
  g_assert_nonnull (strstr (get_line (&pages), "set-certificate --identity global"));
  g_assert_false (is_sheet_offered (&pages));
  close_wizard (&pages);
  roll_back_to_auth (&pages);

  /* What is imported next may be meant for something else: nothing is chosen for anybody. */
  open_import (&pages, "auth.contoso.example.pfx");
  iss_shot_settle (GTK_WIDGET (pages.wizard));
  g_assert_false (gtk_check_button_get_active (get_check (&pages, "servers", "global_check")));
  end (&pages);
}

static guint
count_untrusted (Pages      *self,
                 const char *server)
{
  return iss_wizard_fixture_count (self->fixture, server, "stores/disallowed");
}

/* As large as if nothing had been shown meanwhile, light and dark. */
static void
check_both (Pages      *self,
            const char *name)
{
  gtk_window_set_default_size (GTK_WINDOW (self->wizard), 820, 500);
  iss_wait_until (gtk_widget_get_height (GTK_WIDGET (self->wizard)) == 500);
  iss_wizard_fixture_check_both (self->wizard, name);
}

/* Nothing is tried again while a picture is taken, however often it was until then. */
static void
still (Pages *self)
{
  static const char *const instants[] = { "00:00:10", "00:00:20", "00:00:40" };
  IssCentralDesk *desk = iss_central_desk_get (self->fixture->workspace);

  iss_replication_service_stop (iss_central_desk_get_service (desk, self->fixture->pool));
  for (gsize i = 0; i < G_N_ELEMENTS (instants); i++)
    iss_shot_replace (GTK_WIDGET (self->wizard), instants[i], "00:00:05");
}

/* What is assigned globally is replaced so by itself. Who was away still trusts what is
 * compromised, which is said, and is told when it answers. */
static void
test_replace (void)
{
  Pages pages = { NULL };
  g_autoptr(GBytes) sha256 = NULL;
  g_autofree char *hex = NULL;
  IssJobList *list;

  begin (&pages);
  enroll (&pages);
  open_import (&pages, "auth.contoso.example.pfx");
  gtk_check_button_set_active (get_check (&pages, "servers", "global_check"), TRUE);
  go_on (&pages);
  sign (&pages);
  g_assert_cmpstr (iss_global_run_page_get_distrust (pages.run), ==, "");
  close_wizard (&pages);

  iss_wizard_fixture_import_next (pages.fixture);
  sha256 = look_for_auth (&pages);
  hex = iss_text_hex (g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE, FALSE);
  iss_wizard_fixture_break (pages.fixture, "fe03");
  open (&pages, iss_assign_wizard_new_for (NULL, pages.fixture->workspace, pages.fixture->pool,
                                           (const char *const[]) { hex, NULL },
                                           ISS_TRANSITION_REPLACE));
  go_on (&pages);
  iss_wait_until (is_on (&pages, "store"));
  g_assert_true (choose (&pages, "next-auth.contoso.example"));
  go_on (&pages);
  iss_wait_until (gtk_check_button_get_active (get_check (&pages, "summary", "global_check")));
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  check_both (&pages, "replace-3-global");
  go_on (&pages);
  sign (&pages);

  /* What stops working is confirmed; until then nobody distrusts anything. */
  g_assert_cmpstr (iss_global_run_page_get_headline (pages.run), ==, "Nothing was changed.");
  g_assert_nonnull (strstr (iss_global_run_page_get_text (pages.run), "24 hours"));
  g_assert_cmpuint (count_untrusted (&pages, "fe01"), ==, 0);
  g_signal_emit_by_name (iss_wizard_fixture_child (pages.run, "force_button"), "clicked");
  iss_wait_until (iss_global_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_global_run_page_get_headline (pages.run), ==,
                   "This is revision 2 of " TYPE ", for 3 of 3 servers.");
  g_assert_true (g_str_has_prefix (iss_global_run_page_get_distrust (pages.run),
                                   "The compromised one is in Untrusted on 2 of 3 servers. The "
                                   "others still trust it: "));
  g_assert_nonnull (strstr (get_line (&pages), " --compromised "));
  g_assert_true (g_str_has_suffix (get_line (&pages), " --force"));
  g_assert_cmpuint (count_untrusted (&pages, "fe01"), ==, 1);
  g_assert_cmpuint (count_untrusted (&pages, "fe02"), ==, 1);
  still (&pages);
  check_both (&pages, "replace-4-global");

  iss_wizard_fixture_mend (pages.fixture, "fe03");
  list = ISS_JOB_LIST (iss_wizard_fixture_child (pages.run, "distrust_list"));
  g_signal_emit_by_name (iss_wizard_fixture_child (list, "retry_button"), "clicked");
  iss_wait_until (iss_global_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_global_run_page_get_distrust (pages.run), ==,
                   "The compromised one is in Untrusted on 3 of 3 servers.");
  g_assert_cmpuint (count_untrusted (&pages, "fe03"), ==, 1);
  end (&pages);
}

static IssServerCheckRow *
get_server_row (Pages *self,
                guint  index)
{
  IssEnrollServersPage *page =
    ISS_ENROLL_SERVERS_PAGE (iss_wizard_find_page (self->wizard, "enroll"));

  return iss_server_check_list_get_row (iss_enroll_servers_page_get_list (page), index);
}

static void
wait_for_servers (Pages *self)
{
  g_assert_true (is_on (self, "enroll"));
  for (guint i = 0; i < 3; i++)
    iss_wait_until (strcmp (iss_server_check_row_get_text (get_server_row (self, i)),
                            "looking…") != 0);
}

/* Both passphrases, then those that are ticked are enrolled. */
static void
enroll_in_wizard (Pages *self)
{
  IssEnrollRunPage *run = ISS_ENROLL_RUN_PAGE (iss_wizard_find_page (self->wizard, "enrolling"));

  go_on (self);
  type_passphrase (self);
  go_on (self);
  iss_wait_until (is_on (self, "enrolling") && iss_enroll_run_page_is_over (run));
}

/* The certificate that fe01 alone has, from nothing: the servers are enrolled on the way, with
 * the key that is made there, and one passphrase. */
static void
test_make_global (void)
{
  Pages pages = { NULL };
  g_autofree char *servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;

  begin (&pages);
  sha256 = look_for_auth (&pages);
  open (&pages, iss_assign_wizard_new_global (NULL, pages.fixture->workspace,
                                              pages.fixture->pool, NULL, sha256));
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_check (pages.wizard, "make-global-1-store");
  go_on (&pages);
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_true (gtk_check_button_get_active (get_check (&pages, "summary", "global_check")));
  g_assert_cmpstr (iss_assign_summary_page_get_headline (
                     ISS_ASSIGN_SUMMARY_PAGE (iss_wizard_get_page (pages.wizard))), ==,
                   "Every server of pool01 will use this certificate for OAuthTokenIssuer:");
  iss_wizard_fixture_check (pages.wizard, "make-global-2-summary");
  go_on (&pages);
  wait_for_servers (&pages);
  iss_wizard_fixture_check_both (pages.wizard, "make-global-3-enroll");
  enroll_in_wizard (&pages);

  go_on (&pages);
  iss_wait_until (is_on (&pages, "global") && iss_global_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_global_run_page_get_headline (pages.run), ==,
                   "This is revision 1 of " TYPE ", for 3 of 3 servers.");
  servers = iss_global_run_page_dup_servers (pages.run);
  g_assert_cmpstr (servers, ==, "fe01: up to date\nfe02: up to date\nfe03: up to date\n");
  g_assert_cmpuint (iss_wizard_fixture_count (pages.fixture, "fe03", "live/" TYPE), >, 0);
  end (&pages);
}

/* Before any server is enrolled the wizard leads there: to go on without one it does not let, and
 * of those that were left out it is said. */
static void
test_not_enrolled (void)
{
  Pages pages = { NULL };

  begin (&pages);
  open_import (&pages, "auth.contoso.example.pfx");
  gtk_check_button_set_active (get_check (&pages, "servers", "global_check"), TRUE);
  go_on (&pages);
  wait_for_servers (&pages);
  for (guint i = 0; i < 3; i++)
    iss_server_check_row_set_ticked (get_server_row (&pages, i), FALSE);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_server_check_row_set_ticked (get_server_row (&pages, 1), TRUE);
  enroll_in_wizard (&pages);
  go_on (&pages);
  iss_wait_until (is_on (&pages, "global") && iss_global_run_page_is_over (pages.run));
  g_test_message ("%s", iss_global_run_page_get_headline (pages.run));
  g_assert_true (g_str_has_prefix (iss_global_run_page_get_headline (pages.run),
                                   "This is revision 1 of " TYPE ", for 1 of 3 servers. fe01"));
  g_assert_true (gtk_widget_get_visible (iss_wizard_fixture_child (pages.run, "enroll_button")));
  close_wizard (&pages);

  /* Another time those that are enrolled may be enough. */
  open_import (&pages, "auth.contoso.example.pfx");
  gtk_check_button_set_active (get_check (&pages, "servers", "global_check"), TRUE);
  go_on (&pages);
  wait_for_servers (&pages);
  g_assert_true (iss_server_check_row_get_ticked (get_server_row (&pages, 0)));
  g_assert_false (iss_server_check_row_get_ticked (get_server_row (&pages, 1)));
  iss_server_check_row_set_ticked (get_server_row (&pages, 0), FALSE);
  iss_server_check_row_set_ticked (get_server_row (&pages, 2), FALSE);
  go_on (&pages);
  sign (&pages);
  g_assert_cmpstr (iss_global_run_page_get_headline (pages.run), ==, "Decided already.");
  end (&pages);
}

/* Without its key it cannot go to every server. */
static void
test_without_key (void)
{
  Pages pages = { NULL };

  begin (&pages);
  open_import (&pages, "ca.cer");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (get_check (&pages, "servers",
                                                                   "global_check"))));
  end (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/global-run-page/import-and-assign", test_import_and_assign);
  g_test_add_func ("/global-run-page/replace", test_replace);
  g_test_add_func ("/global-run-page/make-global", test_make_global);
  g_test_add_func ("/global-run-page/not-enrolled", test_not_enrolled);
  g_test_add_func ("/global-run-page/without-key", test_without_key);

  return g_test_run ();
}
