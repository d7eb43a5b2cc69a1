/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every page of the wizard on real agents. Also covers: export-plan, export-file-page,
 * export-format-page, export-key-page, export-run-page, export-security-page,
 * export-summary-page, status-line. */

#include "ui/wizards/export-wizard.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/export-file-page.h"
#include "ui/wizards/export-format-page.h"
#include "ui/wizards/export-key-page.h"
#include "ui/wizards/export-run-page.h"
#include "ui/wizards/export-security-page.h"
#include "ui/wizards/export-summary-page.h"
#include "ui/wizards/import-file-page.h"
#include "ui/wizards/shell-line-bar.h"

#define PASSWORD "Nobody guesses 4711 of these"

typedef struct
{
  IssWizardFixture      *fixture;
  IssWizard             *wizard;
  IssExportKeyPage      *key;
  IssExportFormatPage   *format;
  IssExportSecurityPage *security;
  IssExportFilePage     *file;
  IssExportSummaryPage  *summary;
  IssExportRunPage      *run;
  GBytes                *sha256;
  char                  *path;
} Pages;

/* What was found on the server. */
typedef struct
{
  const char *name;
  GBytes     *sha256;   /* (nullable) */
} Search;

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssRowTable) table = iss_server_list_rows_finish (ISS_SERVER (object), result, NULL);
  Search *search = user_data;
  IssRow row;

  g_assert_nonnull (table);
  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      iss_row_table_get_row (table, i, &row);
      if (strcmp (row.issued_to, search->name) == 0)
        search->sha256 = g_bytes_new (row.sha256, sizeof row.sha256);
    }
}

static GBytes *
find (IssServer    *server,
      IssStoreName  store,
      const char   *name)
{
  Search search = { name, NULL };

  iss_server_list_rows_async (server, store, NULL, listed_cb, &search);
  iss_wait_until (search.sha256 != NULL);
  return search.sha256;
}

static void
open_wizard (Pages        *self,
             const char   *server_name,
             IssStoreName  store,
             const char   *certificate)
{
  IssServer *server;
  GtkWidget *wizard;

  if (self->fixture == NULL)
    self->fixture = iss_wizard_fixture_new ();
  server = iss_pool_find_server (self->fixture->pool, server_name);
  self->sha256 = find (server, store, certificate);
  self->path = g_build_filename (g_get_home_dir (), "pki", "out.pfx", NULL);

  wizard = iss_export_wizard_new (NULL, self->fixture->workspace, self->fixture->pool, server,
                                  store, self->sha256);
  self->wizard = ISS_WIZARD (wizard);
  self->key = ISS_EXPORT_KEY_PAGE (iss_wizard_find_page (self->wizard, "key"));
  self->format = ISS_EXPORT_FORMAT_PAGE (iss_wizard_find_page (self->wizard, "format"));
  self->security = ISS_EXPORT_SECURITY_PAGE (iss_wizard_find_page (self->wizard, "security"));
  self->file = ISS_EXPORT_FILE_PAGE (iss_wizard_find_page (self->wizard, "file"));
  self->summary = ISS_EXPORT_SUMMARY_PAGE (iss_wizard_find_page (self->wizard, "summary"));
  self->run = ISS_EXPORT_RUN_PAGE (iss_wizard_find_page (self->wizard, "run"));
  gtk_window_present (GTK_WINDOW (wizard));
}

static void
close_wizard (Pages *self)
{
  GtkWidget *held = g_object_ref (GTK_WIDGET (self->wizard));

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
  g_clear_pointer (&self->fixture, iss_wizard_fixture_free);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->path, g_free);
}

static gboolean
is_shown (Pages    *self,
          gpointer  page)
{
  return (gpointer) iss_wizard_get_page (self->wizard) == page;
}

static GtkWidget *
child (gpointer    page,
       const char *id)
{
  return iss_wizard_fixture_child (page, id);
}

static void
tick (gpointer    page,
      const char *id,
      gboolean    active)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (child (page, id)), active);
}

static void
next (Pages *self)
{
  iss_wizard_fixture_act (self->wizard, "wizard.next");
}

static void
shoot (Pages      *self,
       const char *name)
{
  iss_shot_settle (GTK_WIDGET (self->wizard));
  iss_shot_check (GTK_WIDGET (self->wizard), name);
}

static void
load (Pages *self)
{
  iss_wait_until (iss_wizard_fixture_can_next (self->wizard));
}

static void
type_password (Pages *self)
{
  iss_wizard_fixture_type (self->security, "entry", PASSWORD);
  iss_wizard_fixture_type (self->security, "again_entry", PASSWORD);
}

/* With the key, as far as the page that asks for the file. */
static void
go_to_file (Pages *self)
{
  load (self);
  next (self);
  next (self);
  g_assert_true (is_shown (self, self->security));
  type_password (self);
  next (self);
  g_assert_true (is_shown (self, self->file));
  iss_wizard_fixture_type (self->file, "entry", self->path);
}

static IssBundle *
read_file (Pages      *self,
           const char *password)
{
  g_autoptr(IssSecret) secret = password != NULL ? iss_secret_new (password, strlen (password))
                                                 : NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  IssBundle *bundle;
  char *data;
  gsize size;

  g_file_get_contents (self->path, &data, &size, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (data, size);
  bundle = iss_certificate_file_read (bytes, secret, &error);
  g_assert_no_error (error);
  return bundle;
}

static void
test_with_key (void)
{
  Pages pages = { NULL };
  g_autoptr(IssBundle) bundle = NULL;
  const char *line;
  struct stat info;

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  g_assert_true (is_shown (&pages, pages.key));
  load (&pages);
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (child (pages.key, "yes_check"))));
  shoot (&pages, "export-1-key");

  next (&pages);
  g_assert_true (is_shown (&pages, pages.format));
  g_assert_false (gtk_widget_get_sensitive (child (pages.format, "der_check")));
  /* In use: the key stays. */
  g_assert_false (gtk_widget_get_sensitive (child (pages.format, "delete_check")));
  shoot (&pages, "export-2-format");

  next (&pages);
  g_assert_true (is_shown (&pages, pages.security));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_type (pages.security, "entry", PASSWORD);
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  iss_wizard_fixture_type (pages.security, "again_entry", "Nobody guessed");
  g_assert_cmpstr (iss_export_security_page_get_text (pages.security), ==,
                   "The two passwords are not the same.");
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (child (pages.security, "encryption")), 1);
  shoot (&pages, "export-3-mismatch");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (child (pages.security, "encryption")), 0);
  iss_wizard_fixture_type (pages.security, "again_entry", PASSWORD);
  g_assert_cmpstr (iss_export_security_page_get_text (pages.security), ==, "");
  shoot (&pages, "export-3-security");

  /* What was typed goes from the entries, and is known on the way back. */
  next (&pages);
  g_assert_true (is_shown (&pages, pages.file));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (child (pages.security, "entry"))), ==, "");
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  next (&pages);

  g_assert_true (g_str_has_suffix (
    gtk_editable_get_text (GTK_EDITABLE (child (pages.file, "entry"))),
    "/auth.contoso.example.pfx"));
  iss_wizard_fixture_type (pages.file, "entry", pages.path);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  iss_wizard_fixture_check (pages.wizard, "export-5-summary");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (child (pages.wizard, "next_button"))), ==,
                   "_Export");

  next (&pages);
  g_assert_true (is_shown (&pages, pages.run));
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_assert_true (g_str_has_prefix (iss_export_run_page_get_headline (pages.run),
                                   "The export was successful: "));
  g_assert_nonnull (strstr (iss_export_run_page_get_warning (pages.run),
                            "Manual import does not replicate."));
  iss_wizard_fixture_check_both (pages.wizard, "export-6-done");
  line = iss_shell_line_bar_get_line (ISS_SHELL_LINE_BAR (child (pages.run, "shell_line")));
  g_assert_nonnull (strstr (line, "export-certificate --server fe01 --thumbprint "));
  g_assert_nonnull (strstr (line, "--password-file … --include-chain"));
  g_assert_null (strstr (line, "4711"));

  g_assert_no_errno (g_stat (pages.path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  bundle = read_file (&pages, PASSWORD);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 2);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);

  close_wizard (&pages);
}

/* Shots of pages that show a path: one that is the same everywhere. */
static void
test_pictures (void)
{
  Pages pages = { NULL };

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  g_free (pages.path);
  pages.path = g_strdup ("/proc/none/auth.pfx");
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (strstr (iss_export_file_page_get_text (pages.file), "there is no folder"));
  g_assert_true (is_shown (&pages, pages.file));
  shoot (&pages, "export-4-no-folder");

  close_wizard (&pages);
}

/* Never over another file without a word, and only the file that was agreed to. */
static void
test_exists (void)
{
  Pages pages = { NULL };
  g_autofree char *other = NULL;
  g_autoptr(IssBundle) bundle = NULL;

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  g_assert_true (g_file_set_contents (pages.path, "mine", 4, NULL));
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (gtk_widget_get_visible (child (pages.file, "replace_check")));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  g_assert_nonnull (strstr (iss_export_file_page_get_text (pages.file), "already"));

  /* Another name is another question. */
  tick (pages.file, "replace_check", TRUE);
  g_assert_true (iss_wizard_fixture_can_next (pages.wizard));
  other = g_strconcat (pages.path, "2", NULL);
  iss_wizard_fixture_type (pages.file, "entry", other);
  g_assert_false (gtk_widget_get_visible (child (pages.file, "replace_check")));
  iss_wizard_fixture_type (pages.file, "entry", pages.path);
  next (&pages);
  iss_wait_until (gtk_widget_get_visible (child (pages.file, "replace_check")));

  tick (pages.file, "replace_check", TRUE);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  next (&pages);
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  bundle = read_file (&pages, PASSWORD);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);

  close_wizard (&pages);
}

/* The folder goes between the pages: said, and the way back is open. */
static void
test_folder_gone (void)
{
  Pages pages = { NULL };
  g_autofree char *folder = NULL;

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  folder = iss_temp_folder_dup_path (pages.fixture->temp, "usb");
  g_assert_no_errno (g_mkdir (folder, 0700));
  g_free (pages.path);
  pages.path = g_build_filename (folder, "out.pfx", NULL);
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  g_assert_no_errno (g_rmdir (folder));
  next (&pages);
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_assert_nonnull (strstr (iss_export_run_page_get_headline (pages.run), "there is no folder"));
  g_assert_true (gtk_widget_get_visible (child (pages.run, "retry_button")));

  /* It is there again. */
  g_assert_no_errno (g_mkdir (folder, 0700));
  g_signal_emit_by_name (child (pages.run, "retry_button"), "clicked");
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_assert_true (g_file_test (pages.path, G_FILE_TEST_EXISTS));
  g_assert_false (gtk_widget_get_visible (child (pages.run, "retry_button")));

  close_wizard (&pages);
}

/* The server stops answering in the middle. */
static void
test_lost_server (void)
{
  Pages pages = { NULL };

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  iss_wizard_fixture_break (pages.fixture, "fe01");
  next (&pages);
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_assert_nonnull (strstr (iss_export_run_page_get_headline (pages.run), "fe01"));
  g_assert_true (gtk_widget_get_visible (child (pages.run, "retry_button")));
  g_assert_false (g_file_test (pages.path, G_FILE_TEST_EXISTS));
  iss_wizard_fixture_act (pages.wizard, "wizard.back");
  g_assert_true (is_shown (&pages, pages.summary));

  close_wizard (&pages);
}

/* Somebody else deletes the certificate while the wizard is open. */
static void
test_deleted (void)
{
  Pages pages = { NULL };
  g_autofree char *hex = NULL;
  g_autofree char *name = NULL;
  g_autofree char *pem = NULL;

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  hex = iss_text_hex (g_bytes_get_data (pages.sha256, NULL), 32, FALSE);
  name = g_strconcat (hex, ".pem", NULL);
  pem = g_build_filename (pages.fixture->folder, "fe01", "stores", "my", name, NULL);
  g_assert_no_errno (g_unlink (pem));
  next (&pages);
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_assert_nonnull (strstr (iss_export_run_page_get_headline (pages.run),
                            "There is no certificate with the SHA-256"));
  shoot (&pages, "export-6-deleted");

  close_wizard (&pages);
}

/* A certificate of another store, without a key: "Yes" is grey, and says why. */
static void
test_without_key (void)
{
  static const struct
  {
    const char *check;
    gboolean    chain;
    guint       n;
  } cases[] = { { "der_check", FALSE, 1 }, { "pem_check", FALSE, 1 }, { "p7b_check", TRUE, 1 },
              { "sst_check", FALSE, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Pages pages = { NULL };
      g_autoptr(IssBundle) bundle = NULL;

      open_wizard (&pages, "fe01", ISS_STORE_ROOT, "Contoso Demo CA");
      load (&pages);
      g_assert_false (gtk_widget_get_sensitive (child (pages.key, "yes_check")));
      g_assert_nonnull (strstr (iss_export_key_page_get_text (pages.key),
                                "fe01 does not have the private key."));
      if (i == 0)
        shoot (&pages, "export-1-no-key");

      next (&pages);
      g_assert_false (gtk_widget_get_sensitive (child (pages.format, "pfx_check")));
      tick (pages.format, cases[i].check, TRUE);
      tick (pages.format, "p7b_chain_check", cases[i].chain);
      if (cases[i].chain)
        shoot (&pages, "export-2-p7b");

      /* Without a secret in it no password is asked for. */
      next (&pages);
      g_assert_true (is_shown (&pages, pages.file));
      iss_wizard_fixture_type (pages.file, "entry", pages.path);
      next (&pages);
      iss_wait_until (is_shown (&pages, pages.summary));
      next (&pages);
      iss_wait_until (iss_export_run_page_is_over (pages.run));
      g_assert_cmpstr (iss_export_run_page_get_warning (pages.run), ==, "");
      bundle = read_file (&pages, NULL);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, cases[i].n);
      g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 0);

      close_wizard (&pages);
    }
}

/* From the last page straight to the import on the others, with the file. */
static void
test_import (void)
{
  Pages pages = { NULL };
  IssWizardPage *file_page;
  GListModel *windows = gtk_window_get_toplevels ();
  g_autoptr(GtkWindow) import = NULL;

  open_wizard (&pages, "fe01", ISS_STORE_MY, "auth.contoso.example");
  go_to_file (&pages);
  next (&pages);
  iss_wait_until (is_shown (&pages, pages.summary));
  next (&pages);
  iss_wait_until (iss_export_run_page_is_over (pages.run));
  g_object_ref (pages.wizard);
  g_signal_emit_by_name (child (pages.run, "import_button"), "clicked");
  iss_wait_for_idle ();
  g_assert_finalize_object (pages.wizard);

  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, 1);
  import = g_list_model_get_item (windows, 0);
  pages.wizard = ISS_WIZARD (import);
  file_page = iss_wizard_find_page (pages.wizard, "file");
  iss_wait_until (strstr (iss_import_file_page_get_text (ISS_IMPORT_FILE_PAGE (file_page)),
                          "Protected by a password"));
  g_clear_object (&import);

  close_wizard (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/export-wizard/with-key", test_with_key);
  g_test_add_func ("/export-wizard/pictures", test_pictures);
  g_test_add_func ("/export-wizard/exists", test_exists);
  g_test_add_func ("/export-wizard/folder-gone", test_folder_gone);
  g_test_add_func ("/export-wizard/lost-server", test_lost_server);
  g_test_add_func ("/export-wizard/deleted", test_deleted);
  g_test_add_func ("/export-wizard/without-key", test_without_key);
  g_test_add_func ("/export-wizard/import", test_import);

  return g_test_run ();
}
