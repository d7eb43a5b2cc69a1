/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/confirm-dialog.h"

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "ui/style.h"

typedef struct
{
  gboolean is_answered;
  gboolean confirmed;
} Answer;

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_false (answer->is_answered);
  answer->is_answered = TRUE;
  answer->confirmed = iss_confirm_dialog_ask_finish (result);
}

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (ISS_IS_CONFIRM_DIALOG (window))
        return window;
    }

  return NULL;
}

static void
test_answers (void)
{
  static const struct
  {
    const char *action;
    gboolean    confirmed;
  }
  cases[] =
  {
    { "dialog.confirm", TRUE },
    { "dialog.cancel",  FALSE },
    { "window.close",   FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Answer answer = { FALSE, FALSE };
      GtkWidget *dialog;
      GtkWidget *focus;

      iss_confirm_dialog_ask_async (NULL, "Delete 2 certificates?", "They go to the trash.",
                                    "_Delete", TRUE, answered_cb, &answer);
      dialog = find_dialog ();
      g_assert_nonnull (dialog);
      g_assert_cmpstr (iss_confirm_dialog_get_question (ISS_CONFIRM_DIALOG (dialog)), ==,
                       "Delete 2 certificates?");
      g_assert_cmpstr (iss_confirm_dialog_get_consequence (ISS_CONFIRM_DIALOG (dialog)), ==,
                       "They go to the trash.");
      gtk_test_accessible_assert_role (dialog, GTK_ACCESSIBLE_ROLE_ALERT_DIALOG);
      gtk_test_accessible_assert_property (dialog, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           "Delete 2 certificates?");
      iss_shot_settle (dialog);

      /* The safe way out has the focus. */
      focus = gtk_window_get_focus (GTK_WINDOW (dialog));
      g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (focus)), ==, "_Cancel");

      g_object_ref (dialog);
      gtk_widget_activate_action (dialog, cases[i].action, NULL);
      iss_wait_until (answer.is_answered);
      g_assert_cmpint (answer.confirmed, ==, cases[i].confirmed);
      g_assert_finalize_object (dialog);
    }
}

static void
test_tell (void)
{
  Answer answer = { FALSE, TRUE };
  GtkWidget *dialog;

  iss_confirm_dialog_tell_async (NULL, "It could not be written down.", "The disk is full",
                                 answered_cb, &answer);
  dialog = find_dialog ();
  iss_shot_settle (dialog);
  gtk_widget_activate_action (dialog, "dialog.cancel", NULL);
  iss_wait_until (answer.is_answered);
  g_assert_false (answer.confirmed);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/confirm-dialog/answers", test_answers);
  g_test_add_func ("/confirm-dialog/tell", test_tell);

  return g_test_run ();
}
