/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window.h"

#include <string.h>

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/certificates/certificate-dialog.h"
#include "ui/certificates/properties-dialog.h"
#include "ui/certificates/store-page.h"
#include "ui/style.h"

/* (nullable) */
static GtkWidget *
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }

  return NULL;
}

static IssCertificateDialog *
find_dialog (void)
{
  return (IssCertificateDialog *) find_toplevel (ISS_TYPE_CERTIFICATE_DIALOG);
}

static GtkWidget *
find_child (GtkWidget *widget,
            GType      type)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (child, type) ? child
                                                                  : find_child (child, type);

      if (found != NULL && gtk_widget_get_mapped (found))
        return found;
    }

  return NULL;
}

/* As Return on a row of the list does it. */
static void
test_open (void)
{
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  GtkWidget *window = iss_console_window_new (NULL);
  IssCertificateDialog *dialog;
  IssCertificateList *list;
  IssRowModel *model;
  GtkWidget *found;
  IssRow row;

  iss_console_window_set_workspace (ISS_CONSOLE_WINDOW (window), fixture->workspace);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);
  g_assert_true (iss_console_window_show_path (ISS_CONSOLE_WINDOW (window),
                                               "pool01.contoso.example/fe01.contoso.example/"
                                               "certificates/my"));
  iss_wait_until ((found = find_child (window, ISS_TYPE_CERTIFICATE_LIST)) != NULL);
  list = ISS_CERTIFICATE_LIST (found);
  model = iss_certificate_list_get_model (list);
  iss_wait_until (g_list_model_get_n_items (G_LIST_MODEL (model)) > 0);
  iss_row_table_get_row (iss_row_model_get_table (model), 0, &row);
  g_assert_true (iss_certificate_list_select (list, row.sha256));

  g_signal_emit_by_name (iss_certificate_list_get_view (list), "activate", 0);
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  iss_wait_until (strcmp (iss_certificate_dialog_get_state (dialog), "shown") == 0);
  g_assert_true (g_str_has_prefix (gtk_window_get_title (GTK_WINDOW (dialog)), row.issued_to));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == GTK_WINDOW (window));

  /* What can be said of it is edited in the same dialog as from the list, above this one. */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.edit-properties", NULL));
  found = find_toplevel (ISS_TYPE_PROPERTIES_DIALOG);
  g_assert_nonnull (found);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (found)) == GTK_WINDOW (dialog));
  iss_wait_until (!iss_properties_dialog_is_busy (ISS_PROPERTIES_DIALOG (found)));
  gtk_window_destroy (GTK_WINDOW (found));

  /* Its questions may still be under way: they hold it until they are cancelled. */
  g_object_ref (dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  iss_wait_until (G_OBJECT (dialog)->ref_count == 1);
  g_assert_finalize_object (dialog);
  gtk_window_destroy (GTK_WINDOW (window));
  iss_wait_for_idle ();
}

/* A target that names nothing opens nothing. */
static void
test_refused (void)
{
  static const char *const targets[][4] =
    {
      { NULL },
      { "fe01", "my", NULL },
      { "fe99", "my", "00", NULL },
      { "fe01", "my", "00", NULL },
      { "fe01", "my", "not hex", NULL },
    };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  GtkWidget *window = iss_console_window_new (NULL);

  iss_console_window_set_workspace (ISS_CONSOLE_WINDOW (window), fixture->workspace);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_assert_true (gtk_widget_activate_action (window, "certificate.open", "^as", targets[i]));
      g_assert_null (find_dialog ());
    }

  gtk_window_destroy (GTK_WINDOW (window));
  iss_wait_for_idle ();
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/console-window-certificates/open", test_open);
  g_test_add_func ("/console-window-certificates/refused", test_refused);

  return g_test_run ();
}
