/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/confirm-dialog.h"

#include <glib/gi18n-lib.h>

/**
 * IssConfirmDialog:
 *
 * Asks before something is done, or tells what went wrong. Return and Escape
 * both take the safe way out.
 */
struct _IssConfirmDialog
{
  GtkWindow  parent_instance;

  /* Template Widgets */
  GtkLabel  *question;
  GtkLabel  *consequence;
  GtkButton *cancel_button;
  GtkButton *confirm_button;

  /* Owned References */
  GTask     *task;          /* until it is answered */
};

G_DEFINE_FINAL_TYPE (IssConfirmDialog, iss_confirm_dialog, GTK_TYPE_WINDOW)

static void
answer (IssConfirmDialog *self,
        gboolean          confirmed)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (task != NULL)
    g_task_return_boolean (task, confirmed);
}

static void
iss_confirm_dialog_dispose (GObject *object)
{
  answer (ISS_CONFIRM_DIALOG (object), FALSE);

  G_OBJECT_CLASS (iss_confirm_dialog_parent_class)->dispose (object);
}

static gboolean
close_request (GtkWindow *window)
{
  answer (ISS_CONFIRM_DIALOG (window), FALSE);

  return GTK_WINDOW_CLASS (iss_confirm_dialog_parent_class)->close_request (window);
}

static void
confirm_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  answer (ISS_CONFIRM_DIALOG (widget), TRUE);
  gtk_window_destroy (GTK_WINDOW (widget));
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
iss_confirm_dialog_class_init (IssConfirmDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_confirm_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;

  gtk_widget_class_install_action (widget_class, "dialog.confirm", NULL, confirm_cb);
  gtk_widget_class_install_action (widget_class, "dialog.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "dialog.cancel", NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/dialogs/confirm-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssConfirmDialog, question);
  gtk_widget_class_bind_template_child (widget_class, IssConfirmDialog, consequence);
  gtk_widget_class_bind_template_child (widget_class, IssConfirmDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, IssConfirmDialog, confirm_button);
}

static void
iss_confirm_dialog_init (IssConfirmDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static IssConfirmDialog *
open_dialog (GtkWidget           *parent,
             const char          *question,
             const char          *consequence,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  IssConfirmDialog *self = g_object_new (ISS_TYPE_CONFIRM_DIALOG, NULL);
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;

  /* The task does not hold the dialog, which holds the task. */
  self->task = g_task_new (NULL, NULL, callback, user_data);
  gtk_label_set_label (self->question, question);
  gtk_label_set_label (self->consequence, consequence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, question,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, consequence,
                                  -1);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));

  return self;
}

/* In this order: GTK 4.8 tells a screen reader of no dialog that had a focus before. */
static void
present (IssConfirmDialog *self)
{
  gtk_window_present (GTK_WINDOW (self));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->cancel_button));
}

/**
 * iss_confirm_dialog_ask_async:
 * @parent: (nullable): a widget of the window that asks
 * @question: what will be done, as a question
 * @consequence: what comes of it, in a sentence or two
 * @verb: the button that does it, with its mnemonic
 * @destroys: whether that cannot be undone
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks, and stands in the way of its window until there is an answer.
 */
void
iss_confirm_dialog_ask_async (GtkWidget           *parent,
                              const char          *question,
                              const char          *consequence,
                              const char          *verb,
                              gboolean             destroys,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  IssConfirmDialog *self;

  g_return_if_fail (question != NULL && consequence != NULL && verb != NULL);

  self = open_dialog (parent, question, consequence, callback, user_data);
  gtk_button_set_label (self->confirm_button, verb);
  if (destroys)
    gtk_widget_add_css_class (GTK_WIDGET (self->confirm_button), "destructive-action");

  present (self);
}

/**
 * iss_confirm_dialog_ask_finish:
 * @result: the result given to the callback
 *
 * Returns: whether the verb was chosen
 */
gboolean
iss_confirm_dialog_ask_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), NULL);
}

/**
 * iss_confirm_dialog_tell_async:
 * @parent: (nullable): a widget of the window that tells
 * @what: what happened
 * @why: why, and what to do
 * @callback: called when it was closed
 * @user_data: for @callback
 *
 * Tells what went wrong.
 */
void
iss_confirm_dialog_tell_async (GtkWidget           *parent,
                               const char          *what,
                               const char          *why,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  IssConfirmDialog *self;

  g_return_if_fail (what != NULL && why != NULL);

  self = open_dialog (parent, what, why, callback, user_data);
  gtk_button_set_label (self->cancel_button, _("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_button), FALSE);

  present (self);
}

/**
 * iss_confirm_dialog_get_question:
 * @self: a dialog
 *
 * Returns: (transfer none): what it asks
 */
const char *
iss_confirm_dialog_get_question (IssConfirmDialog *self)
{
  g_return_val_if_fail (ISS_IS_CONFIRM_DIALOG (self), NULL);

  return gtk_label_get_label (self->question);
}

/**
 * iss_confirm_dialog_get_consequence:
 * @self: a dialog
 *
 * Returns: (transfer none): what comes of it
 */
const char *
iss_confirm_dialog_get_consequence (IssConfirmDialog *self)
{
  g_return_val_if_fail (ISS_IS_CONFIRM_DIALOG (self), NULL);

  return gtk_label_get_label (self->consequence);
}
