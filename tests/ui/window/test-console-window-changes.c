/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: undo-bar. */
#include "ui/window/console-window.h"

#include <string.h>

#include "core/assignment/assignments.h"
#include "core/certificate/maker.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/certificates/store-page.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/style.h"
#include "ui/window/undo-bar.h"

#define POOL "pool01.contoso.example"
#define PERSONAL POOL "/fe01.contoso.example/certificates/my"

static const char *const names[] = { "auth.contoso.example", "old-auth.contoso.example",
                                     "www.contoso.example" };

typedef struct
{
  IssWorkspaceFixture  base;
  IssConsoleWindow    *window;
  char                *root_path;
  IssCertificate      *certificates[G_N_ELEMENTS (names)];
} Fixture;

/* The first is assigned, the second is meant for the pool. */
static void
fill (Fixture *fixture)
{
  const IssProperties said = { .intent = ISS_INTENT_POOL };
  g_autoptr(IssMaker) maker = iss_maker_new ("changes");
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRootFolder) root = iss_root_folder_open (fixture->root_path, TRUE, &error);
  g_autoptr(IssAssignments) assignments = NULL;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(IssPrivateKey) key = NULL;
      const IssMakerSpec spec =
        {
          .subject_cn = names[i],
          .not_before = ISS_WORKSPACE_FIXTURE_NOW - 86400,
          .not_after = ISS_WORKSPACE_FIXTURE_NOW + 365 * 86400,
          .rsa_bits = 1024,
          .token_issuer = TRUE,
          .key_label = names[i],
        };

      fixture->certificates[i] = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
      g_assert_no_error (error);
      if (i < 2)
        iss_key_file_save (root, key, TRUE, "manual", NULL, &error);
      g_assert_no_error (error);
      iss_certificate_store_add (root, ISS_STORE_MY, fixture->certificates[i], NULL, &error);
      g_assert_no_error (error);
    }

  iss_properties_save (&said, root, iss_certificate_get_sha256_hex (fixture->certificates[1]),
                       &error);
  g_assert_no_error (error);
  assignments = iss_assignments_load (root, &error);
  g_assert_no_error (error);
  iss_assignments_set (assignments, iss_certificate_type_find ("OAuthTokenIssuer"),
                       iss_certificate_get_sha256_hex (fixture->certificates[0]),
                       ISS_WORKSPACE_FIXTURE_NOW, NULL, &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, root, &error);
  g_assert_no_error (error);
}

static IssCertificateList *
get_list (Fixture *fixture)
{
  return iss_store_page_get_list (ISS_STORE_PAGE (iss_console_window_get_page (fixture->window)));
}

static guint
get_n_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (iss_certificate_list_get_model
                                                 (get_list (fixture))));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->root_path = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  fill (fixture);
  fixture->window = ISS_CONSOLE_WINDOW (iss_console_window_new (NULL));
  iss_console_window_set_workspace (fixture->window, fixture->base.workspace);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1100, 520);
  gtk_window_present (GTK_WINDOW (fixture->window));
  iss_shot_settle (GTK_WIDGET (fixture->window));
  iss_console_window_show_path (fixture->window, PERSONAL);
  iss_wait_until (get_n_rows (fixture) == 3 &&
                  !iss_page_is_busy (iss_console_window_get_page (fixture->window)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->window == NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_unref (fixture->certificates[i]);
  g_free (fixture->root_path);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static IssUndoBar *
get_bar (Fixture *fixture)
{
  return ISS_UNDO_BAR (find_widget (GTK_WIDGET (fixture->window), ISS_TYPE_UNDO_BAR));
}

/* (nullable) */
static IssConfirmDialog *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CONFIRM_DIALOG (window) && gtk_widget_get_mapped (window))
        return ISS_CONFIRM_DIALOG (window);
    }

  return NULL;
}

static IssConfirmDialog *
wait_for_dialog (void)
{
  iss_wait_until (find_dialog () != NULL);
  return find_dialog ();
}

static void
answer (const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (find_dialog ()), action, NULL));
  iss_wait_until (find_dialog () == NULL);
}

static void
select_row (Fixture *fixture,
            guint    index)
{
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificates[index]);

  g_assert_true (iss_certificate_list_select (get_list (fixture), g_bytes_get_data (sha256, NULL)));
}

static void
act (Fixture    *fixture,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static gboolean
is_on_disk (Fixture *fixture,
            guint    index)
{
  g_autofree char *path =
    g_strdup_printf ("%s/stores/my/%s.pem", fixture->root_path,
                     iss_certificate_get_sha256_hex (fixture->certificates[index]));

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_changes_delete_and_undo (Fixture       *fixture,
                              gconstpointer  unused)
{
  IssConfirmDialog *dialog;

  g_assert_null (iss_undo_bar_get_label (get_bar (fixture)));
  select_row (fixture, 2);
  act (fixture, "certificate.delete");
  dialog = wait_for_dialog ();
  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==,
                   "Delete “www.contoso.example” from Personal on fe01?");
  iss_shot_check (GTK_WIDGET (dialog), "delete-one");
  answer ("dialog.cancel");
  g_assert_true (is_on_disk (fixture, 2));
  g_assert_cmpuint (get_n_rows (fixture), ==, 3);

  act (fixture, "certificate.delete");
  wait_for_dialog ();
  answer ("dialog.confirm");
  iss_wait_until (get_n_rows (fixture) == 2);
  g_assert_false (is_on_disk (fixture, 2));
  g_assert_cmpstr (iss_undo_bar_get_text (get_bar (fixture)), ==,
                   "www.contoso.example was deleted from Personal on fe01.");
  g_assert_cmpstr (iss_undo_bar_get_label (get_bar (fixture)), ==,
                   "Undo Delete of www.contoso.example");
  iss_shot_check (GTK_WIDGET (get_bar (fixture)), "undo-bar");

  act (fixture, "edit.undo");
  iss_wait_until (get_n_rows (fixture) == 3);
  g_assert_true (is_on_disk (fixture, 2));
  iss_wait_until (g_str_equal (iss_undo_bar_get_text (get_bar (fixture)), ""));
  g_assert_null (iss_undo_bar_get_label (get_bar (fixture)));
}

/* What the server warns of stands first. */
static void
test_changes_several (Fixture       *fixture,
                      gconstpointer  unused)
{
  GtkSelectionModel *selection;
  IssConfirmDialog *dialog;

  selection = gtk_column_view_get_model (iss_certificate_list_get_view (get_list (fixture)));
  select_row (fixture, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IssRowItem) item = g_list_model_get_item (G_LIST_MODEL (selection), i);
      IssRow row;

      iss_row_model_item_get_row (item, &row);
      if (strcmp (row.issued_to, names[2]) == 0)
        gtk_selection_model_select_item (selection, i, FALSE);
    }
  g_assert_cmpuint (iss_certificate_list_get_n_selected (get_list (fixture)), ==, 2);

  act (fixture, "certificate.delete");
  dialog = wait_for_dialog ();
  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==,
                   "Delete 2 certificates from Personal on fe01?");
  g_assert_true (g_str_has_prefix (iss_confirm_dialog_get_consequence (dialog),
                                   "“old-auth.contoso.example” is meant for every server"));
  iss_shot_check (GTK_WIDGET (dialog), "delete-several");
  answer ("dialog.confirm");
  iss_wait_until (get_n_rows (fixture) == 1);
  g_assert_cmpstr (iss_undo_bar_get_label (get_bar (fixture)), ==,
                   "Undo Delete of 2 Certificates");

  act (fixture, "edit.undo");
  iss_wait_until (get_n_rows (fixture) == 3);
}

static void
test_changes_refused (Fixture       *fixture,
                      gconstpointer  unused)
{
  IssConfirmDialog *dialog;

  select_row (fixture, 0);
  act (fixture, "certificate.delete");
  dialog = wait_for_dialog ();
  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==,
                   "“auth.contoso.example” was not deleted.");
  iss_shot_check (GTK_WIDGET (dialog), "delete-refused");
  answer ("dialog.cancel");
  g_assert_true (is_on_disk (fixture, 0));
}

static gboolean
has_row (Fixture *fixture,
         guint    index)
{
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificates[index]);

  return iss_certificate_list_select (get_list (fixture), g_bytes_get_data (sha256, NULL));
}

/* Nobody pressed anything, another program works on the server: the list shows it within a second,
 * and the second of two changes, too. */
static void
test_changes_by_others (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRootFolder) root = iss_root_folder_open (fixture->root_path, FALSE, &error);

  g_assert_no_error (error);
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    {
      gint64 changed_at = g_get_monotonic_time ();

      iss_certificate_store_remove (root, ISS_STORE_MY,
                                    iss_certificate_get_sha256_hex (fixture->certificates[i]),
                                    &error);
      g_assert_no_error (error);
      iss_wait_until (!has_row (fixture, i));
      g_test_message ("shown after %" G_GINT64_FORMAT " ms",
                      (g_get_monotonic_time () - changed_at) / 1000);
      g_assert_cmpint (g_get_monotonic_time () - changed_at, <, G_USEC_PER_SEC);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/changes/delete-and-undo", Fixture, NULL, set_up, test_changes_delete_and_undo,
              tear_down);
  g_test_add ("/changes/several", Fixture, NULL, set_up, test_changes_several, tear_down);
  g_test_add ("/changes/refused", Fixture, NULL, set_up, test_changes_refused, tear_down);
  g_test_add ("/changes/by-others", Fixture, NULL, set_up, test_changes_by_others, tear_down);

  return g_test_run ();
}
