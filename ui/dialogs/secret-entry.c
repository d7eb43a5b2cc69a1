/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/secret-entry.h"

#include <string.h>

#include "ui/dialogs/secret-buffer.h"

static GtkEditable *
get_text (GtkPasswordEntry *entry)
{
  return gtk_editable_get_delegate (GTK_EDITABLE (entry));
}

static IssSecretBuffer *
get_buffer (GtkEditable *text)
{
  return ISS_SECRET_BUFFER (gtk_text_get_buffer (GTK_TEXT (text)));
}

/* All who listen to the entry, such as what tells screen readers, are told stars. */
static void
insert (GtkEditable *text,
        const char  *inserted,
        gssize       size,
        int         *position)
{
  IssSecretBuffer *buffer = get_buffer (text);
  g_autofree char *stars = g_strnfill ((gsize) g_utf8_strlen (inserted, size), '*');

  /* Showing the text has turned it on again, and it would put back stars. */
  gtk_editable_set_enable_undo (text, FALSE);

  iss_secret_buffer_expect (buffer, inserted);
  gtk_editable_insert_text (text, stars, -1, position);
  iss_secret_buffer_expect (buffer, NULL);
}

static void
insert_text_cb (GtkEditable *text,
                const char  *inserted,
                int          size,
                int         *position)
{
  if (iss_secret_buffer_is_expecting (get_buffer (text)))
    return;

  insert (text, inserted, size, position);
  g_signal_stop_emission_by_name (text, "insert-text");
}

static void
delete_text_cb (GtkEditable *text)
{
  gtk_editable_set_enable_undo (text, FALSE);
}

typedef struct
{
  GtkEditable *text;      /* owned */
  IssSecret   *pasted;    /* owned: ISS_SECRET_BUFFER_MAX_SIZE bytes */
  gpointer     data;      /* of pasted */
} Paste;

static void
paste_free (Paste *self)
{
  g_object_unref (self->text);
  iss_secret_unref (self->pasted);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paste, paste_free)

/* A password is pasted as it is read from a file: without the newline behind it. */
static void
paste_read_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Paste) self = user_data;
  g_autoptr(IssSecret) read = NULL;
  g_autoptr(IssSecret) password = NULL;
  const char *string;
  gsize size;
  int position;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &size, NULL))
    size = 0;

  read = iss_secret_new (self->data, size);
  password = iss_secret_without_newline (read);
  string = iss_secret_get_string (password);
  if (string == NULL || *string == '\0' || !g_utf8_validate (string, -1, NULL))
    {
      gtk_widget_error_bell (GTK_WIDGET (self->text));
      return;
    }

  gtk_editable_delete_selection (self->text);
  position = gtk_editable_get_position (self->text);
  insert (self->text, string, -1, &position);
  gtk_editable_set_position (self->text, position);
}

static void
paste_opened_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Paste) self = user_data;
  g_autoptr(GInputStream) stream = NULL;
  gpointer data = self->data;

  stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, NULL);
  if (stream == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self->text));
      return;
    }

  g_input_stream_read_all_async (stream, data, ISS_SECRET_BUFFER_MAX_SIZE, G_PRIORITY_DEFAULT,
                                 NULL, paste_read_cb, g_steal_pointer (&self));
}

/* GTK would read it into three strings of its own. */
static void
paste_clipboard_cb (GtkEditable *text)
{
  static const char *const types[] = { "text/plain;charset=utf-8", NULL };
  Paste *self = g_new0 (Paste, 1);

  self->text = g_object_ref (text);
  self->pasted = iss_secret_new_sized (ISS_SECRET_BUFFER_MAX_SIZE, &self->data);
  gdk_clipboard_read_async (gtk_widget_get_clipboard (GTK_WIDGET (text)), (const char **) types,
                            G_PRIORITY_DEFAULT, NULL, paste_opened_cb, self);
  g_signal_stop_emission_by_name (text, "paste-clipboard");
}

static void
visibility_cb (GtkEditable *text)
{
  iss_secret_buffer_set_shown (get_buffer (text), gtk_text_get_visibility (GTK_TEXT (text)));
}

/**
 * iss_secret_entry_protect:
 * @entry: an entry
 *
 * Keeps what is typed into @entry, or pasted with the keyboard or the menu, in locked memory that
 * is wiped with it; gtk_editable_get_text() and all of GTK see stars.
 *
 * Out of reach, and not wiped, are: each key by itself; what the X server hands over of a
 * clipboard; and the text that Pango lays out while somebody has it shown.
 */
void
iss_secret_entry_protect (GtkPasswordEntry *entry)
{
  g_autoptr(IssSecretBuffer) buffer = iss_secret_buffer_new ();
  GtkEditable *text;

  g_return_if_fail (GTK_IS_PASSWORD_ENTRY (entry));

  text = get_text (entry);
  gtk_text_set_buffer (GTK_TEXT (text), GTK_ENTRY_BUFFER (buffer));
  g_signal_connect (text, "insert-text", G_CALLBACK (insert_text_cb), NULL);
  g_signal_connect (text, "delete-text", G_CALLBACK (delete_text_cb), NULL);
  g_signal_connect (text, "paste-clipboard", G_CALLBACK (paste_clipboard_cb), NULL);
  g_signal_connect (text, "notify::visibility", G_CALLBACK (visibility_cb), NULL);
}

/**
 * iss_secret_entry_dup_secret:
 * @entry: an entry that is protected
 *
 * Returns: (transfer full): what was typed
 */
IssSecret *
iss_secret_entry_dup_secret (GtkPasswordEntry *entry)
{
  g_return_val_if_fail (GTK_IS_PASSWORD_ENTRY (entry), NULL);

  return iss_secret_buffer_dup_secret (get_buffer (get_text (entry)));
}

gboolean
iss_secret_entry_is_empty (GtkPasswordEntry *entry)
{
  g_return_val_if_fail (GTK_IS_PASSWORD_ENTRY (entry), TRUE);

  return *gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0';
}

/**
 * iss_secret_entry_clear:
 * @entry: an entry that is protected
 *
 * Wipes what was typed, and hides what is typed next.
 */
void
iss_secret_entry_clear (GtkPasswordEntry *entry)
{
  g_return_if_fail (GTK_IS_PASSWORD_ENTRY (entry));

  gtk_text_set_visibility (GTK_TEXT (get_text (entry)), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}
