/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/error-dialog.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_CHARACTERS 2048

/**
 * IssErrorDialog:
 *
 * Tells what went wrong where nothing else on the screen does.
 */
struct _IssErrorDialog
{
  GtkWindow    parent_instance;

  /* Template Widgets */
  GtkWidget   *root;
  GtkLabel    *what;
  GtkLabel    *why;
  GtkLabel    *next;
  GtkExpander *expander;
  GtkLabel    *details;
  GtkWidget   *close_button;
};

G_DEFINE_FINAL_TYPE (IssErrorDialog, iss_error_dialog, GTK_TYPE_WINDOW)

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
copy_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssErrorDialog *self = ISS_ERROR_DIALOG (widget);
  const char *next = gtk_label_get_label (self->next);
  g_autofree char *text = g_strjoin ("\n", gtk_label_get_label (self->what),
                                     gtk_label_get_label (self->why),
                                     *next != '\0' ? next : gtk_label_get_label (self->details),
                                     *next != '\0' ? gtk_label_get_label (self->details) : NULL,
                                     NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
iss_error_dialog_class_init (IssErrorDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "dialog.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "dialog.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "dialog.cancel", NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/dialogs/error-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, root);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, what);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, why);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, next);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, expander);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, details);
  gtk_widget_class_bind_template_child (widget_class, IssErrorDialog, close_button);
}

static void
iss_error_dialog_init (IssErrorDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_error_dialog_get_advice:
 * @error: what went wrong
 *
 * Returns: (nullable): what to do about errors of its kind, where its message does not say it
 */
const char *
iss_error_dialog_get_advice (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != ISS_ERROR)
    return NULL;

  switch ((IssError) error->code)
    {
    case ISS_ERROR_MALFORMED:
      return _("Compare the file with the one that you meant, or fetch it again.");

    case ISS_ERROR_TOO_LARGE:
    case ISS_ERROR_TOO_COSTLY:
      return _("Check that it is the file you meant.");

    case ISS_ERROR_WRONG_PASSWORD:
      return _("Type the password again, and mind Caps Lock and the keyboard's layout.");

    case ISS_ERROR_UNSUPPORTED:
      return _("Export it again where it comes from, in another format.");

    case ISS_ERROR_NOT_FOUND:
    case ISS_ERROR_CHANGED:
      return _("Somebody may have changed it meanwhile: look again (F5), then repeat it.");

    case ISS_ERROR_EXISTS:
      return _("Choose another name, or keep what is there.");

    case ISS_ERROR_BUSY:
      return _("Wait until the other change is done, then try again.");

    case ISS_ERROR_NO_SPACE:
      return _("Make room on that disk, then try again. Nothing was changed.");

    case ISS_ERROR_PERMISSION:
      return _("Check who owns the file and its folder, or ask somebody who may change it.");

    case ISS_ERROR_UNREACHABLE:
    case ISS_ERROR_CLOSED:
      return _("Look at the server's own page for what it needs, then try again.");

    case ISS_ERROR_LOGIN:
    case ISS_ERROR_HOST_KEY_UNKNOWN:
    case ISS_ERROR_HOST_KEY_CHANGED:
    case ISS_ERROR_NO_AGENT:
    case ISS_ERROR_PROTOCOL:
    case ISS_ERROR_NOT_OWNER:
      return _("Look at the server's own page for what it needs.");

    case ISS_ERROR_FAILED:
    case ISS_ERROR_AMBIGUOUS:
    case ISS_ERROR_INVALID_ARGUMENT:
    case ISS_ERROR_REFUSED:
    case ISS_ERROR_NEEDS_CONFIRMATION:
    case ISS_ERROR_STAGED:
    case ISS_N_ERRORS:
      break;
    }

  return NULL;
}

/**
 * iss_error_dialog_show:
 * @parent: (nullable): a widget of the window in which it happened
 * @what: what could not be done, to which server or file: a sentence
 * @error: why
 * @next: (nullable): what to do next, a sentence; %NULL for what is usual for such errors
 *
 * Tells it, over the window.
 *
 * Returns: (transfer none): the dialog, which GTK owns until it is closed
 */
GtkWidget *
iss_error_dialog_show (GtkWidget    *parent,
                       const char   *what,
                       const GError *error,
                       const char   *next)
{
  IssErrorDialog *self;
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  g_autofree char *message = NULL;
  g_autofree char *why = NULL;
  g_autofree char *code = NULL;
  g_autofree char *details = NULL;

  g_return_val_if_fail (what != NULL && error != NULL, NULL);

  self = g_object_new (ISS_TYPE_ERROR_DIALOG, NULL);
  message = iss_text_sanitise (error->message, -1, MAX_CHARACTERS);
  why = g_strconcat (message, g_str_has_suffix (message, ".") ? "" : ".", NULL);
  code = g_dbus_error_encode_gerror (error);
  details = g_strdup_printf ("%s\nIssuant %s", code, ISS_VERSION);
  if (next == NULL)
    next = iss_error_dialog_get_advice (error);

  gtk_label_set_label (self->what, what);
  gtk_label_set_label (self->why, why);
  gtk_label_set_label (self->next, next != NULL ? next : "");
  gtk_widget_set_visible (GTK_WIDGET (self->next), next != NULL);
  gtk_label_set_label (self->details, details);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, what,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, why,
                                  -1);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));

  /* In this order: GTK 4.8 tells a screen reader of no dialog that had a focus before. */
  gtk_window_present (GTK_WINDOW (self));
  gtk_window_set_focus (GTK_WINDOW (self), self->close_button);

  return GTK_WIDGET (self);
}

/**
 * iss_error_dialog_get_what:
 * @self: a dialog
 *
 * Returns: (transfer none): what could not be done
 */
const char *
iss_error_dialog_get_what (IssErrorDialog *self)
{
  g_return_val_if_fail (ISS_IS_ERROR_DIALOG (self), NULL);

  return gtk_label_get_label (self->what);
}

/**
 * iss_error_dialog_get_why:
 * @self: a dialog
 *
 * Returns: (transfer none): why
 */
const char *
iss_error_dialog_get_why (IssErrorDialog *self)
{
  g_return_val_if_fail (ISS_IS_ERROR_DIALOG (self), NULL);

  return gtk_label_get_label (self->why);
}

/**
 * iss_error_dialog_get_next:
 * @self: a dialog
 *
 * Returns: (transfer none): what to do next; "" if nothing is said of it
 */
const char *
iss_error_dialog_get_next (IssErrorDialog *self)
{
  g_return_val_if_fail (ISS_IS_ERROR_DIALOG (self), NULL);

  return gtk_label_get_label (self->next);
}
