/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/file-chooser.h"

#include <glib/gi18n-lib.h>

/* GtkFileChooserNative is deprecated from GTK 4.10 on, where GtkFileDialog
 * takes its place: that change is to be made here and nowhere else. */

typedef struct
{
  const char *name;
  const char *patterns;   /* separated by ; */
} Filter;

static const Filter filters[] =
{
  { N_("Certificates and PFX files"),
    "*.pfx;*.p12;*.cer;*.crt;*.pem;*.der;*.p7b;*.spc;*.p7c;*.sst" },
  { N_("PFX, with private key (*.pfx, *.p12)"), "*.pfx;*.p12" },
  { N_("X.509 certificates (*.cer, *.crt, *.pem)"), "*.cer;*.crt;*.pem;*.der" },
  { N_("PKCS #7 certificates (*.p7b, *.spc)"), "*.p7b;*.spc;*.p7c" },
  { N_("Microsoft serialized certificate stores (*.sst)"), "*.sst" },
  { N_("All files"), "*" },
};

static void
add_filters (GtkFileChooser *chooser)
{
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();
      g_auto(GStrv) patterns = g_strsplit (filters[i].patterns, ";", -1);

      gtk_file_filter_set_name (filter, _(filters[i].name));
      for (gsize j = 0; patterns[j] != NULL; j++)
        {
          g_autofree char *upper = g_ascii_strup (patterns[j], -1);

          gtk_file_filter_add_pattern (filter, patterns[j]);
          gtk_file_filter_add_pattern (filter, upper);
        }

      gtk_file_chooser_add_filter (chooser, filter);
    }
}

static void
finish (GTask *task)
{
  GtkNativeDialog *dialog = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (dialog, task);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (task);
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  GTask *task = user_data;
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (file != NULL)
    g_task_return_pointer (task, g_steal_pointer (&file), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                             _("No file was chosen"));

  finish (task);
}

/**
 * iss_file_chooser_choose_async:
 * @parent: (nullable): the window that asks
 * @title: what for
 * @cancellable: (nullable): accepted for the caller's sake: its callback then
 *   gets an error; the chooser itself goes with @parent
 * @callback: called when a file was chosen, or none
 * @user_data: for @callback
 *
 * Lets the person choose a file with certificates.
 */
void
iss_file_chooser_choose_async (GtkWindow           *parent,
                               const char          *title,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  GtkFileChooserNative *chooser;

  g_task_set_source_tag (task, iss_file_chooser_choose_async);
  chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  add_filters (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), task);

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * iss_file_chooser_save_async:
 * @parent: (nullable): the window that asks
 * @title: what for
 * @suggested: (nullable): the name to begin with
 * @cancellable: (nullable): as in iss_file_chooser_choose_async()
 * @callback: called when a name was chosen, or none
 * @user_data: for @callback
 *
 * Lets the person choose where to write a file; iss_file_chooser_choose_finish()
 * ends it. Nothing is written.
 */
void
iss_file_chooser_save_async (GtkWindow           *parent,
                             const char          *title,
                             GFile               *suggested,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GFile) folder = suggested != NULL ? g_file_get_parent (suggested) : NULL;
  g_autofree char *name = suggested != NULL ? g_file_get_basename (suggested) : NULL;
  GtkFileChooserNative *chooser;

  g_task_set_source_tag (task, iss_file_chooser_choose_async);
  chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), task);

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * iss_file_chooser_choose_finish:
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED when none was chosen
 *
 * Returns: (transfer full) (nullable): the file
 */
GFile *
iss_file_chooser_choose_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
