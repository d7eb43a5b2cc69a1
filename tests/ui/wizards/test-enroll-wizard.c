/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All pages on real agents. Also covers: enroll-doubt, enroll-plan, enroll-run-page,
 * enroll-servers-page, sign-page, signing, core/central/pool-enroll,
 * core/central/enrolment-doubt. */

#include "ui/wizards/enroll-wizard.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/central/enrolment-doubt.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/pool/central-desk.h"
#include "ui/style.h"
#include "ui/wizards/enroll-doubt.h"
#include "ui/wizards/enroll-run-page.h"
#include "ui/wizards/enroll-servers-page.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/sign-page.h"

#define PASSPHRASE "correct horse battery staple"
#define ED25519    "ssh-ed25519 SHA256:"
#define BEFORE     ED25519 "GyXWTeQ0ORVoO0F0Zr2oDBtfvKU1Wp4Fg1Ni4bKoZ2s"
#define NOW        ED25519 "p3bMtXvHkWZ0s1gG7mB4sA0RkYwq8eUj5uLwzq0KQdE"

typedef struct
{
  IssWizardFixture     *fixture;
  IssWizard            *wizard;
  IssEnrollServersPage *servers;
  IssSignPage          *sign;
  IssEnrollRunPage     *run;
} Pages;

static void
begin (Pages *self)
{
  self->fixture = iss_wizard_fixture_new ();
  iss_wizard_fixture_attach_desk (self->fixture);
}

static void
open_wizard (Pages *self)
{
  self->wizard = ISS_WIZARD (iss_enroll_wizard_new (NULL, self->fixture->workspace,
                                                    self->fixture->pool));
  self->servers = ISS_ENROLL_SERVERS_PAGE (iss_wizard_find_page (self->wizard, "servers"));
  self->sign = ISS_SIGN_PAGE (iss_wizard_find_page (self->wizard, "sign"));
  self->run = ISS_ENROLL_RUN_PAGE (iss_wizard_find_page (self->wizard, "run"));
  gtk_window_present (GTK_WINDOW (self->wizard));
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

static IssServerCheckRow *
get_row (Pages *self,
         guint  index)
{
  return iss_server_check_list_get_row (iss_enroll_servers_page_get_list (self->servers), index);
}

static gboolean
are_looked_at (Pages *self)
{
  for (guint i = 0; i < 3; i++)
    if (strcmp (iss_server_check_row_get_text (get_row (self, i)), "looking…") == 0)
      return FALSE;

  return TRUE;
}

static void
shoot (Pages      *self,
       const char *name)
{
  iss_shot_settle (GTK_WIDGET (self->wizard));
  iss_shot_check (GTK_WIDGET (self->wizard), name);
}

/* Whose key it is, and where, is not to be seen. */
static void
shoot_sign (Pages      *self,
            const char *name)
{
  g_autofree char *folder = iss_temp_folder_dup_path (self->fixture->temp, "administrator");
  g_autofree char *who = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());

  iss_shot_replace (GTK_WIDGET (self->wizard), folder, "~/.config/issuant/administrator");
  iss_shot_replace (GTK_WIDGET (self->wizard), who, "alice@desk");
  iss_wizard_fixture_check_both (self->wizard, name);
}

static gboolean
is_on (Pages   *self,
       gpointer page)
{
  return iss_wizard_get_page (self->wizard) == page;
}

/* The certificate stays in the file, with where the key is. */
static void
move_key_to_token (Pages *self)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->fixture->temp, "administrator/key.pem");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &before, NULL, &error));
  after = g_strconcat ("pkcs11:token=HSM;object=alice;type=private\n",
                       strstr (before, "-----BEGIN CERTIFICATE-----"), NULL);
  g_assert_true (g_file_set_contents (path, after, -1, &error));
}

static IssConfirmDialog *
find_question (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CONFIRM_DIALOG (toplevel))
        return ISS_CONFIRM_DIALOG (toplevel);   /* GTK holds it */
    }

  return NULL;
}

static void
answer (const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (find_question ()), action, NULL));
  iss_wait_until (find_question () == NULL);
  iss_wait_for_idle ();
}

static void
shoot_question (const char *name)
{
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  iss_shot_check (GTK_WIDGET (find_question ()), name);
  iss_shot_set_dark (TRUE);
  iss_shot_check (GTK_WIDGET (find_question ()), dark);
  iss_shot_set_dark (FALSE);
}

static IssCentralStore *
get_store (Pages *self)
{
  g_autoptr(GError) error = NULL;
  IssCentralStore *store =
    iss_central_desk_get_store (iss_central_desk_get (self->fixture->workspace), &error);

  g_assert_no_error (error);

  return store;
}

static IssEnrolment *
get_enrolment (Pages *self,
               guint  index)
{
  IssServer *server = iss_pool_get_server (self->fixture->pool, index);
  g_autoptr(GError) error = NULL;
  IssEnrolment *enrolment;

  enrolment = iss_central_store_get_enrolment (get_store (self),
                                               iss_pool_get_name (self->fixture->pool),
                                               iss_server_get_name (server), &error);
  g_assert_no_error (error);

  return enrolment;
}

static void
put_enrolment (Pages  *self,
               guint   index,
               GBytes *message)
{
  IssServer *server = iss_pool_get_server (self->fixture->pool, index);
  g_autoptr(GError) error = NULL;

  iss_central_store_put_enrolment (get_store (self), iss_pool_get_name (self->fixture->pool),
                                   iss_server_get_name (server), message, &error);
  g_assert_no_error (error);
}

/* As if it had been enrolled under BEFORE. */
static void
record_other_key (Pages *self,
                  guint  index)
{
  g_autofree char *folder = iss_temp_folder_dup_path (self->fixture->temp, "administrator");
  g_autoptr(IssEnrolment) enrolment = get_enrolment (self, index);
  g_autoptr(IssSecret) passphrase = iss_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  administrator = iss_administrator_open (folder, &error);
  g_assert_no_error (error);
  key = iss_administrator_unlock (administrator, passphrase, &error);
  g_assert_no_error (error);
  g_free (enrolment->host_key);
  enrolment->host_key = g_strdup (BEFORE);
  message = iss_enrolment_sign (enrolment, iss_administrator_get_certificate (administrator), key,
                                &error);
  g_assert_no_error (error);
  put_enrolment (self, index, message);
}

static void
confirm (Pages *self,
         guint  index)
{
  GtkWidget *row = iss_wizard_fixture_child (iss_enroll_run_page_get_list (self->run), "box");

  row = gtk_widget_get_first_child (row);
  for (guint i = 0; i < index; i++)
    row = gtk_widget_get_next_sibling (row);

  row = iss_wizard_fixture_child (row, "confirm_button");
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_true (gtk_widget_activate (row));
  iss_wait_until (find_question () != NULL);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* What is compared, when both are keys of ssh. */
static void
ask_about_keys (Pages *self)
{
  g_autoptr(IssEnrolment) before = get_enrolment (self, 0);
  g_autoptr(IssEnrolment) now = get_enrolment (self, 0);
  g_autoptr(IssEnrolmentDoubt) doubt = NULL;
  g_autoptr(IssEnrolmentDoubt) of_kind = NULL;

  g_free (before->host_key);
  before->host_key = g_strdup ("ecdsa-sha2-nistp256 SHA256:x");
  g_free (now->host_key);
  now->host_key = g_strdup (NOW);
  of_kind = iss_enrolment_doubt_new (before, now);
  g_assert_nonnull (strstr (of_kind->why, "another kind of key"));

  g_free (before->host_key);
  before->host_key = g_strdup (BEFORE);
  doubt = iss_enrolment_doubt_new (before, now);
  g_assert_nonnull (strstr (doubt->why, "set up anew"));
  iss_enroll_doubt_ask_async (GTK_WIDGET (self->wizard),
                              iss_pool_get_server (self->fixture->pool, 0), doubt, NULL, NULL);
  iss_wait_until (find_question () != NULL);
  g_assert_cmpstr (iss_confirm_dialog_get_question (find_question ()), ==, "Is this still fe01?");
  shoot_question ("enroll-doubt");
  answer ("dialog.cancel");
}

/* One is seen under another key than is recorded, of another nobody can tell: each is enrolled
 * when it was confirmed, and no other. */
static void
check_confirmed (Pages *self)
{
  g_autoptr(GBytes) nonsense = g_bytes_new_static ("nonsense", strlen ("nonsense"));
  g_autoptr(IssEnrolment) enrolment = NULL;
  g_autoptr(IssEnrolment) other = NULL;
  guint n_changes = 0;
  gulong handler;
  IssJob *job;

  record_other_key (self, 0);
  put_enrolment (self, 1, nonsense);
  open_wizard (self);
  iss_wait_until (are_looked_at (self));
  for (guint i = 0; i < 2; i++)
    iss_server_check_row_set_ticked (get_row (self, i), TRUE);
  iss_wizard_fixture_act (self->wizard, "wizard.next");
  iss_wizard_fixture_type (self->sign, "passphrase", PASSPHRASE);
  iss_wizard_fixture_act (self->wizard, "wizard.next");
  iss_wait_until (is_on (self, self->run) &&
                  strcmp (iss_enroll_run_page_get_headline (self->run),
                          "No server was enrolled.") == 0);
  job = iss_job_list_get_job (iss_enroll_run_page_get_list (self->run));
  iss_wizard_fixture_check_both (self->wizard, "enroll-confirm");
  ask_about_keys (self);

  confirm (self, 0);
  g_assert_nonnull (strstr (iss_confirm_dialog_get_consequence (find_question ()), BEFORE));
  answer ("dialog.cancel");
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_FAILED), ==, 2);

  handler = g_signal_connect_swapped (iss_job_get_entry (job, 1), "notify::state",
                                      G_CALLBACK (count_cb), &n_changes);
  confirm (self, 0);
  answer ("dialog.confirm");
  iss_wait_until (iss_enroll_run_page_is_over (self->run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (self->run), ==,
                   "1 of 2 servers are enrolled.");
  g_assert_cmpuint (n_changes, ==, 0);
  g_signal_handler_disconnect (iss_job_get_entry (job, 1), handler);
  enrolment = get_enrolment (self, 0);
  g_assert_cmpstr (enrolment->host_key, ==, "local");

  confirm (self, 1);
  g_assert_nonnull (strstr (iss_confirm_dialog_get_consequence (find_question ()),
                            "Recorded: unknown"));
  answer ("dialog.confirm");
  iss_wait_until (iss_enroll_run_page_is_over (self->run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (self->run), ==,
                   "2 of 2 servers are enrolled.");
  other = get_enrolment (self, 1);
  close_wizard (self);
}

/* From nothing: the key is made here, the others' on their servers; then once more. */
static void
test_enrolled (void)
{
  Pages pages = { NULL };
  const char *line;

  begin (&pages);
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (iss_server_check_row_get_text (get_row (&pages, i)), ==, "not enrolled");
      g_assert_true (iss_server_check_row_get_ticked (get_row (&pages, i)));
    }
  shoot (&pages, "enroll-servers");

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_true (is_on (&pages, pages.sign));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_type (pages.sign, "passphrase", PASSPHRASE);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_type (pages.sign, "again", PASSPHRASE " or not");
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_type (pages.sign, "again", PASSPHRASE);
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  shoot_sign (&pages, "sign-new");

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (is_on (&pages, pages.run) && iss_enroll_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (pages.run), ==,
                   "3 of 3 servers are enrolled.");
  g_assert_cmpstr (iss_enroll_run_page_get_text (pages.run), ==, "");
  line = iss_shell_line_bar_get_line (
    ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.run, "shell_line")));
  g_assert_nonnull (strstr (line, "enroll-server"));
  g_assert_null (strstr (line, PASSPHRASE));
  close_wizard (&pages);

  /* Known now, and so is whose key it is: a wrong passphrase is said. */
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  g_assert_true (g_str_has_prefix (iss_server_check_row_get_text (get_row (&pages, 0)),
                                   "enrolled on "));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_server_check_row_set_ticked (get_row (&pages, 0), TRUE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wizard_fixture_type (pages.sign, "passphrase", "wrong");
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (*iss_sign_page_get_text (pages.sign) != '\0' &&
                  iss_wizard_fixture_can_next (pages.wizard));
  g_assert_true (is_on (&pages, pages.sign));
  g_test_message ("%s", iss_sign_page_get_text (pages.sign));
  g_assert_nonnull (strstr (iss_sign_page_get_text (pages.sign), "wrong"));
  shoot_sign (&pages, "sign-wrong");

  iss_wizard_fixture_type (pages.sign, "passphrase", PASSPHRASE);
  g_assert_cmpstr (iss_sign_page_get_text (pages.sign), ==, "");
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (is_on (&pages, pages.run) && iss_enroll_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (pages.run), ==,
                   "1 of 1 server is enrolled.");
  close_wizard (&pages);

  check_confirmed (&pages);

  /* The same key in a token: its PIN is asked for, and need not be typed. */
  move_key_to_token (&pages);
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  iss_server_check_row_set_ticked (get_row (&pages, 0), TRUE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  shoot_sign (&pages, "sign-pin");
  end (&pages);
}

/* One of them does not answer: the others are enrolled. */
static void
test_lost (void)
{
  Pages pages = { NULL };

  begin (&pages);
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wizard_fixture_type (pages.sign, "passphrase", PASSPHRASE);
  iss_wizard_fixture_type (pages.sign, "again", PASSPHRASE);
  iss_wizard_fixture_break (pages.fixture, "fe03");
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (is_on (&pages, pages.run) && iss_enroll_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_enroll_run_page_get_headline (pages.run), ==,
                   "2 of 3 servers are enrolled.");
  g_assert_cmpuint (iss_job_get_n_in_state (
                      iss_job_list_get_job (iss_enroll_run_page_get_list (pages.run)),
                      ISS_JOB_FAILED), ==, 1);
  end (&pages);
}

/* One that answers while the passphrase is typed was not seen ticked: it is not enrolled. What is
 * done afterwards is asked about, too, and can be stopped. */
static void
test_late (void)
{
  Pages pages = { NULL };
  GtkWidget *question;

  begin (&pages);
  iss_wizard_fixture_break (pages.fixture, "fe03");
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  g_assert_false (iss_server_check_row_get_ticked (get_row (&pages, 2)));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wizard_fixture_mend (pages.fixture, "fe03");
  iss_wait_until (strcmp (iss_server_check_row_get_text (get_row (&pages, 2)),
                          "not enrolled") == 0);
  g_assert_false (iss_server_check_row_get_ticked (get_row (&pages, 2)));

  iss_wizard_fixture_type (pages.sign, "passphrase", PASSPHRASE);
  iss_wizard_fixture_type (pages.sign, "again", PASSPHRASE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (is_on (&pages, pages.run) &&
                  strcmp (iss_enroll_run_page_get_headline (pages.run),
                          "2 of 2 servers are enrolled.") == 0);
  g_assert_false (iss_enroll_run_page_is_over (pages.run));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  question = iss_wizard_fixture_child (pages.wizard, "question");
  iss_wizard_fixture_act (pages.wizard, "wizard.cancel");
  g_assert_true (gtk_widget_get_visible (question));
  iss_wizard_fixture_act (pages.wizard, "wizard.stop");
  iss_wait_until (iss_enroll_run_page_is_over (pages.run));
  g_assert_false (gtk_widget_get_visible (question));
  g_assert_true (g_str_has_prefix (iss_enroll_run_page_get_text (pages.run), "Stopped: "));
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  end (&pages);
}

/* A key that is there but damaged is not replaced by another. */
static void
test_damaged_key (void)
{
  Pages pages = { NULL };
  g_autofree char *folder = NULL;
  static const char *const names[] = { "certificate.pem", "key.pem" };
  g_autoptr(GError) error = NULL;

  begin (&pages);
  folder = iss_temp_folder_dup_path (pages.fixture->temp, "administrator");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_file_set_contents (path, "nonsense", -1, &error));
    }
  open_wizard (&pages);
  iss_wait_until (are_looked_at (&pages));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_cmpstr (iss_sign_page_get_text (pages.sign), !=, "");
  iss_wizard_fixture_type (pages.sign, "passphrase", PASSPHRASE);
  iss_wizard_fixture_type (pages.sign, "again", PASSPHRASE);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  end (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/enroll-wizard/enrolled", test_enrolled);
  g_test_add_func ("/enroll-wizard/lost", test_lost);
  g_test_add_func ("/enroll-wizard/late", test_late);
  g_test_add_func ("/enroll-wizard/damaged-key", test_damaged_key);

  return g_test_run ();
}
