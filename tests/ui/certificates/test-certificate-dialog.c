/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: certificate-details, certificate-general, certificate-path, detail-item. */
#include "ui/certificates/certificate-dialog.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/certificate/details-text.h"
#include "core/certificate/maker.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/certificates/certificate-details.h"
#include "ui/certificates/certificate-general.h"
#include "ui/certificates/certificate-path.h"
#include "ui/style.h"

#define MARKUP "<b>not</b> & _x_ %s"

/* 31 December 9999, 23:59:59: RFC 5280, 4.1.2.5, no well-defined end. */
#define YEAR_9999 G_GINT64_CONSTANT (253402300799)

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static IssServer *
get_server (IssWizardFixture *fixture,
            const char       *name)
{
  return iss_pool_find_server (fixture->pool, name);
}

/* The certificate of that name in a server's store, by its list. */
static GBytes *
find (IssServer    *server,
      IssStoreName  store,
      const char   *issued_to)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(IssRowTable) table = NULL;
  g_autoptr(GError) error = NULL;

  iss_server_list_rows_async (server, store, NULL, result_cb, &result);
  iss_wait_until (result != NULL);
  table = iss_server_list_rows_finish (server, result, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      IssRow row;

      iss_row_table_get_row (table, i, &row);
      if (strcmp (row.issued_to, issued_to) == 0)
        return g_bytes_new (row.sha256, sizeof row.sha256);
    }

  g_error ("There is no %s", issued_to);
}

static IssCertificateDialog *
open_dialog (IssWizardFixture *fixture,
             const char       *server,
             const char       *store,
             GBytes           *sha256)
{
  GtkWidget *dialog = iss_certificate_dialog_new (NULL, fixture->pool,
                                                  get_server (fixture, server), store, sha256);

  gtk_window_present (GTK_WINDOW (dialog));

  return ISS_CERTIFICATE_DIALOG (dialog);
}

static gboolean
is_in_state (IssCertificateDialog *dialog,
             const char           *state)
{
  return strcmp (iss_certificate_dialog_get_state (dialog), state) == 0;
}

static IssCertificatePath *
get_path (IssCertificateDialog *dialog)
{
  return ISS_CERTIFICATE_PATH (iss_wizard_fixture_child (dialog, "path"));
}

static const char *
get_label (gpointer    widget,
           const char *id)
{
  return gtk_label_get_label (GTK_LABEL (iss_wizard_fixture_child (widget, id)));
}

/* With its path, and with what the pool's servers say of it. */
static IssCertificateDialog *
open_whole (IssWizardFixture *fixture,
            const char       *server,
            IssStoreName      store,
            const char       *issued_to)
{
  g_autoptr(GBytes) sha256 = find (get_server (fixture, server), store, issued_to);
  IssCertificateDialog *dialog = open_dialog (fixture, server, iss_store_name_get_nick (store),
                                              sha256);

  g_assert_cmpstr (iss_certificate_dialog_get_state (dialog), ==, "loading");
  iss_wait_until (is_in_state (dialog, "shown"));
  iss_wait_until (iss_certificate_path_get_status (get_path (dialog))[0] != '\0');

  return dialog;
}

static void
close_dialog (IssCertificateDialog *dialog)
{
  g_autoptr(IssCertificateDialog) held = g_object_ref (dialog);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "window.close", NULL));
  iss_wait_until (G_OBJECT (held)->ref_count == 1);
  g_assert_finalize_object (g_steal_pointer (&held));
}

static void
shoot_dark (IssCertificateDialog *dialog,
            const char           *name)
{
  iss_shot_set_dark (TRUE);
  iss_shot_check (GTK_WIDGET (dialog), name);
  iss_shot_set_dark (FALSE);
}

static void
look (IssWizardFixture *fixture)
{
  for (guint i = 0; i < 3; i++)
    {
      IssServer *server = iss_pool_get_server (fixture->pool, i);
      g_autoptr(GAsyncResult) result = NULL;

      iss_server_look_async (server, NULL, NULL, result_cb, &result);
      iss_wait_until (result != NULL);
      iss_server_look_finish (server, result, NULL);
    }
}

static gboolean
is_told (IssCertificateDialog *dialog,
         const char           *sentence)
{
  GtkWidget *places = iss_wizard_fixture_child (iss_wizard_fixture_child (dialog, "general"),
                                                "places");

  for (GtkWidget *child = gtk_widget_get_first_child (places); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LABEL (child) && strcmp (gtk_label_get_label (GTK_LABEL (child)), sentence) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
test_general (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog;
  GtkWidget *general;

  look (fixture);
  dialog = open_whole (fixture, "fe01", ISS_STORE_MY, "auth.contoso.example");
  general = iss_wizard_fixture_child (dialog, "general");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "auth.contoso.example, fe01");
  g_assert_cmpstr (get_label (general, "issued_to"), ==, "auth.contoso.example");
  g_assert_nonnull (strstr (get_label (general, "key_label"), "it is on fe01 and may be exported"));
  g_assert_false (gtk_widget_get_visible (iss_wizard_fixture_child (general, "fault_label")));
  iss_wait_until (!is_told (dialog, "not looked at for it yet"));
  g_assert_true (is_told (dialog, "does not have it"));
  g_assert_true (is_told (dialog, "published"));
  iss_shot_check (GTK_WIDGET (dialog), "certificate-general");
  shoot_dark (dialog, "certificate-general-dark");

  close_dialog (dialog);
}

static void
test_expired (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog = open_whole (fixture, "fe01", ISS_STORE_MY,
                                             "old-auth.contoso.example");
  GtkWidget *general = iss_wizard_fixture_child (dialog, "general");

  g_assert_true (g_str_has_prefix (get_label (general, "fault_label"),
                                   "This certificate has expired: it was valid until "));
  iss_shot_check (GTK_WIDGET (dialog), "certificate-general-expired");
  close_dialog (dialog);
}

static void
test_details (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog = open_whole (fixture, "fe01", ISS_STORE_MY,
                                             "auth.contoso.example");
  GtkWidget *page = iss_wizard_fixture_child (dialog, "details");
  IssCertificateDetails *details = ISS_CERTIFICATE_DETAILS (page);
  guint n_all = iss_certificate_details_get_n_shown (details);
  guint n_parts = 0;

  iss_certificate_dialog_show_tab (dialog, "details");
  g_assert_cmpstr (iss_certificate_details_get_field (details)->name, ==, "version");
  iss_shot_check (GTK_WIDGET (dialog), "certificate-details");

  for (guint show = ISS_DETAILS_SHOW_VERSION_1; show < ISS_DETAILS_N_SHOWS; show++)
    {
      iss_certificate_details_set_show (details, (IssDetailsShow) show);
      if (show != ISS_DETAILS_SHOW_CRITICAL)
        n_parts += iss_certificate_details_get_n_shown (details);
    }
  g_assert_cmpuint (n_parts, ==, n_all);

  iss_certificate_details_set_show (details, ISS_DETAILS_SHOW_EXTENSIONS);
  g_assert_false (iss_certificate_details_select (details, "version"));
  g_assert_true (iss_certificate_details_select (details, "2.5.29.15"));
  iss_shot_check (GTK_WIDGET (dialog), "certificate-details-extension");

  iss_certificate_details_set_show (details, ISS_DETAILS_SHOW_PROPERTIES);
  g_assert_true (iss_certificate_details_select (details, "thumbprint"));
  shoot_dark (dialog, "certificate-details-properties-dark");

  close_dialog (dialog);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
}

/* What is copied is the whole value, and nothing else. */
static void
test_copy (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog = open_whole (fixture, "fe01", ISS_STORE_MY,
                                             "auth.contoso.example");
  GtkWidget *page = iss_wizard_fixture_child (dialog, "details");
  IssCertificateDetails *details = ISS_CERTIFICATE_DETAILS (page);
  g_autofree char *copied = NULL;

  iss_certificate_dialog_show_tab (dialog, "details");
  iss_certificate_details_select (details, "thumbprint");
  g_signal_emit_by_name (iss_wizard_fixture_child (details, "copy_button"), "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (page), NULL, read_cb, &copied);
  iss_wait_until (copied != NULL);
  g_assert_cmpstr (copied, ==, iss_certificate_details_get_field (details)->whole);
  g_assert_true (g_regex_match_simple ("^[0-9A-F]{40}$", copied, 0, 0));

  close_dialog (dialog);
}

/* The dialog of another link, opened from this one. */
static IssCertificateDialog *
get_other (IssCertificateDialog *dialog)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CERTIFICATE_DIALOG (window) && window != GTK_WINDOW (dialog))
        return ISS_CERTIFICATE_DIALOG (window);
    }

  return NULL;
}

static void
test_path (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog = open_whole (fixture, "fe01", ISS_STORE_MY,
                                             "auth.contoso.example");
  IssCertificatePath *path = get_path (dialog);
  GtkWidget *view = iss_wizard_fixture_child (path, "view_button");
  IssCertificateDialog *other;

  iss_certificate_dialog_show_tab (dialog, "path");
  g_assert_cmpstr (iss_certificate_path_get_status (path), ==, "This certificate is OK.");
  g_assert_false (gtk_widget_get_sensitive (view));
  iss_certificate_path_select (path, 1);
  g_assert_true (gtk_widget_get_sensitive (view));
  iss_shot_check (GTK_WIDGET (dialog), "certificate-path");
  shoot_dark (dialog, "certificate-path-dark");

  g_signal_emit_by_name (view, "clicked");
  other = get_other (dialog);
  g_assert_nonnull (other);
  iss_wait_until (is_in_state (other, "shown"));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (other)) == GTK_WINDOW (dialog));
  g_assert_false (gtk_widget_get_visible (
    iss_wizard_fixture_child (iss_wizard_fixture_child (other, "general"), "personal")));
  iss_wait_until (iss_certificate_path_get_status (get_path (other))[0] != '\0');
  iss_shot_check (GTK_WIDGET (other), "certificate-general-issuer");

  close_dialog (other);
  close_dialog (dialog);
}

static void
remove_roots (IssWizardFixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "fe01", "stores", "root", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static void
test_path_incomplete (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  IssCertificateDialog *dialog;

  remove_roots (fixture);
  dialog = open_whole (fixture, "fe01", ISS_STORE_MY, "auth.contoso.example");
  g_assert_nonnull (strstr (get_label (iss_wizard_fixture_child (dialog, "general"),
                                       "fault_label"), "could not be found on fe01"));
  iss_certificate_dialog_show_tab (dialog, "path");
  iss_shot_check (GTK_WIDGET (dialog), "certificate-path-incomplete");

  close_dialog (dialog);
}

static void
test_deleted (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  guint8 nothing[ISS_SHA256_SIZE] = { 1 };
  g_autoptr(GBytes) sha256 = g_bytes_new (nothing, sizeof nothing);
  IssCertificateDialog *dialog = open_dialog (fixture, "fe01", "my", sha256);

  iss_wait_until (is_in_state (dialog, "failed"));
  g_assert_cmpstr (get_label (dialog, "failed_title"), ==,
                   "The certificate is no longer on fe01.");
  iss_wait_until (iss_certificate_path_get_status (get_path (dialog))[0] != '\0');
  iss_shot_check (GTK_WIDGET (dialog), "certificate-deleted");

  close_dialog (dialog);
}

static void
test_server_lost (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GBytes) sha256 = find (get_server (fixture, "fe01"), ISS_STORE_MY,
                                   "auth.contoso.example");
  IssCertificateDialog *dialog;

  iss_wizard_fixture_break (fixture, "fe01");
  dialog = open_dialog (fixture, "fe01", "my", sha256);
  iss_wait_until (is_in_state (dialog, "failed"));
  g_assert_cmpstr (get_label (dialog, "failed_title"), ==, "fe01 does not answer.");
  g_assert_cmpstr (get_label (dialog, "failed_text"), !=, "");

  /* Again, and no better. */
  iss_wizard_fixture_act (dialog, "dialog.load");
  g_assert_true (is_in_state (dialog, "loading"));
  iss_wait_until (is_in_state (dialog, "failed"));

  close_dialog (dialog);
}

/* Puts a certificate of many names, with a name that is no markup and no end, into a store, and
 * returns its SHA-256. */
static GBytes *
add_odd (IssWizardFixture *fixture,
         const char       *name,
         guint             n_names)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autoptr(IssMaker) maker = iss_maker_new ("odd");
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *path = NULL;
  IssMakerSpec spec = { name, NULL, 1780000000, YEAR_9999, 2048, FALSE, FALSE, "key" };

  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *host = g_strdup_printf ("host%05u.contoso.example", i);

      g_strv_builder_add (builder, host);
    }
  names = g_strv_builder_end (builder);
  spec.dns_names = (const char *const *) names;
  certificate = iss_maker_make (maker, &spec, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  pem = iss_certificate_dup_pem (certificate);
  path = g_strdup_printf ("%s/fe01/stores/my/%s.pem", fixture->folder,
                          iss_certificate_get_sha256_hex (certificate));
  g_assert_true (g_file_set_contents (path, pem, -1, &error));
  g_assert_no_error (error);

  return g_bytes_ref (iss_certificate_get_sha256 (certificate));
}

static void
test_odd (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GBytes) sha256 = add_odd (fixture, MARKUP, 10000);
  IssCertificateDialog *dialog = open_dialog (fixture, "fe01", "my", sha256);
  GtkWidget *general = iss_wizard_fixture_child (dialog, "general");
  GtkWidget *page = iss_wizard_fixture_child (dialog, "details");
  IssCertificateDetails *details = ISS_CERTIFICATE_DETAILS (page);
  g_auto(GStrv) lines = NULL;
  const IssDetailsField *field;

  iss_wait_until (is_in_state (dialog, "shown"));
  iss_wait_until (iss_certificate_path_get_status (get_path (dialog))[0] != '\0');
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, MARKUP ", fe01");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (iss_wizard_fixture_child (general,
                                                                            "issued_to"))),
                   ==, MARKUP);
  iss_shot_check (GTK_WIDGET (dialog), "certificate-general-odd");

  /* All of it can be copied; what is laid out has a limit. */
  iss_certificate_dialog_show_tab (dialog, "details");
  g_assert_true (iss_certificate_details_select (details, "2.5.29.17"));
  field = iss_certificate_details_get_field (details);
  lines = g_strsplit (field->text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, ISS_DETAILS_TEXT_MAX_SHOWN + 1);
  g_assert_true (g_str_has_suffix (field->whole, "\nDNS Name=host09999.contoso.example"));
  iss_shot_check (GTK_WIDGET (dialog), "certificate-details-odd");

  close_dialog (dialog);
}

/* Nobody waits for the answers any more. */
static void
test_closed_early (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GBytes) sha256 = find (get_server (fixture, "fe01"), ISS_STORE_MY,
                                   "auth.contoso.example");

  close_dialog (open_dialog (fixture, "fe01", "my", sha256));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/certificate-dialog/general", test_general);
  g_test_add_func ("/certificate-dialog/expired", test_expired);
  g_test_add_func ("/certificate-dialog/details", test_details);
  g_test_add_func ("/certificate-dialog/copy", test_copy);
  g_test_add_func ("/certificate-dialog/path", test_path);
  g_test_add_func ("/certificate-dialog/path-incomplete", test_path_incomplete);
  g_test_add_func ("/certificate-dialog/deleted", test_deleted);
  g_test_add_func ("/certificate-dialog/server-lost", test_server_lost);
  g_test_add_func ("/certificate-dialog/odd", test_odd);
  g_test_add_func ("/certificate-dialog/closed-early", test_closed_early);

  return g_test_run ();
}
