/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/connect-wizard.h"

#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/connect-page.h"
#include "ui/wizards/enroll-run-page.h"
#include "ui/wizards/enroll-servers-page.h"
#include "ui/wizards/sign-page.h"

#include <glib/gstdio.h>
#include <string.h>

#define PASSPHRASE "correct horse battery staple"

#define FAKE_SSH \
  "#!/bin/sh\n" \
  "case \"$*\" in\n" \
  "*fe09*) echo 'ssh: connect to host fe09.contoso.example port 22: Connection refused' >&2\n" \
  "  exit 255 ;;\n" \
  "*) exec '%s' --stdio --root '%s' ;;\n" \
  "esac\n"

/* One that answers, and one that refuses. */
static IssWorkspace *
open_with_fake_ssh (IssWizardFixture *fixture)
{
  g_autofree char *root = g_build_filename (fixture->folder, "fe02", NULL);
  g_autofree char *script = g_strdup_printf (FAKE_SSH, fixture->launch->local_agent, root);
  g_autofree char *topology = iss_temp_folder_dup_path (fixture->temp, "new.conf");
  g_autoptr(IssLaunch) launch = iss_launch_copy (fixture->launch);
  g_autoptr(GError) error = NULL;
  IssWorkspace *workspace;

  g_free (launch->ssh_program);
  launch->ssh_program = iss_temp_folder_write (fixture->temp, "ssh", script, -1);
  g_assert_no_errno (g_chmod (launch->ssh_program, 0700));
  workspace = iss_workspace_open (topology, NULL, launch, fixture->clock, &error);
  g_assert_no_error (error);

  return workspace;
}

/* The first @n_answering answer, and are ticked; the others do not. */
static void
wait_for_servers (GtkWidget *wizard,
                  guint      n_answering)
{
  IssWizardPage *page = iss_wizard_find_page (ISS_WIZARD (wizard), "servers");
  IssServerCheckList *list = iss_enroll_servers_page_get_list (ISS_ENROLL_SERVERS_PAGE (page));

  for (guint i = 0; i < iss_server_check_list_get_n_rows (list); i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (list, i);

      iss_wait_until (g_str_has_prefix (iss_server_check_row_get_text (row),
                                        i < n_answering ? "not enrolled" : "not answering: "));
      g_assert_cmpint (iss_server_check_row_get_ticked (row), ==, i < n_answering);
    }
}

/* A look at the servers that is under way has the wizard until it is over. */
static void
wait_for_end (GtkWidget *wizard)
{
  g_object_add_weak_pointer (G_OBJECT (wizard), (gpointer *) &wizard);
  g_object_unref (wizard);
  iss_wait_until (wizard == NULL);
}

/* "Later", or what was chosen at first. */
static void
set_later (GtkWidget *wizard,
           gboolean   later)
{
  IssWizardPage *page = iss_wizard_find_page (ISS_WIZARD (wizard), "servers");

  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (iss_wizard_fixture_child (page, later ? "later_check" : "now_check")), TRUE);
}

/* What is typed is tried at once, and said of each server. */
static void
test_typed (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssWorkspace) workspace = open_with_fake_ssh (fixture);
  GtkWidget *wizard = g_object_ref (iss_connect_wizard_new (NULL, workspace, NULL));
  IssConnectPage *page = ISS_CONNECT_PAGE (iss_wizard_get_page (ISS_WIZARD (wizard)));

  gtk_window_present (GTK_WINDOW (wizard));
  iss_wizard_fixture_check (wizard, "connect-1-empty");
  g_assert_false (iss_wizard_fixture_can_next (wizard));

  iss_wizard_fixture_type (page, "pool_entry", "pool02.contoso.example");
  iss_wizard_fixture_type (page, "domains_entry", "contoso.example");
  iss_wizard_fixture_type (page, "address_entry",
                           "issuant@fe08.contoso.example, issuant@fe09.contoso.example");
  iss_wait_until (strstr (iss_connect_page_get_text (page), "fe09"));
  iss_wizard_fixture_check_both (wizard, "connect-1-tried");

  gtk_window_destroy (GTK_WINDOW (wizard));
  iss_wait_for_idle ();
  g_assert_finalize_object (wizard);
}

static void
test_connect (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  GtkWidget *wizard = g_object_ref (iss_connect_wizard_new (NULL, fixture->workspace, NULL));
  IssConnectPage *page = ISS_CONNECT_PAGE (iss_wizard_get_page (ISS_WIZARD (wizard)));
  g_autofree char *address = g_strconcat ("local://", fixture->folder, "/fe08, local://",
                                          fixture->folder, "/fe09", NULL);
  g_autofree char *with_bad = g_strconcat (address, " ssh://-oProxyCommand=x", NULL);
  g_autofree char *with_known = g_strconcat (address, " fe01.contoso.example", NULL);

  gtk_window_present (GTK_WINDOW (wizard));
  iss_wizard_fixture_type (page, "pool_entry", "not a pool");
  iss_wizard_fixture_type (page, "domains_entry", "contoso.example");
  g_assert_false (iss_wizard_fixture_can_next (wizard));

  /* Tried while it is typed; nothing is written by that. */
  iss_wizard_fixture_type (page, "address_entry", address);
  iss_wait_until (strstr (iss_connect_page_get_text (page), "fe08 answers.") &&
                  strstr (iss_connect_page_get_text (page), "fe09 answers."));
  g_assert_cmpuint (iss_workspace_get_n_pools (fixture->workspace), ==, 1);

  /* A bad name is refused in place. */
  iss_wizard_fixture_act (wizard, "wizard.next");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
  g_assert_null (strstr (iss_connect_page_get_text (page), "answers."));

  /* One that is bad, or there already: none is written. */
  iss_wizard_fixture_type (page, "pool_entry", "pool02.contoso.example");
  iss_wizard_fixture_type (page, "address_entry", with_bad);
  iss_wizard_fixture_act (wizard, "wizard.next");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
  iss_wizard_fixture_type (page, "address_entry", with_known);
  iss_wizard_fixture_act (wizard, "wizard.next");
  g_assert_nonnull (strstr (iss_connect_page_get_text (page), "already"));
  g_assert_cmpuint (iss_workspace_get_n_pools (fixture->workspace), ==, 1);

  iss_wizard_fixture_type (page, "address_entry", address);
  iss_wizard_fixture_act (wizard, "wizard.next");
  g_assert_nonnull (iss_workspace_find_pool (fixture->workspace, "pool02.contoso.example"));
  g_assert_nonnull (iss_workspace_find_server (fixture->workspace, "fe08", NULL));
  g_assert_nonnull (iss_workspace_find_server (fixture->workspace, "fe09", NULL));

  /* What was written is offered replication; to put that off is an answer. */
  g_assert_true (iss_wizard_find_page (ISS_WIZARD (wizard), "servers") ==
                 iss_wizard_get_page (ISS_WIZARD (wizard)));
  wait_for_servers (wizard, 2);
  iss_wizard_fixture_check_both (wizard, "connect-2-offer");
  set_later (wizard, TRUE);
  iss_wizard_fixture_act (wizard, "wizard.next");
  wait_for_end (wizard);
}

/* The offer taken, from the address to the packages; what cannot be reached is left out. */
static void
test_enroll (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  GtkWidget *wizard;
  IssWizardPage *page;
  IssEnrollRunPage *run;
  g_autofree char *silent = g_build_filename (fixture->folder, "fe09", NULL);
  g_autofree char *address = g_strconcat ("local://", fixture->folder, "/fe08, local://", silent,
                                          NULL);

  /* A file where its folder was: the agent does not start. */
  g_assert_true (g_file_set_contents (silent, "", 0, NULL));
  iss_wizard_fixture_attach_desk (fixture);
  wizard = g_object_ref (iss_connect_wizard_new (NULL, fixture->workspace, NULL));
  page = iss_wizard_get_page (ISS_WIZARD (wizard));
  gtk_window_present (GTK_WINDOW (wizard));
  iss_wizard_fixture_type (page, "pool_entry", "pool02.contoso.example");
  iss_wizard_fixture_type (page, "domains_entry", "contoso.example");
  iss_wizard_fixture_type (page, "address_entry", address);
  iss_wizard_fixture_act (wizard, "wizard.next");
  wait_for_servers (wizard, 1);

  set_later (wizard, TRUE);
  set_later (wizard, FALSE);
  iss_wizard_fixture_act (wizard, "wizard.next");
  page = iss_wizard_get_page (ISS_WIZARD (wizard));
  g_assert_true (ISS_IS_SIGN_PAGE (page));
  iss_wizard_fixture_type (page, "passphrase", PASSPHRASE);
  iss_wizard_fixture_type (page, "again", PASSPHRASE);
  iss_wizard_fixture_act (wizard, "wizard.next");
  run = ISS_ENROLL_RUN_PAGE (iss_wizard_find_page (ISS_WIZARD (wizard), "run"));
  iss_wait_until (iss_enroll_run_page_is_over (run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (run), ==, "1 of 1 server is enrolled.");
  iss_wizard_fixture_act (wizard, "wizard.next");

  wait_for_end (wizard);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/connect-wizard/typed", test_typed);
  g_test_add_func ("/connect-wizard/connect", test_connect);
  g_test_add_func ("/connect-wizard/enroll", test_enroll);

  return g_test_run ();
}
