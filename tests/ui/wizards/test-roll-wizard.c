/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wizard on real agents. Also covers: roll-date-page, roll-notice-page,
 * roll-timeline-page. */

#include "ui/wizards/roll-wizard.h"

#include "core/base/text.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/assign-run-page.h"
#include "ui/wizards/assign-store-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-wizard.h"
#include "ui/wizards/roll-date-page.h"
#include "ui/wizards/roll-notice-page.h"
#include "ui/wizards/roll-timeline-page.h"
#include "ui/wizards/shell-line-bar.h"

#include <string.h>

#define OAUTH "OAuthTokenIssuer"
#define NEXT "next-auth.contoso.example"

typedef struct
{
  IssWizard            *wizard;
  IssAssignStorePage   *store;
  IssRollDatePage      *date;
  IssRollTimelinePage  *timeline;
  IssRollNoticePage    *notices;
  IssAssignSummaryPage *summary;
  IssAssignRunPage     *run;
} Pages;

/* Words as of the action, separated by spaces. */
static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  iss_pool_look_finish (ISS_POOL (object), result, NULL, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* The console has looked at a pool before anybody can roll on it. */
static void
look (IssWizardFixture *fixture)
{
  gboolean looked = FALSE;

  iss_pool_look_async (fixture->pool, NULL, NULL, looked_cb, &looked);
  iss_wait_until (looked);
}

static Pages
open_wizard (IssWizardFixture *fixture,
             const char       *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  GtkWidget *wizard = iss_roll_wizard_new_for (NULL, fixture->workspace, fixture->pool,
                                               (const char *const *) list, zone);
  Pages pages = { .wizard = ISS_WIZARD (wizard) };

  look (fixture);
  pages.store = ISS_ASSIGN_STORE_PAGE (iss_wizard_find_page (pages.wizard, "store"));
  pages.date = ISS_ROLL_DATE_PAGE (iss_wizard_find_page (pages.wizard, "date"));
  pages.timeline = ISS_ROLL_TIMELINE_PAGE (iss_wizard_find_page (pages.wizard, "timeline"));
  pages.notices = ISS_ROLL_NOTICE_PAGE (iss_wizard_find_page (pages.wizard, "notices"));
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

static void
next (Pages *pages)
{
  g_assert_true (iss_wizard_fixture_can_next (pages->wizard));
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
}

/* On to the date, with the certificate that every server has. */
static void
go_to_date (Pages *pages)
{
  IssCandidateList *list = iss_assign_store_page_get_list (pages->store);
  GtkListBox *box = GTK_LIST_BOX (iss_wizard_fixture_child (list, "list"));
  IssCandidate *chosen = NULL;

  next (pages);
  iss_wait_until (iss_candidate_list_get_n_rows (list) > 0);
  for (int i = 0; chosen == NULL || strcmp (iss_candidate_get_issued_to (chosen), NEXT) != 0; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (box, i);

      g_assert_nonnull (row);
      if (!gtk_list_box_row_get_selectable (row))
        continue;

      gtk_list_box_select_row (box, row);
      chosen = iss_candidate_list_get_selected (list);
    }
  next (pages);
}

static void
type (Pages      *pages,
      const char *text)
{
  iss_wizard_fixture_type (pages->date, "entry", text);
}

static const char *
get_typed (Pages *pages)
{
  return gtk_editable_get_text (GTK_EDITABLE (iss_wizard_fixture_child (pages->date, "entry")));
}

static GtkWidget *
get_choice (Pages *pages,
            guint  index)
{
  GtkWidget *child = gtk_widget_get_first_child (iss_wizard_fixture_child (pages->date,
                                                                           "choices_box"));

  for (guint i = 0; i < index && child != NULL; i++)
    child = gtk_widget_get_next_sibling (child);

  return child;
}

/* What is typed is said again, asked about, or refused, with a reason. */
static void
test_date (void)
{
  static const struct
  {
    const char *typed;
    const char *echo;       /* "" = not a date */
    const char *question;   /* "" = none */
    const char *choice;     /* NULL = none; what the second button types */
    gboolean    can_next;
  } cases[] = {
    { "2027-07-12", "12 July 2027, 00:00 (UTC+2)", "", NULL, TRUE },
    { "2027-07-12T00:00-04:00", "12 July 2027, 06:00 (UTC+2)", "", NULL, TRUE },
    { "12 July 2027, 00:00 (UTC+2)", "12 July 2027, 00:00 (UTC+2)", "", NULL, TRUE },
    { "7/12/2027", "", "“7/12/2027” can be 12 July 2027", "2027-12-07T00:00", FALSE },
    { "2027-10-31T02:30", "", "is there twice in Europe/Berlin", "2027-10-31T02:30+01:00", FALSE },
    { "2028-03-26T02:30", "", "is not there in Europe/Berlin", "2028-03-26T03:00+02:00", FALSE },
    { "tomorrow", "", "is not a date that can be read", NULL, FALSE },
    { "", "", "", NULL, FALSE },
    { "2027-06-30T02:00", "30 June 2027, 02:00 (UTC+2)", "is not in the future", NULL, FALSE },
    { "2027-06-30T02:00:01", "30 June 2027, 02:00 (UTC+2)", "", NULL, TRUE },
    { "2037-01-01", "1 January 2037, 00:00 (UTC+1)", NEXT " expires on", NULL, FALSE },
  };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  iss_wizard_fixture_check (pages.wizard, "roll-1-what");
  go_to_date (&pages);

  /* It begins with what is suggested. */
  g_assert_cmpstr (get_typed (&pages), ==, "2027-07-30T02:00+02:00");
  g_assert_cmpstr (iss_roll_date_page_get_echo (pages.date), ==, "30 July 2027, 02:00 (UTC+2)");
  g_assert_true (g_str_has_prefix (iss_roll_date_page_get_reason (pages.date), "In 30 days"));
  iss_wizard_fixture_check (pages.wizard, "roll-3-date");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *question;

      g_test_message ("%s", cases[i].typed);
      type (&pages, cases[i].typed);
      question = iss_roll_date_page_get_question (pages.date);
      g_assert_cmpstr (iss_roll_date_page_get_echo (pages.date), ==, cases[i].echo);
      g_assert_cmpint (*question == '\0', ==, *cases[i].question == '\0');
      g_assert_nonnull (strstr (question, cases[i].question));
      g_assert_cmpint (iss_wizard_fixture_can_next (pages.wizard), ==, cases[i].can_next);
      g_assert_cmpint (get_choice (&pages, 0) != NULL, ==, cases[i].choice != NULL);
      if (i == 3)
        iss_wizard_fixture_check (pages.wizard, "roll-3-ambiguous");
      if (cases[i].choice == NULL)
        continue;

      g_signal_emit_by_name (get_choice (&pages, 1), "clicked");
      g_assert_cmpstr (get_typed (&pages), ==, cases[i].choice);
      g_assert_null (get_choice (&pages, 0));
      g_assert_cmpstr (iss_roll_date_page_get_echo (pages.date), !=, "");
    }

  close_wizard (&pages);
}

/* What cuts something short must be confirmed, and is asked again when it changes. */
static void
test_confirm (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  GtkWidget *check;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  go_to_date (&pages);
  check = iss_wizard_fixture_child (pages.date, "confirm_check");
  g_assert_false (gtk_widget_get_visible (check));

  type (&pages, "2028-06-01");
  g_assert_true (gtk_widget_get_visible (check));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_check (pages.wizard, "roll-3-late");
  type (&pages, "2028-06-02");
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));

  /* At once is nothing to be typed. */
  gtk_check_button_set_active (GTK_CHECK_BUTTON (iss_wizard_fixture_child (pages.date,
                                                                           "once_check")), TRUE);
  g_assert_false (gtk_widget_get_visible (check));
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  g_signal_emit_by_name (iss_wizard_fixture_child (pages.date, "use_button"), "clicked");
  g_assert_cmpstr (get_typed (&pages), ==, "2027-07-30T02:00+02:00");
  g_assert_cmpstr (iss_roll_date_page_get_echo (pages.date), !=, "");

  close_wizard (&pages);
}

/* The picture and who must be told are of what was typed, whichever way one came. */
static void
test_pages (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autofree char *text = NULL;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, "fe01.contoso.example " OAUTH " Default");
  go_to_date (&pages);
  type (&pages, "2028-02-20");
  next (&pages);
  text = iss_roll_schedule_dup_text (iss_roll_timeline_page_get_schedule (pages.timeline));
  g_assert_nonnull (strstr (text, "20 February 2028, 00:00 (UTC+1)  roll: from here on " NEXT));
  g_assert_nonnull (strstr (text, "auth.contoso.example may be removed"));
  iss_wizard_fixture_check_both (pages.wizard, "roll-4-timeline");
  next (&pages);
  g_assert_nonnull (strstr (iss_roll_notice_page_get_text (pages.notices),
                            "beside the old one before 20 February 2028, 00:00 (UTC+1)"));
  iss_wizard_fixture_check (pages.wizard, "roll-5-notices");

  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  g_assert_cmpstr (get_typed (&pages), ==, "2028-02-20");
  type (&pages, "2028-02-21");
  next (&pages);
  next (&pages);
  g_assert_nonnull (strstr (iss_roll_notice_page_get_text (pages.notices), "21 February 2028"));

  close_wizard (&pages);
}

static void
go_to_summary (Pages *pages)
{
  next (pages);
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages->summary)));
}

static void
run_to_end (Pages *pages)
{
  next (pages);
  iss_wait_until (iss_assign_run_page_is_over (pages->run));
}

static const IssObservedSlot *
get_staged (IssWizardFixture *fixture)
{
  IssServer *server = iss_pool_find_server (fixture->pool, "fe01");
  IssObservation *seen = iss_server_get_observation (server);

  return &iss_observation_find_type (seen, OAUTH)->slots[ISS_SLOT_STAGED];
}

static Pages
open_change (IssWizardFixture  *fixture,
             IssTransitionKind  change)
{
  const char *const words[] = { OAUTH, "staged", "fe01.contoso.example", NULL };
  GtkWidget *wizard = iss_assign_wizard_new_for (NULL, fixture->workspace, fixture->pool, words,
                                                 change);
  Pages pages = { .wizard = ISS_WIZARD (wizard) };

  pages.date = (gpointer) iss_wizard_find_page (pages.wizard, "date");
  pages.summary = ISS_ASSIGN_SUMMARY_PAGE (iss_wizard_find_page (pages.wizard, "summary"));
  pages.run = ISS_ASSIGN_RUN_PAGE (iss_wizard_find_page (pages.wizard, "run"));
  gtk_window_present (GTK_WINDOW (wizard));

  return pages;
}

/* The whole life of a roll that does not come to be; a server without a current certificate
 * has nothing to roll, and does not stop the rest. */
static void
test_stage (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssShellLineBar *bar;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  go_to_date (&pages);
  type (&pages, "2027-07-12");
  next (&pages);
  next (&pages);
  go_to_summary (&pages);
  g_assert_cmpstr (iss_assign_summary_page_get_headline (pages.summary), ==,
                   "From 12 July 2027, 00:00 (UTC+2) on, fe01, fe02 and fe03 will use this "
                   "certificate for OAuthTokenIssuer:");
  bar = ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.summary, "shell_line"));
  g_assert_true (g_str_has_suffix (iss_shell_line_bar_get_line (bar),
                                   " --roll --effective-date 2027-07-12T00:00+02:00"));
  bar = ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.summary, "cmdlets"));
  g_assert_true (g_str_has_prefix (iss_shell_line_bar_get_line (bar),
                                   "Set-CsCertificate -Identity Global -Type " OAUTH));
  g_assert_true (g_str_has_suffix (iss_shell_line_bar_get_line (bar),
                                   " -Roll -EffectiveDate \"2027-07-12T00:00+02:00\""));
  iss_wizard_fixture_check (pages.wizard, "roll-6-summary");
  g_assert_cmpstr (iss_assign_summary_page_get_warning (pages.summary), ==, "");
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Staged on 1 of 3 servers.");
  iss_wizard_fixture_check (pages.wizard, "roll-7-run");
  g_assert_true (g_str_has_prefix (iss_assign_run_page_get_agreed (pages.run),
                                   "The roll is held: not armed. fe02 has nothing staged"));
  g_assert_true (get_staged (fixture)->is_set);
  g_assert_cmpint (get_staged (fixture)->instant, ==, 1815343200);
  close_wizard (&pages);

  pages = open_change (fixture, ISS_TRANSITION_POSTPONE);
  type (&pages, "2027-07-13");
  next (&pages);
  next (&pages);
  go_to_summary (&pages);
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Postponed on 1 of 1 server.");
  g_assert_cmpint (get_staged (fixture)->instant, ==, 1815436800);
  close_wizard (&pages);

  pages = open_change (fixture, ISS_TRANSITION_CANCEL);
  iss_wait_until (!iss_job_list_is_running (iss_assign_summary_page_get_list (pages.summary)));
  g_assert_cmpstr (iss_assign_summary_page_get_headline (pages.summary), ==,
                   "The roll to " NEXT " for OAuthTokenIssuer is cancelled on fe01.");
  iss_wizard_fixture_check (pages.wizard, "cancel-1");
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==,
                   "Cancelled on 1 of 1 server.");
  g_assert_false (get_staged (fixture)->is_set);
  close_wizard (&pages);
}

/* Each server by itself: nothing is held, though two of three are not ready. */
static void
test_unconditional (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssServer *server = iss_pool_find_server (fixture->pool, "fe01");
  IssShellLineBar *bar;
  GtkWidget *policy;
  Pages pages;

  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  go_to_date (&pages);
  policy = iss_wizard_fixture_child (pages.date, "policy_box");
  g_assert_true (gtk_widget_get_visible (policy));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (iss_wizard_fixture_child (pages.date,
                                                                           "once_check")), TRUE);
  g_assert_false (gtk_widget_get_visible (policy));
  type (&pages, "2027-07-12");
  g_assert_true (gtk_widget_get_visible (policy));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (iss_wizard_fixture_child (pages.date,
                                                                           "each_check")), TRUE);
  next (&pages);
  next (&pages);
  go_to_summary (&pages);
  bar = ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.summary, "shell_line"));
  g_assert_true (g_str_has_suffix (iss_shell_line_bar_get_line (bar), " --unconditional"));
  run_to_end (&pages);
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Staged on 1 of 3 servers.");
  g_assert_cmpstr (iss_assign_run_page_get_agreed (pages.run), ==, "");
  g_assert_true (get_staged (fixture)->is_set);
  g_assert_false (iss_observation_find_type (iss_server_get_observation (server), OAUTH)->held);
  close_wizard (&pages);
}

static void
assigned_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *ended = user_data;

  g_assert_true (iss_job_run_finish (ISS_JOB (object), result, NULL));
  *ended = TRUE;
}

/* What fe01 uses, on every server. */
static void
assign_everywhere (IssWizardFixture *fixture)
{
  const char *const types[] = { OAUTH, NULL };
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  gboolean ended = FALSE;

  sha256 = iss_text_parse_hex (iss_pool_get_agreed (fixture->pool, OAUTH)->sha256_hex);
  for (guint i = 0; i < iss_pool_get_n_servers (fixture->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (fixture->pool, i));
  job = iss_pool_assign_new (fixture->pool, servers, types, sha256, TRUE, FALSE);
  iss_job_run_async (job, NULL, assigned_cb, &ended);
  iss_wait_until (ended);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 3);
}

/* Where every server is ready the roll is armed in the same go. */
static void
test_arm (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssObservation *seen;
  Pages pages;

  iss_wizard_fixture_import (fixture, "auth.contoso.example.pfx");
  assign_everywhere (fixture);
  iss_wizard_fixture_import_next (fixture);
  pages = open_wizard (fixture, OAUTH);
  go_to_date (&pages);
  type (&pages, "2027-07-12");
  next (&pages);
  next (&pages);
  go_to_summary (&pages);
  run_to_end (&pages);
  iss_wizard_fixture_check (pages.wizard, "roll-7-armed");
  g_assert_cmpstr (iss_assign_run_page_get_headline (pages.run), ==, "Staged on 3 of 3 servers.");
  g_assert_cmpstr (iss_assign_run_page_get_agreed (pages.run), ==,
                   "Armed on 3 of 3 servers for 12 July 2027, 00:00 (UTC+2), but nothing will roll "
                   "it then on fe01, fe02 and fe03: start issuant-agent.service there.");
  seen = iss_server_get_observation (iss_pool_find_server (fixture->pool, "fe03"));
  g_assert_true (iss_observation_find_type (seen, OAUTH)->slots[ISS_SLOT_STAGED].is_set);
  close_wizard (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/roll-wizard/date", test_date);
  g_test_add_func ("/roll-wizard/confirm", test_confirm);
  g_test_add_func ("/roll-wizard/pages", test_pages);
  g_test_add_func ("/roll-wizard/stage", test_stage);
  g_test_add_func ("/roll-wizard/unconditional", test_unconditional);
  g_test_add_func ("/roll-wizard/arm", test_arm);

  return g_test_run ();
}
