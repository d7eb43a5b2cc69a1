/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/token-key-dialog.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-key-uri.h"
#include "core/base/error.h"
#include "core/store/token-uri.h"
#include "ui/dialogs/secret-entry.h"

/**
 * IssTokenKeyDialog:
 *
 * Asks for the key's URI and the token's PIN, and has the server try them. It closes when the
 * token has proved that it holds the key; `IssTokenKeyDialog::proved` says so before.
 */
struct _IssTokenKeyDialog
{
  GtkWindow         parent_instance;

  /* Template Widgets */
  GtkLabel         *what;
  GtkEditable      *uri;
  GtkPasswordEntry *pin;
  GtkLabel         *pin_note;
  GtkLabel         *error;
  GtkWidget        *spinner;

  /* Owned References */
  IssServer        *server;
  GBytes           *sha256;
  GCancellable     *cancellable;

  gboolean          busy;
  gboolean          with_pin;       /* one was typed for the try that goes on */
};

G_DEFINE_FINAL_TYPE (IssTokenKeyDialog, iss_token_key_dialog, GTK_TYPE_WINDOW)

enum
{
  PROVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (IssTokenKeyDialog *self)
{
  gboolean has_uri = *gtk_editable_get_text (self->uri) != '\0';

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "token-key.use", has_uri && !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->uri), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pin), !self->busy);
  gtk_widget_set_visible (self->spinner, self->busy);
}

static void
edited_cb (IssTokenKeyDialog *self)
{
  gtk_label_set_label (self->error, "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  update (self);
}

static void
show_error (IssTokenKeyDialog *self,
            const GError      *error)
{
  g_autofree char *text = g_strconcat (error->message, ".", NULL);

  self->busy = FALSE;
  update (self);
  gtk_label_set_label (self->error, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    gtk_widget_grab_focus (GTK_WIDGET (self->pin));
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssTokenKeyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *stored = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->cancellable == NULL)
    return;

  if (stored == NULL)
    {
      show_error (self, error);
      return;
    }

  g_signal_emit (self, signals[PROVED], 0, stored, self->with_pin);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* A PIN is tried once: the next try is typed anew. */
static IssSecret *
take_pin (IssTokenKeyDialog *self)
{
  IssSecret *pin = iss_secret_entry_dup_secret (self->pin);

  iss_secret_entry_clear (self->pin);
  return pin;
}

static void
use_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  IssTokenKeyDialog *self = ISS_TOKEN_KEY_DIALOG (widget);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = iss_token_uri_normalise (gtk_editable_get_text (self->uri), &error);

  if (uri == NULL)
    {
      show_error (self, error);
      gtk_widget_grab_focus (GTK_WIDGET (self->uri));
      return;
    }

  self->with_pin = !iss_secret_entry_is_empty (self->pin);
  pin = take_pin (self);
  edited_cb (self);
  self->busy = TRUE;
  update (self);
  call = iss_agent_key_uri_call (self->sha256, uri, pin, FALSE);
  iss_server_call_async (self->server, call, self->cancellable, set_cb, g_object_ref (self));
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
iss_token_key_dialog_dispose (GObject *object)
{
  IssTokenKeyDialog *self = ISS_TOKEN_KEY_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->server);
  g_clear_pointer (&self->sha256, g_bytes_unref);

  G_OBJECT_CLASS (iss_token_key_dialog_parent_class)->dispose (object);
}

static void
iss_token_key_dialog_class_init (IssTokenKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_token_key_dialog_dispose;

  /**
   * IssTokenKeyDialog::proved:
   * @self: a dialog
   * @uri: the key's URI, as the server has stored it
   * @with_pin: whether a PIN was typed, and not the server's own used
   *
   * The server has written down where the key is.
   */
  signals[PROVED] = g_signal_new ("proved", ISS_TYPE_TOKEN_KEY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  gtk_widget_class_install_action (widget_class, "token-key.use", NULL, use_cb);
  gtk_widget_class_install_action (widget_class, "token-key.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "token-key.cancel", NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/certificates/"
                                               "token-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, what);
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, uri);
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, pin);
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, pin_note);
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, error);
  gtk_widget_class_bind_template_child (widget_class, IssTokenKeyDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
iss_token_key_dialog_init (IssTokenKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_secret_entry_protect (self->pin);
  self->cancellable = g_cancellable_new ();
  update (self);
}

/**
 * iss_token_key_dialog_new:
 * @parent: (nullable): its window
 * @server: where
 * @sha256: a certificate of Personal
 * @issued_to: its name
 *
 * Returns: (transfer none): a dialog; GTK owns it as any toplevel
 */
GtkWidget *
iss_token_key_dialog_new (GtkWindow  *parent,
                          IssServer  *server,
                          GBytes     *sha256,
                          const char *issued_to)
{
  IssTokenKeyDialog *self;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *what = NULL;
  g_autofree char *note = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (sha256 != NULL && issued_to != NULL, NULL);

  self = g_object_new (ISS_TYPE_TOKEN_KEY_DIALOG, "transient-for", parent, NULL);
  self->server = g_object_ref (server);
  self->sha256 = g_bytes_ref (sha256);

  name = iss_server_dup_short_name (server);
  /* Translators: a server */
  title = g_strdup_printf (_("Key in a Token of %s"), name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  /* Translators: a certificate, a server, the same server */
  what = g_strdup_printf (_("The private key of %s is in a token of %s. The token has to sign "
                            "something before %s believes it."), issued_to, name, name);
  gtk_label_set_label (self->what, what);
  note = g_strdup_printf (_("Leave it empty if %s has the PIN itself. It is tried once and stored "
                            "nowhere: a few wrong ones lock a token."), name);
  gtk_label_set_label (self->pin_note, note);

  return GTK_WIDGET (self);
}

/**
 * iss_token_key_dialog_is_busy:
 * @self: a dialog
 *
 * Returns: whether it waits for the server
 */
gboolean
iss_token_key_dialog_is_busy (IssTokenKeyDialog *self)
{
  g_return_val_if_fail (ISS_IS_TOKEN_KEY_DIALOG (self), FALSE);

  return self->busy;
}

/**
 * iss_token_key_dialog_get_error:
 * @self: a dialog
 *
 * Returns: (transfer none): what went wrong last; "" if nothing did
 */
const char *
iss_token_key_dialog_get_error (IssTokenKeyDialog *self)
{
  g_return_val_if_fail (ISS_IS_TOKEN_KEY_DIALOG (self), NULL);

  return gtk_label_get_label (self->error);
}
