/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/file-details.h"

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/shell-line-bar.h"

#include <string.h>

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  gboolean *done = user_data;

  iss_import_plan_read_finish (ISS_IMPORT_PLAN (object), result, NULL);
  *done = TRUE;
}

static void
read_plan (IssImportPlan *plan,
           IssSecret     *password)
{
  gboolean done = FALSE;

  iss_import_plan_read_async (plan, password, NULL, read_cb, &done);
  iss_wait_until (done);
}

static GtkWidget *
show (IssImportPlan *plan)
{
  GtkWidget *details = iss_file_details_new (NULL, plan);

  gtk_window_present (GTK_WINDOW (details));
  iss_wait_until (iss_file_details_is_loaded (ISS_FILE_DETAILS (details)));
  iss_wait_for_idle ();

  return details;
}

/* The line for a shell names this test's own folder. */
static void
check (GtkWidget  *details,
       const char *name)
{
  GtkWidget *bar = iss_wizard_fixture_child (details, "shell_line_bar");

  iss_shell_line_bar_set_line (ISS_SHELL_LINE_BAR (bar), "issuantctl inspect-pfx 'FILE'");
  iss_wait_for_idle ();
  iss_shot_check (details, name);
}

static void
close_details (GtkWidget *details)
{
  GtkWidget *held = g_object_ref (details);

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
}

/* Without the password and with it; the shell's line does the same. */
static void
test_pfx (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssImportPlan) plan = iss_import_plan_new (fixture->workspace, fixture->pool, NULL);
  g_autofree char *path = iss_wizard_fixture_dup_file (fixture, "auth.contoso.example.pfx");
  g_autofree char *typed = iss_wizard_fixture_dup_password (fixture);
  g_autoptr(IssSecret) password = iss_secret_new (typed, strlen (typed));
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree char *line = NULL;
  GtkWidget *details;

  iss_import_plan_set_file (plan, file);
  read_plan (plan, NULL);
  details = show (plan);
  check (details, "file-details-closed");
  close_details (details);

  line = iss_import_plan_dup_details_line (plan);
  g_assert_true (g_str_has_prefix (line, "issuantctl inspect-pfx /"));
  g_assert_null (strstr (line, "--password-file"));
  g_clear_pointer (&line, g_free);

  read_plan (plan, password);
  g_assert_true (iss_import_plan_is_read (plan));
  line = iss_import_plan_dup_details_line (plan);
  g_assert_nonnull (strstr (line, "--password-file"));
  g_assert_null (strstr (line, typed));

  details = show (plan);
  check (details, "file-details-open");
  close_details (details);
}

/* What it is not, and a file that has gone since. */
static void
test_failures (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssImportPlan) plan = iss_import_plan_new (fixture->workspace, fixture->pool, NULL);
  g_autofree char *path = iss_wizard_fixture_dup_file (fixture, "ca.cer");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFile) missing = g_file_new_for_path ("/nowhere/auth.pfx");
  GtkWidget *details;

  iss_import_plan_set_file (plan, file);
  details = show (plan);
  check (details, "file-details-other");
  close_details (details);

  iss_import_plan_set_file (plan, missing);
  details = show (plan);
  check (details, "file-details-missing");
  close_details (details);
}

/* Closed before the file is read. */
static void
test_closed_early (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssImportPlan) plan = iss_import_plan_new (fixture->workspace, fixture->pool, NULL);
  g_autofree char *path = iss_wizard_fixture_dup_file (fixture, "auth.contoso.example.pfx");
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GtkWidget *details;
  gpointer weak;

  iss_import_plan_set_file (plan, file);
  details = iss_file_details_new (NULL, plan);
  weak = details;
  g_object_add_weak_pointer (G_OBJECT (details), &weak);
  gtk_window_destroy (GTK_WINDOW (details));
  iss_wait_until (weak == NULL);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/file-details/pfx", test_pfx);
  g_test_add_func ("/file-details/failures", test_failures);
  g_test_add_func ("/file-details/closed-early", test_closed_early);

  return g_test_run ();
}
