/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/error-dialog.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "ui/style.h"

#define WHAT "What is agreed could not be written down."

static void
close_dialog (GtkWidget  *dialog,
              const char *action)
{
  gpointer weak = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &weak);
  g_assert_true (gtk_widget_activate_action (dialog, action, NULL));
  iss_wait_until (weak == NULL);
}

static void
test_three_things (void)
{
  g_autoptr(GError) busy =
    g_error_new_literal (ISS_ERROR, ISS_ERROR_BUSY, "alice on desk holds it since 14:02\n");
  g_autoptr(GError) refused = g_error_new_literal (ISS_ERROR, ISS_ERROR_REFUSED, "It is in use");
  GtkWidget *dialog = iss_error_dialog_show (NULL, WHAT, busy, NULL);
  IssErrorDialog *self = ISS_ERROR_DIALOG (dialog);

  iss_shot_settle (dialog);
  g_assert_cmpstr (iss_error_dialog_get_what (self), ==, WHAT);
  g_assert_true (g_str_has_prefix (iss_error_dialog_get_why (self), "alice on desk holds it"));
  g_assert_true (g_str_has_suffix (iss_error_dialog_get_why (self), "."));
  g_assert_null (strchr (iss_error_dialog_get_why (self), '\n'));
  g_assert_nonnull (strstr (iss_error_dialog_get_next (self), "try again"));
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.copy", NULL));
  close_dialog (dialog, "dialog.cancel");

  dialog = iss_error_dialog_show (NULL, WHAT, refused, NULL);
  g_assert_cmpstr (iss_error_dialog_get_next (ISS_ERROR_DIALOG (dialog)), ==, "");
  iss_shot_settle (dialog);
  close_dialog (dialog, "window.close");

  dialog = iss_error_dialog_show (NULL, WHAT, refused, "Take it out of use first.");
  g_assert_cmpstr (iss_error_dialog_get_next (ISS_ERROR_DIALOG (dialog)), ==,
                   "Take it out of use first.");
  iss_shot_settle (dialog);
  /* Return closes it, too. */
  close_dialog (dialog, "default.activate");
}

/* With its window, it goes. */
static void
test_parent (void)
{
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_FAILED, "It failed");
  GtkWidget *window = gtk_window_new ();
  GtkWidget *label = gtk_label_new ("");
  GtkWidget *dialog;

  gtk_window_set_child (GTK_WINDOW (window), label);
  gtk_window_present (GTK_WINDOW (window));
  dialog = iss_error_dialog_show (label, WHAT, error, NULL);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == GTK_WINDOW (window));
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
  iss_shot_settle (dialog);
  close_dialog (dialog, "dialog.cancel");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Every advice is a sentence. */
static void
test_advice (void)
{
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_null (iss_error_dialog_get_advice (other));
  for (int code = 0; code < ISS_N_ERRORS; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, code, "x");
      const char *advice = iss_error_dialog_get_advice (error);

      if (advice != NULL)
        g_assert_true (g_ascii_isupper (*advice) && g_str_has_suffix (advice, "."));
    }
}

static void
test_shots (void)
{
  g_autoptr(GError) error =
    g_error_new_literal (ISS_ERROR, ISS_ERROR_PERMISSION,
                         "/home/alice/.config/issuant/topology.conf cannot be written: "
                         "Permission denied");

  for (guint dark = 0; dark < 2; dark++)
    {
      GtkWidget *dialog;
      GObject *expander;

      iss_shot_set_dark (dark != 0);
      dialog = iss_error_dialog_show (NULL, WHAT, error, NULL);
      expander = gtk_widget_get_template_child (dialog, ISS_TYPE_ERROR_DIALOG, "expander");
      gtk_expander_set_expanded (GTK_EXPANDER (expander), dark != 0);
      iss_shot_check (dialog, dark ? "error-dialog-details-dark" : "error-dialog");
      close_dialog (dialog, "dialog.cancel");
    }

  iss_shot_set_dark (FALSE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/error-dialog/three-things", test_three_things);
  g_test_add_func ("/error-dialog/parent", test_parent);
  g_test_add_func ("/error-dialog/advice", test_advice);
  g_test_add_func ("/error-dialog/shots", test_shots);

  return g_test_run ();
}
