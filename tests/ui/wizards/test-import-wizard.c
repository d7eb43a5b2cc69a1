/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every page of the wizard on real agents. Also covers: import-plan, job-list, job-row,
 * server-check-list, server-check-row, shell-line-bar, wizard, wizard-page. */

#include "ui/wizards/import-wizard.h"

#include "tests/lib/openssl-tool.h"
#include "tests/lib/soft-token.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/certificates/token-key-dialog.h"
#include "ui/style.h"
#include "ui/wizards/import-file-page.h"
#include "ui/wizards/import-key-page.h"
#include "ui/wizards/import-run-page.h"
#include "ui/wizards/import-servers-page.h"
#include "ui/wizards/shell-line-bar.h"

#include <string.h>

typedef struct
{
  IssWizard            *wizard;
  IssImportFilePage    *file;
  IssImportKeyPage     *key;
  IssImportServersPage *servers;
  IssImportRunPage     *run;
} Pages;

static Pages
open_wizard (IssWizardFixture *fixture,
             const char       *server)
{
  g_autoptr(GPtrArray) preferred = g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *wizard;
  Pages pages;

  if (server != NULL)
    g_ptr_array_add (preferred, g_object_ref (iss_pool_find_server (fixture->pool, server)));

  wizard = iss_import_wizard_new (NULL, fixture->workspace, fixture->pool, preferred);
  pages.wizard = ISS_WIZARD (wizard);

  pages.file = ISS_IMPORT_FILE_PAGE (iss_wizard_find_page (pages.wizard, "file"));
  pages.key = ISS_IMPORT_KEY_PAGE (iss_wizard_find_page (pages.wizard, "key"));
  pages.servers = ISS_IMPORT_SERVERS_PAGE (iss_wizard_find_page (pages.wizard, "servers"));
  pages.run = ISS_IMPORT_RUN_PAGE (iss_wizard_find_page (pages.wizard, "run"));
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
is_shown (Pages    *pages,
          gpointer  page)
{
  return (gpointer) iss_wizard_get_page (pages->wizard) == page;
}

static const char *
get_row_text (Pages *pages,
              guint  index)
{
  IssServerCheckList *list = iss_import_servers_page_get_list (pages->servers);

  return iss_server_check_row_get_text (iss_server_check_list_get_row (list, index));
}

static IssServerCheckRow *
get_row (Pages *pages,
         guint  index)
{
  return iss_server_check_list_get_row (iss_import_servers_page_get_list (pages->servers), index);
}

static void
go_to_servers (IssWizardFixture *fixture,
               Pages            *pages,
               const char       *file)
{
  g_autofree char *path = iss_wizard_fixture_dup_typed (file);
  g_autofree char *password = iss_wizard_fixture_dup_password (fixture);

  iss_wizard_fixture_type (pages->file, "entry", path);
  iss_wait_until (iss_wizard_fixture_can_next (pages->wizard));
  iss_wizard_fixture_act (pages->wizard, "wizard.next");
  if (is_shown (pages, pages->key))
    {
      iss_wizard_fixture_type (pages->key, "entry", password);
      iss_wizard_fixture_act (pages->wizard, "wizard.next");
    }
  iss_wait_until (is_shown (pages, pages->servers));
}

static gboolean
are_looked_at (Pages *pages)
{
  for (guint i = 0; i < 3; i++)
    if (strcmp (get_row_text (pages, i), "looking…") == 0)
      return FALSE;

  return TRUE;
}

static void
test_every_page (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, NULL);
  g_autofree char *path = iss_wizard_fixture_dup_typed ("auth.contoso.example.pfx");
  g_autofree char *password = iss_wizard_fixture_dup_password (fixture);

  g_assert_true (is_shown (&pages, pages.file));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_check (pages.wizard, "import-1-empty");

  iss_wizard_fixture_type (pages.file, "entry", path);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_cmpstr (iss_import_file_page_get_text (pages.file), ==,
                   "Protected by a password, which comes next.");
  iss_wizard_fixture_check (pages.wizard, "import-1-file");

  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_true (is_shown (&pages, pages.key));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));

  /* A wrong password is said in place, and what was typed stays. */
  iss_wizard_fixture_type (pages.key, "entry", "not it");
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (strstr (iss_import_key_page_get_text (pages.key), "The password is wrong"));
  g_assert_true (is_shown (&pages, pages.key));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (iss_wizard_fixture_child (pages.key,
                                                                                  "entry"))),
                   ==, "******");
  iss_wizard_fixture_check (pages.wizard, "import-2-wrong");

  /* The right one goes from the entry as soon as it is known to be right. */
  iss_wizard_fixture_type (pages.key, "entry", password);
  g_assert_cmpstr (iss_import_key_page_get_text (pages.key), ==, "");
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (is_shown (&pages, pages.servers));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (iss_wizard_fixture_child (pages.key,
                                                                                  "entry"))),
                   ==, "");

  iss_wait_until (are_looked_at (&pages));
  g_assert_cmpstr (get_row_text (&pages, 0), ==, "already has it");
  g_assert_cmpstr (get_row_text (&pages, 1), ==, "does not have it");
  g_assert_false (iss_server_check_row_get_ticked (get_row (&pages, 0)));
  g_assert_true (iss_server_check_row_get_ticked (get_row (&pages, 1)));
  g_assert_true (iss_server_check_row_get_ticked (get_row (&pages, 2)));
  g_assert_cmpstr (iss_import_servers_page_get_warning (pages.servers), ==, "");

  /* What is not ticked is named, at every tick. */
  iss_server_check_row_set_ticked (get_row (&pages, 2), FALSE);
  g_assert_nonnull (strstr (iss_import_servers_page_get_warning (pages.servers),
                            "Manual import does not replicate. fe03"));
  iss_wizard_fixture_check_both (pages.wizard, "import-3-servers");

  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe02", "keys"), ==, 4);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_true (is_shown (&pages, pages.run));
  iss_wait_until (iss_import_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_import_run_page_get_headline (pages.run), ==,
                   "Imported on 1 of 1 server.");
  g_assert_nonnull (strstr (iss_import_run_page_get_warning (pages.run),
                            "Manual import does not replicate. fe03 does not have "
                            "auth.contoso.example."));
  iss_wizard_fixture_check (pages.wizard, "import-4-end");

  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe02", "keys"), ==, 6);
  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe03", "keys"), ==, 2);

  close_wizard (&pages);
}

static void
test_silent_server (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, NULL);

  iss_wizard_fixture_break (fixture, "fe03");
  go_to_servers (fixture, &pages, "auth-legacy.pfx");
  iss_wait_until (are_looked_at (&pages));
  g_assert_true (g_str_has_prefix (get_row_text (&pages, 2), "not answering: "));
  g_assert_false (iss_server_check_row_get_ticked (get_row (&pages, 2)));
  g_assert_null (strstr (iss_import_servers_page_get_warning (pages.servers),
                         "fe03 does not have"));
  g_assert_nonnull (strstr (iss_import_servers_page_get_warning (pages.servers), "fe03"));
  iss_wizard_fixture_check (pages.wizard, "import-3-silent");

  /* It may be ticked all the same: the others are not stopped by it. */
  iss_server_check_row_set_ticked (get_row (&pages, 2), TRUE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_import_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_import_run_page_get_headline (pages.run), ==,
                   "Imported on 1 of 2 servers.");
  g_assert_true (gtk_widget_get_visible (
    iss_wizard_fixture_child (iss_import_run_page_get_list (pages.run), "retry_button")));
  iss_wizard_fixture_check (pages.wizard, "import-4-failed");
  g_assert_cmpuint (iss_wizard_fixture_count (fixture, "fe02", "keys"), ==, 6);

  close_wizard (&pages);
}

static void
test_authority (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, "fe02");

  go_to_servers (fixture, &pages, "ca.cer");
  g_assert_cmpuint (iss_wizard_get_number (pages.wizard), ==, 2);
  iss_wait_until (are_looked_at (&pages));
  g_assert_false (gtk_check_button_get_active (
    GTK_CHECK_BUTTON (iss_wizard_fixture_child (pages.servers, "pool_check"))));
  g_assert_cmpstr (iss_import_servers_page_get_warning (pages.servers), ==, "");

  /* Only where the wizard was begun; and nobody says what was not looked at. */
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (iss_server_check_row_get_ticked (get_row (&pages, i)), ==, i == 1);
      g_assert_cmpstr (get_row_text (&pages, i), ==, "answers");
    }

  close_wizard (&pages);
}

typedef struct
{
  const char *name;
  const char *says;   /* part of the one sentence */
} Bad;

static const Bad bads[] =
{
  { "truncated.pfx", "cut short" },
  { "wrong.txt", "not a certificate" },
  { "huge.pfx", "larger than" },
  { "none.pfx", "There is no file" },
  { "folder", "is a folder" },
};

static void
write_bad_files (IssWizardFixture *fixture)
{
  g_autofree char *good = iss_wizard_fixture_dup_file (fixture, "auth.contoso.example.pfx");
  g_autofree char *truncated = iss_wizard_fixture_dup_file (fixture, "truncated.pfx");
  g_autofree char *huge = iss_wizard_fixture_dup_file (fixture, "huge.pfx");
  g_autofree char *folder = iss_wizard_fixture_dup_file (fixture, "folder");
  g_autoptr(GFile) huge_file = g_file_new_for_path (huge);
  g_autoptr(GFile) folder_file = g_file_new_for_path (folder);
  g_autoptr(GFileOutputStream) stream = NULL;
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (good, &data, &size, NULL));
  g_assert_true (g_file_set_contents (truncated, data, (gssize) size / 2, NULL));
  g_assert_true (g_file_make_directory (folder_file, NULL, NULL));
  stream = g_file_create (huge_file, G_FILE_CREATE_NONE, NULL, NULL);
  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), 200 * 1024 * 1024, NULL, NULL));
}

static void
test_bad_files (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, NULL);

  write_bad_files (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (bads); i++)
    {
      g_autofree char *path = iss_wizard_fixture_dup_typed (bads[i].name);
      const char *text;

      g_test_message ("%s", bads[i].name);
      iss_wizard_fixture_type (pages.file, "entry", path);
      iss_wait_until (strstr (iss_import_file_page_get_text (pages.file), bads[i].says));
      text = iss_import_file_page_get_text (pages.file);
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_null (strchr (text, '\n'));
      g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
      if (i == 0)
        iss_wizard_fixture_check (pages.wizard, "import-1-bad");
    }

  /* A good one after all of them goes on. */
  go_to_servers (fixture, &pages, "auth.contoso.example.pfx");

  close_wizard (&pages);
}

/* The certificate alone, and its key in a token that fe02 and fe03 have both. */
static void
make_token (IssWizardFixture *fixture)
{
  g_autofree char *pfx = iss_wizard_fixture_dup_file (fixture, "auth.contoso.example.pfx");
  g_autofree char *crt = iss_wizard_fixture_dup_file (fixture, "alone.crt");
  g_autofree char *password = iss_wizard_fixture_dup_password (fixture);
  g_autofree char *file = iss_temp_folder_write (fixture->temp, "password", password, -1);
  g_autofree char *key_line = NULL;
  g_autofree char *crt_line = NULL;

  key_line = g_strdup_printf ("openssl pkcs12 -in '%s' -passin 'file:%s' -nodes -nocerts "
                              "-out auth.key", pfx, file);
  crt_line = g_strdup_printf ("openssl pkcs12 -in '%s' -passin 'file:%s' -nokeys -clcerts "
                              "-out '%s'", pfx, file, crt);
  iss_openssl_tool_run (fixture->temp, key_line);
  iss_openssl_tool_run (fixture->temp, crt_line);
  iss_soft_token_set_up (fixture->temp);
  iss_soft_token_import (fixture->temp, "auth.key", "auth", "01");
}

static IssTokenKeyDialog *
find_token_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_TOKEN_KEY_DIALOG (toplevel))
        return ISS_TOKEN_KEY_DIALOG (toplevel);   /* GTK holds it */
    }

  return NULL;
}

static void
use_token (Pages      *pages,
           const char *server,
           const char *pin)
{
  const char *question = iss_import_run_page_get_token_question (pages->run);
  g_autofree char *expected = g_strdup_printf ("%s does not have the private key. Is it in a "
                                               "token of %s?", server, server);
  IssTokenKeyDialog *dialog;

  g_assert_cmpstr (question, ==, expected);
  g_signal_emit_by_name (iss_wizard_fixture_child (pages->run, "token_button"), "clicked");
  dialog = find_token_dialog ();
  g_assert_nonnull (dialog);
  iss_wizard_fixture_type (dialog, "uri", ISS_SOFT_TOKEN_URI ";object=auth");
  iss_wizard_fixture_type (dialog, "pin", pin);
  iss_wizard_fixture_act (dialog, "token-key.use");
}

static const char *
get_shell_line (Pages *pages)
{
  GtkWidget *bar = iss_wizard_fixture_child (pages->run, "shell_line");

  return iss_shell_line_bar_get_line (ISS_SHELL_LINE_BAR (bar));
}

static guint
count_uris (IssWizardFixture *fixture,
            const char       *server)
{
  g_autofree char *path = g_build_filename (fixture->folder, server, "keys", NULL);
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    n += g_str_has_suffix (name, ".uri");

  return n;
}

/* A file without the key: each server is asked for its own token, and for its own PIN. */
static void
test_token (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages;
  IssTokenKeyDialog *dialog;

  make_token (fixture);
  pages = open_wizard (fixture, "fe02");
  go_to_servers (fixture, &pages, "alone.crt");
  iss_wait_until (are_looked_at (&pages));
  iss_server_check_row_set_ticked (get_row (&pages, 2), TRUE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_import_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_import_run_page_get_headline (pages.run), ==,
                   "Imported on 2 of 2 servers.");
  g_assert_false (gtk_widget_get_visible (iss_wizard_fixture_child (pages.run, "assign_button")));
  g_assert_null (strstr (get_shell_line (&pages), "set-key-uri"));

  /* A wrong PIN is said where it was typed, and nothing is asked twice. */
  use_token (&pages, "fe02", "4321");
  dialog = find_token_dialog ();
  iss_wait_until (*iss_token_key_dialog_get_error (dialog) != '\0');
  g_assert_cmpuint (count_uris (fixture, "fe02"), ==, 0);
  iss_wizard_fixture_type (dialog, "pin", ISS_SOFT_TOKEN_PIN);
  iss_wizard_fixture_act (dialog, "token-key.use");
  iss_wait_until (g_str_has_prefix (iss_import_run_page_get_token_question (pages.run), "fe03"));
  g_assert_cmpuint (count_uris (fixture, "fe02"), ==, 1);
  g_assert_true (gtk_widget_get_visible (iss_wizard_fixture_child (pages.run, "assign_button")));
  iss_wizard_fixture_check (pages.wizard, "import-4-token-next");

  g_assert_nonnull (strstr (get_shell_line (&pages), " && issuantctl "));
  g_assert_nonnull (strstr (get_shell_line (&pages), "set-key-uri --server fe02 --thumbprint "));
  g_assert_nonnull (strstr (get_shell_line (&pages),
                            "--key-uri 'pkcs11:token=issuant%20test;object=auth;type=private' "
                            "--pin-file …"));
  g_assert_null (strstr (get_shell_line (&pages), ISS_SOFT_TOKEN_PIN));

  use_token (&pages, "fe03", ISS_SOFT_TOKEN_PIN);
  iss_wait_until (strstr (get_shell_line (&pages), "--server fe03 ") != NULL);
  iss_wait_until (find_token_dialog () == NULL && iss_import_run_page_is_over (pages.run));
  g_assert_cmpuint (count_uris (fixture, "fe03"), ==, 1);
  g_assert_cmpstr (iss_import_run_page_get_headline (pages.run), ==,
                   "Imported on 2 of 2 servers. The token of fe02 has proved that it holds the "
                   "key. The token of fe03 has proved that it holds the key.");
  g_assert_cmpstr (iss_import_run_page_get_token_question (pages.run), ==, "");

  close_wizard (&pages);
}

/* Another file forgets the password of the one before. */
static void
test_back (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  Pages pages = open_wizard (fixture, NULL);
  g_autofree char *path = iss_wizard_fixture_dup_file (fixture, "next-auth.contoso.example.pfx");

  go_to_servers (fixture, &pages, "auth.contoso.example.pfx");
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  g_assert_true (is_shown (&pages, pages.key));
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  iss_wizard_fixture_type (pages.file, "entry", path);
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  g_assert_true (is_shown (&pages, pages.key));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));

  close_wizard (&pages);
}

static void
handed_cb (GSimpleAction  *action,
           GVariant       *target,
           char          **handed)
{
  g_assert_null (*handed);
  *handed = g_variant_print (target, FALSE);
}

/* What is the console's to do it does, and the wizard does not stand before it. */
static void
test_hand_over (void)
{
  GtkWidget *console = gtk_window_new ();
  GtkWidget *wizard = g_object_ref (iss_wizard_new (GTK_WINDOW (console), "Some Wizard"));
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) action = g_simple_action_new ("show", G_VARIANT_TYPE_STRING);
  g_autofree char *handed = NULL;

  g_signal_connect (action, "activate", G_CALLBACK (handed_cb), &handed);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
  gtk_widget_insert_action_group (console, "console", G_ACTION_GROUP (actions));
  gtk_window_present (GTK_WINDOW (console));
  gtk_window_present (GTK_WINDOW (wizard));

  iss_wizard_hand_over (ISS_WIZARD (wizard), "console.show", g_variant_new_string ("pool01"));
  g_assert_cmpstr (handed, ==, "'pool01'");
  iss_wait_for_idle ();
  g_assert_finalize_object (wizard);
  gtk_window_destroy (GTK_WINDOW (console));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/import-wizard/every-page", test_every_page);
  g_test_add_func ("/import-wizard/silent-server", test_silent_server);
  g_test_add_func ("/import-wizard/authority", test_authority);
  g_test_add_func ("/import-wizard/token", test_token);
  g_test_add_func ("/import-wizard/bad-files", test_bad_files);
  g_test_add_func ("/import-wizard/back", test_back);
  g_test_add_func ("/wizard/hand-over", test_hand_over);

  return g_test_run ();
}
