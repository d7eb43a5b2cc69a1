/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: record-dialog. */
#include "ui/pool/run-sheet-window.h"

#include <string.h>

#include "core/pool/record-check.h"
#include "tests/core/pool/pool-fixture.h"
#include "tests/lib/page-window.h"
#include "tests/lib/shot.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/tree-dump.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/pool/record-dialog.h"
#include "ui/style.h"

#define TYPE "OAuthTokenIssuer"
#define HELD TYPE "=A6,,B6@86400 ^" TYPE

static IssRunLook *
make_look (IssServer *server)
{
  IssRunLook *look = g_new0 (IssRunLook, 1);

  look->server = g_object_ref (server);
  look->at = ISS_POOL_FIXTURE_NOW;
  look->tasks = g_new0 (IssAgentTasks, 1);
  look->tasks->waiting = g_ptr_array_new ();
  look->tasks->over = g_ptr_array_new ();
  look->tasks->resident_since = ISS_POOL_FIXTURE_NOW - 3600;
  look->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  look->proofs = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_server_proof_free);

  return look;
}

static void
answer (IssPool           *pool,
        IssRunSheetWindow *window)
{
  g_autoptr(GPtrArray) looks = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_run_look_free);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (looks, make_look (iss_pool_get_server (pool, i)));
  iss_run_sheet_window_set_looks (window, looks);
}

static void
test_arm (void)
{
  static const char *const lines[] = { HELD, HELD, NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(GtkWidget) page = g_object_ref_sink (gtk_label_new (""));
  g_autoptr(IssPageWindow) console = iss_page_window_new (page);
  GtkWidget *window = iss_run_sheet_window_new (
    GTK_WINDOW (iss_page_window_get_window (console)), NULL, pool,
    iss_certificate_type_find (TYPE), NULL);
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (window);

  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (window, "run-sheet.do", NULL);
  g_assert_null (iss_page_window_get_activated (console));

  answer (pool, self);
  g_assert_cmpstr (iss_run_sheet_get_verdict (iss_run_sheet_window_get_sheet (self)), ==,
                   "Ready.");
  iss_shot_settle (window);
  iss_shot_check (window, "run-sheet");
  iss_shot_set_dark (TRUE);
  iss_shot_check (window, "run-sheet-dark");
  iss_shot_set_dark (FALSE);

  gtk_widget_activate_action (window, "run-sheet.do", NULL);
  g_assert_true (g_str_has_prefix (iss_page_window_get_activated (console),
                                   "assignment.arm ['OAuthTokenIssuer', 'staged', '4242"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is to be typed is for the console's topology: the remedies, and the line beside the
 * button. */
static void
test_lines (void)
{
  static const char *const lines[] = { TYPE "=A6", TYPE "=C6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autofree char *dump = NULL;
  IssWorkspaceFixture fixture;
  GtkWidget *window;

  iss_workspace_fixture_set_up (&fixture, FALSE);
  window = iss_run_sheet_window_new (NULL, fixture.workspace, pool,
                                     iss_certificate_type_find (TYPE), NULL);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);
  dump = iss_tree_dump (window);
  g_assert_nonnull (strstr (dump, "→ issuantctl --topology "));
  g_assert_nonnull (strstr (dump, " set-certificate --pool pool01.contoso.example --type " TYPE
                            " --thumbprint … --roll"));
  g_assert_null (strstr (dump, "issuantctl set-certificate"));
  g_assert_null (strstr (dump, "issuantctl get-presence"));
  gtk_window_destroy (GTK_WINDOW (window));
  iss_workspace_fixture_tear_down (&fixture);
}

static void
saved_cb (IssRecordDialog  *dialog,
          const char       *path,
          const char       *signer,
          gboolean         *out_saved)
{
  g_assert_nonnull (strchr (signer, '@'));
  *out_saved = TRUE;
}

static void
type_into (GtkWidget  *dialog,
           const char *id,
           const char *text)
{
  gpointer entry = gtk_widget_get_template_child (dialog, ISS_TYPE_RECORD_DIALOG, id);

  gtk_editable_set_text (entry, text);
}

/* Who makes the test, and where, is not to be seen. */
static void
check_record (GtkWidget  *dialog,
              const char *folder,
              const char *name)
{
  g_autofree char *who = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());

  iss_shot_settle (dialog);
  iss_shot_replace (dialog, folder, "~/.config/issuant/administrator");
  iss_shot_replace (dialog, who, "alice@desk");
  iss_shot_check (dialog, name);
}

/* The certificate stays in the file, with where the key is. */
static void
move_key_to_token (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &before, NULL, &error));
  after = g_strconcat ("pkcs11:token=HSM;object=alice;type=private\n",
                       strstr (before, "-----BEGIN CERTIFICATE-----"), NULL);
  g_assert_true (g_file_set_contents (path, after, -1, &error));
}

/* Of a key in a token, the PIN is asked for, and need not be typed. */
static void
check_pin (IssPool     *pool,
           IssRunSheet *sheet,
           const char  *folder)
{
  GtkWidget *dialog;

  move_key_to_token (folder);
  dialog = iss_record_dialog_new (NULL, sheet, folder, iss_pool_get_clock (pool));
  gtk_window_present (GTK_WINDOW (dialog));
  check_record (dialog, folder, "record-pin");
  g_assert_true (gtk_widget_is_sensitive (gtk_window_get_default_widget (GTK_WINDOW (dialog))));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* First the key is made; then a wrong passphrase is said, and the right one signs. */
static void
test_record (void)
{
  static const char *const lines[] = { HELD, HELD, NULL };
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *folder = iss_temp_folder_dup_path (temp, "administrator");
  g_autofree char *path = iss_temp_folder_dup_path (temp, "record.txt");
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssRunSheet) sheet = iss_run_sheet_new (pool, iss_certificate_type_find (TYPE), NULL,
                                                    ISS_POOL_FIXTURE_NOW, NULL);
  g_autoptr(GPtrArray) signers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(IssRecordCheck) found = NULL;
  g_autoptr(GBytes) file = NULL;

  for (guint i = 0; i < 2; i++)
    {
      gboolean is_saved = FALSE;
      GtkWidget *dialog = iss_record_dialog_new (NULL, sheet, folder, iss_pool_get_clock (pool));

      g_signal_connect (dialog, "saved", G_CALLBACK (saved_cb), &is_saved);
      gtk_window_present (GTK_WINDOW (dialog));
      if (i == 0)
        {
          check_record (dialog, folder, "record-new");
        }
      else
        {
          iss_shot_settle (dialog);
          g_assert_cmpstr (iss_record_dialog_get_error (ISS_RECORD_DIALOG (dialog)), ==, "");
          type_into (dialog, "passphrase", "wrong");
          iss_record_dialog_sign (ISS_RECORD_DIALOG (dialog), path);
          iss_wait_until (*iss_record_dialog_get_error (ISS_RECORD_DIALOG (dialog)) != '\0');
          g_assert_false (is_saved);
          check_record (dialog, folder, "record-wrong");
          iss_shot_set_dark (TRUE);
          check_record (dialog, folder, "record-wrong-dark");
          iss_shot_set_dark (FALSE);
        }
      type_into (dialog, "passphrase", "correct horse");
      type_into (dialog, "again", "correct horse");
      iss_record_dialog_sign (ISS_RECORD_DIALOG (dialog), path);
      iss_wait_until (is_saved);
    }

  administrator = iss_administrator_open (folder, NULL);
  g_ptr_array_add (signers, g_object_ref (iss_administrator_get_certificate (administrator)));
  file = iss_roll_record_load (path, NULL);
  found = iss_record_check_run (file, signers);
  g_assert_true (iss_record_check_is_good (found));

  check_pin (pool, sheet, folder);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();
  iss_style_install ();

  g_test_add_func ("/run-sheet-window/arm", test_arm);
  g_test_add_func ("/run-sheet-window/lines", test_lines);
  g_test_add_func ("/run-sheet-window/record", test_record);

  return g_test_run ();
}
