/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/record-dialog.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/password-strength.h"
#include "core/pool/roll-record.h"
#include "ui/dialogs/file-chooser.h"
#include "ui/dialogs/secret-entry.h"

/**
 * IssRecordDialog:
 *
 * Asks for the passphrase of the administrator's key, or the PIN of its token, and where the
 * record shall be.
 *
 * What is kept is the sheet as it was when the dialog was opened: what is seen meanwhile does not
 * change what somebody signs.
 */
struct _IssRecordDialog
{
  GtkWindow         parent_instance;

  /* Template Widgets */
  GtkLabel         *what;
  GtkLabel         *passphrase_label;
  GtkPasswordEntry *passphrase;
  GtkWidget        *again_label;
  GtkPasswordEntry *again;
  GtkLabel         *strength;
  GtkLabel         *error;
  GtkWidget        *spinner;

  /* Owned References */
  IssRunSheet      *sheet;
  IssClock         *clock;
  IssAdministrator *administrator;   /* (nullable): there is none yet */
  GCancellable     *cancellable;
  char             *key_folder;
  char             *path;            /* (nullable): where to */

  gboolean          busy;
};

enum
{
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssRecordDialog, iss_record_dialog, GTK_TYPE_WINDOW)

static void
iss_record_dialog_dispose (GObject *object)
{
  IssRecordDialog *self = ISS_RECORD_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->sheet);
  g_clear_object (&self->administrator);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_pointer (&self->key_folder, g_free);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (iss_record_dialog_parent_class)->dispose (object);
}

static char *
dup_who (void)
{
  return g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());
}

/* (nullable): the key is in a file, or there is none yet */
static const char *
get_key_uri (IssRecordDialog *self)
{
  return self->administrator != NULL ? iss_administrator_get_key_uri (self->administrator) : NULL;
}

/* A new passphrase is typed twice; the PIN of a token may be kept where its URI or systemd says. */
static gboolean
is_complete (IssRecordDialog *self)
{
  g_autoptr(IssSecret) first = NULL;
  g_autoptr(IssSecret) second = NULL;

  if (iss_secret_entry_is_empty (self->passphrase) && get_key_uri (self) == NULL)
    return FALSE;

  if (self->administrator != NULL)
    return TRUE;

  first = iss_secret_entry_dup_secret (self->passphrase);
  second = iss_secret_entry_dup_secret (self->again);

  return iss_secret_equal (first, second);
}

static void
update (IssRecordDialog *self)
{
  g_autoptr(IssSecret) typed = iss_secret_entry_dup_secret (self->passphrase);
  gboolean is_new = self->administrator == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.save",
                                 is_complete (self) && !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again), !self->busy);
  gtk_widget_set_visible (self->again_label, is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->again), is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->strength), is_new);
  gtk_label_set_label (self->strength, iss_password_strength_to_text (
                                         iss_password_strength_judge (typed)));
  gtk_widget_set_visible (self->spinner, self->busy);
}

static void
edited_cb (IssRecordDialog *self)
{
  gtk_label_set_label (self->error, "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  update (self);
}

static void
show_error (IssRecordDialog *self,
            const GError    *error)
{
  g_autofree char *text = g_strconcat (error->message, ".", NULL);

  self->busy = FALSE;
  update (self);
  gtk_label_set_label (self->error, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static gboolean
save (IssRecordDialog  *self,
      IssPrivateKey    *key,
      GError          **error)
{
  g_autofree char *by = dup_who ();
  g_autofree char *text = iss_roll_record_write (self->sheet, by, "issuant");
  g_autoptr(GBytes) file = NULL;

  file = iss_roll_record_sign (text, iss_administrator_get_certificate (self->administrator), key,
                               iss_clock_now (self->clock), error);

  /* The file chooser has asked whether a file may be replaced. */
  return file != NULL && iss_roll_record_save (file, self->path, TRUE, error);
}

static void
unlocked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(IssRecordDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPrivateKey) key = NULL;

  key = iss_administrator_unlock_finish (ISS_ADMINISTRATOR (object), result, &error);
  if (self->cancellable == NULL)
    return;

  if (key == NULL || !save (self, key, &error))
    {
      show_error (self, error);
      return;
    }

  g_signal_emit (self, signals[SAVED], 0, self->path,
                 iss_administrator_get_name (self->administrator));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
unlock (IssRecordDialog *self)
{
  g_autoptr(IssSecret) passphrase = iss_secret_entry_dup_secret (self->passphrase);

  iss_administrator_unlock_async (self->administrator, passphrase, self->cancellable, unlocked_cb,
                                  g_object_ref (self));
}

static void
show_whose (IssRecordDialog *self)
{
  g_autofree char *text = NULL;

  if (get_key_uri (self) != NULL)
    {
      gtk_label_set_label (self->passphrase_label, _("_PIN of the token"));
      /* Translators: whose key it is, a pkcs11: URI */
      text = g_strdup_printf (_("The record is signed with the key of %s, which is in a token "
                                "(%s). Who has its certificate can verify it anywhere: issuantctl "
                                "verify-record. Leave the PIN empty where a file that the URI "
                                "names (pin-source) or a systemd credential holds it."),
                              iss_administrator_get_name (self->administrator),
                              get_key_uri (self));
    }
  else if (self->administrator != NULL)
    /* Translators: whose key it is */
    text = g_strdup_printf (_("The record is signed with the key of %s. Who has its certificate "
                              "can verify it anywhere: issuantctl verify-record."),
                            iss_administrator_get_name (self->administrator));
  else
    /* Translators: a folder */
    text = g_strdup_printf (_("You have no key to sign with yet. One is made now, and kept in %s, "
                              "protected by a passphrase that you choose: without both, nobody "
                              "signs as you."), self->key_folder);

  gtk_label_set_label (self->what, text);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(IssRecordDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAdministrator) made = iss_administrator_make_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  if (made == NULL)
    {
      show_error (self, error);
      return;
    }

  self->administrator = g_steal_pointer (&made);
  show_whose (self);
  unlock (self);
}

static void
chosen_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssRecordDialog) self = user_data;
  g_autoptr(GFile) file = iss_file_chooser_choose_finish (result, NULL);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (self->cancellable != NULL && path != NULL)
    iss_record_dialog_sign (self, path);
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssRecordDialog *self = ISS_RECORD_DIALOG (widget);
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc (iss_clock_now (self->clock));
  g_autofree char *date = g_date_time_format (day, "%F");
  /* Translators: the name of a file: a certificate type, a date */
  g_autofree char *name = g_strdup_printf (_("roll-record-%s-%s.txt"),
                                           iss_run_sheet_get_type_of (self->sheet)->name, date);
  g_autoptr(GFile) suggested = NULL;

  suggested = g_file_new_build_filename (documents != NULL ? documents : g_get_home_dir (), name,
                                         NULL);
  iss_file_chooser_save_async (GTK_WINDOW (self), _("Save Roll Record"), suggested,
                               self->cancellable, chosen_cb, g_object_ref (self));
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
iss_record_dialog_class_init (IssRecordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_record_dialog_dispose;

  /**
   * IssRecordDialog::saved:
   * @self: a dialog
   * @path: where
   * @signer: who signed it
   *
   * The record is there, whole.
   */
  signals[SAVED] = g_signal_new ("saved", ISS_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "record.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "record.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "record.cancel", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/record-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, what);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, passphrase_label);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, passphrase);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, again_label);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, again);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, strength);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, error);
  gtk_widget_class_bind_template_child (widget_class, IssRecordDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
iss_record_dialog_init (IssRecordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_secret_entry_protect (self->passphrase);
  iss_secret_entry_protect (self->again);
  self->cancellable = g_cancellable_new ();
}

/**
 * iss_record_dialog_new:
 * @parent: (nullable): its window
 * @sheet: what is to be kept
 * @key_folder: where the administrator's key is, or will be
 * @clock: the time
 *
 * Returns: (transfer none): a dialog; GTK owns it as any toplevel
 */
GtkWidget *
iss_record_dialog_new (GtkWindow   *parent,
                       IssRunSheet *sheet,
                       const char  *key_folder,
                       IssClock    *clock)
{
  IssRecordDialog *self;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (ISS_IS_RUN_SHEET (sheet), NULL);
  g_return_val_if_fail (key_folder != NULL && clock != NULL, NULL);

  self = g_object_new (ISS_TYPE_RECORD_DIALOG, "transient-for", parent, NULL);
  self->sheet = g_object_ref (sheet);
  self->key_folder = g_strdup (key_folder);
  self->clock = iss_clock_ref (clock);
  self->administrator = iss_administrator_open (key_folder, &error);
  show_whose (self);
  update (self);

  /* A key that is damaged is not replaced by another. */
  if (error != NULL && !g_error_matches (error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      show_error (self, error);
      gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase), FALSE);
      gtk_widget_set_sensitive (GTK_WIDGET (self->again), FALSE);
    }

  return GTK_WIDGET (self);
}

/**
 * iss_record_dialog_sign:
 * @self: a dialog whose passphrase was typed
 * @path: where the record shall be; a file there is replaced
 *
 * Makes the key, if there is none, signs, and saves: what happens once the file is chosen.
 */
void
iss_record_dialog_sign (IssRecordDialog *self,
                        const char      *path)
{
  g_autoptr(IssSecret) passphrase = NULL;
  g_autofree char *who = NULL;

  g_return_if_fail (ISS_IS_RECORD_DIALOG (self));
  g_return_if_fail (path != NULL && !self->busy);

  g_free (self->path);
  self->path = g_strdup (path);
  edited_cb (self);
  self->busy = TRUE;
  update (self);

  if (self->administrator != NULL)
    {
      unlock (self);
      return;
    }

  who = dup_who ();
  passphrase = iss_secret_entry_dup_secret (self->passphrase);
  iss_administrator_make_async (self->key_folder, who, passphrase, iss_clock_now (self->clock),
                                self->cancellable, made_cb, g_object_ref (self));
}

/**
 * iss_record_dialog_get_error:
 * @self: a dialog
 *
 * Returns: (transfer none): what went wrong last; "" if nothing did
 */
const char *
iss_record_dialog_get_error (IssRecordDialog *self)
{
  g_return_val_if_fail (ISS_IS_RECORD_DIALOG (self), NULL);

  return gtk_label_get_label (self->error);
}

/**
 * iss_record_dialog_dup_key_folder:
 * @workspace: (nullable): the console's
 *
 * Returns: (transfer full): where the key of who works with it is kept
 */
char *
iss_record_dialog_dup_key_folder (IssWorkspace *workspace)
{
  g_autofree char *demo = g_build_filename (g_get_user_data_dir (), "issuant", "demo", NULL);
  g_autofree char *topology = g_build_filename (demo, "topology.conf", NULL);

  if (workspace != NULL && g_strcmp0 (iss_workspace_get_path (workspace), topology) == 0)
    return g_build_filename (demo, ISS_ADMINISTRATOR_FOLDER, NULL);

  return g_build_filename (g_get_user_config_dir (), "issuant", ISS_ADMINISTRATOR_FOLDER, NULL);
}
