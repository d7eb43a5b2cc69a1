/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/confirm-dialog.h"

#include "tests/lib/wait.h"
#include "ui/style.h"

typedef enum
{
  NONE,
  YES,
  NO
} Answer;

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  g_assert_cmpint (*answer, ==, NONE);
  *answer = iss_confirm_dialog_ask_finish (result) ? YES : NO;
}

/* The one that is open. */
static IssConfirmDialog *
ref_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  IssConfirmDialog *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GObject) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CONFIRM_DIALOG (toplevel))
        {
          g_assert_null (found);
          found = ISS_CONFIRM_DIALOG (g_steal_pointer (&toplevel));
        }
    }

  g_assert_nonnull (found);
  iss_wait_until (gtk_widget_get_mapped (GTK_WIDGET (found)));

  return found;
}

static GtkWidget *
get_child (IssConfirmDialog *dialog,
           const char       *id)
{
  GObject *child = gtk_widget_get_template_child (GTK_WIDGET (dialog), ISS_TYPE_CONFIRM_DIALOG,
                                                  id);

  g_assert_true (GTK_IS_WIDGET (child));

  return GTK_WIDGET (child);
}

typedef struct
{
  const char *way;
  const char *action;   /* (nullable) */
  const char *button;   /* (nullable) */
  Answer      answer;
} AnswerCase;

static void
test_answers (void)
{
  static const AnswerCase cases[] =
  {
    { "the verb",            "dialog.confirm",  NULL,             YES },
    { "its button",          NULL,              "confirm_button", YES },
    { "Cancel",              "dialog.cancel",   NULL,             NO },
    { "Cancel's button",     NULL,              "cancel_button",  NO },
    { "Return at once",      "default.activate", NULL,            NO },
    { "closed",              "window.close",    NULL,             NO },
    { "gone with the rest",  NULL,              NULL,             NO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const AnswerCase *c = &cases[i];
      Answer answer = NONE;
      IssConfirmDialog *dialog;

      g_test_message ("%s", c->way);
      iss_confirm_dialog_ask_async (NULL, "Delete 2 certificates?", "They cannot be brought back.",
                                    "_Delete", TRUE, answered_cb, &answer);
      dialog = ref_dialog ();
      g_assert_cmpint (answer, ==, NONE);

      if (c->action != NULL)
        g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), c->action, NULL));
      else if (c->button != NULL)
        g_signal_emit_by_name (get_child (dialog, c->button), "clicked");
      else
        gtk_window_destroy (GTK_WINDOW (dialog));

      /* Nobody holds it then but this test, and it answers when it goes. */
      if (c->action != NULL || c->button != NULL)
        iss_wait_until (answer != NONE);
      iss_wait_for_idle ();
      g_assert_finalize_object (dialog);
      iss_wait_until (answer != NONE);
      g_assert_cmpint (answer, ==, c->answer);
    }
}

static void
test_words (void)
{
  GtkWidget *parent = gtk_window_new ();
  GtkWidget *inside = gtk_label_new ("x");
  Answer answer = NONE;
  IssConfirmDialog *dialog;
  GtkWidget *verb;

  gtk_window_set_child (GTK_WINDOW (parent), inside);
  iss_confirm_dialog_ask_async (inside, "Remove fe03?", "Nothing changes on fe03 itself.",
                                "_Remove", FALSE, answered_cb, &answer);
  dialog = ref_dialog ();
  verb = get_child (dialog, "confirm_button");

  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==, "Remove fe03?");
  g_assert_cmpstr (iss_confirm_dialog_get_consequence (dialog), ==,
                   "Nothing changes on fe03 itself.");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (verb)), ==, "_Remove");
  g_assert_false (gtk_widget_has_css_class (verb, "destructive-action"));
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == GTK_WINDOW (parent));
  gtk_test_accessible_assert_role (dialog, GTK_ACCESSIBLE_ROLE_ALERT_DIALOG);
  gtk_test_accessible_assert_property (dialog, GTK_ACCESSIBLE_PROPERTY_LABEL, "Remove fe03?");
  gtk_test_accessible_assert_property (dialog, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Nothing changes on fe03 itself.");

  /* What Return does, and where the keys go at first. */
  g_assert_true (gtk_window_get_default_widget (GTK_WINDOW (dialog))
                 == get_child (dialog, "cancel_button"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == get_child (dialog, "cancel_button"));

  gtk_window_destroy (GTK_WINDOW (dialog));
  iss_wait_for_idle ();
  g_assert_finalize_object (dialog);
  iss_wait_until (answer == NO);
  gtk_window_destroy (GTK_WINDOW (parent));
}

static void
test_destroys (void)
{
  Answer answer = NONE;
  IssConfirmDialog *dialog;

  iss_confirm_dialog_ask_async (NULL, "Delete it?", "It cannot be brought back.", "_Delete", TRUE,
                                answered_cb, &answer);
  dialog = ref_dialog ();
  g_assert_true (gtk_widget_has_css_class (get_child (dialog, "confirm_button"),
                                           "destructive-action"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  iss_wait_for_idle ();
  g_assert_finalize_object (dialog);
  iss_wait_until (answer == NO);
}

static void
test_tell (void)
{
  Answer answer = NONE;
  IssConfirmDialog *dialog;

  iss_confirm_dialog_tell_async (NULL, "It could not be written down.", "The disk is full",
                                 answered_cb, &answer);
  dialog = ref_dialog ();
  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==, "It could not be written down.");
  g_assert_cmpstr (iss_confirm_dialog_get_consequence (dialog), ==, "The disk is full");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (get_child (dialog, "cancel_button"))), ==,
                   "_Close");
  g_assert_false (gtk_widget_get_visible (get_child (dialog, "confirm_button")));

  g_signal_emit_by_name (get_child (dialog, "cancel_button"), "clicked");
  iss_wait_until (answer == NO);
  iss_wait_for_idle ();
  g_assert_finalize_object (dialog);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/confirm-dialog/answers", test_answers);
  g_test_add_func ("/confirm-dialog/words", test_words);
  g_test_add_func ("/confirm-dialog/destroys", test_destroys);
  g_test_add_func ("/confirm-dialog/tell", test_tell);

  return g_test_run ();
}
