/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/secret-buffer.h"

#include <string.h>

/**
 * IssSecretBuffer:
 *
 * Keeps a password in locked memory, and tells GTK nothing but how long it is.
 *
 * Whoever asks for the text gets as many stars as there are characters: GTK copies it for Pango,
 * for undo and for screen readers, into memory that nobody wipes. #GtkPasswordEntryBuffer locks
 * its memory too, but gives the text to all of these, and keeps what was deleted until it ends.
 * Only while the password is to be seen on the screen is it told.
 */
struct _IssSecretBuffer
{
  GtkEntryBuffer  parent_instance;

  /* Owned */
  IssSecret      *secret;       /* ISS_SECRET_BUFFER_MAX_SIZE bytes, zero behind n_bytes */
  char           *stars;        /* n_chars of them */

  /* Borrowed */
  char           *text;         /* the bytes of secret */
  const char     *expected;     /* (nullable): what is inserted next */

  gsize           n_bytes;
  guint           n_chars;
  gboolean        shown;
};

G_DEFINE_FINAL_TYPE (IssSecretBuffer, iss_secret_buffer, GTK_TYPE_ENTRY_BUFFER)

static void
count (IssSecretBuffer *self,
       guint            n_chars,
       gsize            n_bytes)
{
  g_free (self->stars);
  self->stars = g_strnfill (n_chars, '*');
  self->n_chars = n_chars;
  self->n_bytes = n_bytes;
}

static gsize
offset_of (IssSecretBuffer *self,
           guint            position)
{
  return (gsize) (g_utf8_offset_to_pointer (self->text, position) - self->text);
}

static const char *
iss_secret_buffer_get_text (GtkEntryBuffer *buffer,
                            gsize          *out_n_bytes)
{
  IssSecretBuffer *self = ISS_SECRET_BUFFER (buffer);

  if (out_n_bytes != NULL)
    *out_n_bytes = self->shown ? self->n_bytes : self->n_chars;

  return self->shown ? self->text : self->stars;
}

static guint
iss_secret_buffer_get_length (GtkEntryBuffer *buffer)
{
  return ISS_SECRET_BUFFER (buffer)->n_chars;
}

static guint
iss_secret_buffer_insert_text (GtkEntryBuffer *buffer,
                               guint           position,
                               const char     *chars,
                               guint           n_chars)
{
  IssSecretBuffer *self = ISS_SECRET_BUFFER (buffer);
  const char *text = self->expected != NULL ? self->expected : chars;
  g_autofree char *stars = NULL;
  gsize room = ISS_SECRET_BUFFER_MAX_SIZE - 1 - self->n_bytes;
  gsize n_bytes = (gsize) (g_utf8_offset_to_pointer (text, n_chars) - text);
  gsize at;

  while (n_bytes > room)
    {
      n_chars--;
      n_bytes = (gsize) (g_utf8_offset_to_pointer (text, n_chars) - text);
    }

  at = offset_of (self, MIN (position, self->n_chars));
  memmove (self->text + at + n_bytes, self->text + at, self->n_bytes - at);
  memcpy (self->text + at, text, n_bytes);
  count (self, self->n_chars + n_chars, self->n_bytes + n_bytes);

  stars = g_strnfill (n_chars, '*');
  gtk_entry_buffer_emit_inserted_text (buffer, position, stars, n_chars);

  return n_chars;
}

static guint
iss_secret_buffer_delete_text (GtkEntryBuffer *buffer,
                               guint           position,
                               guint           n_chars)
{
  IssSecretBuffer *self = ISS_SECRET_BUFFER (buffer);

  position = MIN (position, self->n_chars);
  n_chars = MIN (n_chars, self->n_chars - position);
  if (n_chars > 0)
    gtk_entry_buffer_emit_deleted_text (buffer, position, n_chars);

  return n_chars;
}

/* GTK wants the text to change here, between those who listen before and after. */
static void
iss_secret_buffer_deleted_text (GtkEntryBuffer *buffer,
                                guint           position,
                                guint           n_chars)
{
  IssSecretBuffer *self = ISS_SECRET_BUFFER (buffer);
  gsize start = offset_of (self, position);
  gsize end = offset_of (self, position + n_chars);
  gsize n_bytes = self->n_bytes - (end - start);

  memmove (self->text + start, self->text + end, self->n_bytes - end);
  explicit_bzero (self->text + n_bytes, self->n_bytes - n_bytes);
  count (self, self->n_chars - n_chars, n_bytes);

  g_object_notify (G_OBJECT (self), "text");
  g_object_notify (G_OBJECT (self), "length");
}

static void
iss_secret_buffer_finalize (GObject *object)
{
  IssSecretBuffer *self = ISS_SECRET_BUFFER (object);

  g_clear_pointer (&self->secret, iss_secret_unref);
  g_clear_pointer (&self->stars, g_free);

  G_OBJECT_CLASS (iss_secret_buffer_parent_class)->finalize (object);
}

static void
iss_secret_buffer_class_init (IssSecretBufferClass *klass)
{
  GtkEntryBufferClass *buffer_class = GTK_ENTRY_BUFFER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = iss_secret_buffer_finalize;

  buffer_class->get_text = iss_secret_buffer_get_text;
  buffer_class->get_length = iss_secret_buffer_get_length;
  buffer_class->insert_text = iss_secret_buffer_insert_text;
  buffer_class->delete_text = iss_secret_buffer_delete_text;
  buffer_class->deleted_text = iss_secret_buffer_deleted_text;
}

static void
iss_secret_buffer_init (IssSecretBuffer *self)
{
  gpointer text;

  self->secret = iss_secret_new_sized (ISS_SECRET_BUFFER_MAX_SIZE, &text);
  self->text = text;
  count (self, 0, 0);
}

/**
 * iss_secret_buffer_new:
 *
 * Returns: (transfer full): an empty buffer
 */
IssSecretBuffer *
iss_secret_buffer_new (void)
{
  return g_object_new (ISS_TYPE_SECRET_BUFFER, NULL);
}

/**
 * iss_secret_buffer_expect:
 * @self: a buffer
 * @text: (nullable): UTF-8; borrowed until it is %NULL again
 *
 * Says what the next insertion really inserts, so that everybody on the way from the entry to
 * here can be told stars instead, as many as @text has characters.
 */
void
iss_secret_buffer_expect (IssSecretBuffer *self,
                          const char      *text)
{
  g_return_if_fail (ISS_IS_SECRET_BUFFER (self));

  self->expected = text;
}

gboolean
iss_secret_buffer_is_expecting (IssSecretBuffer *self)
{
  g_return_val_if_fail (ISS_IS_SECRET_BUFFER (self), FALSE);

  return self->expected != NULL;
}

/**
 * iss_secret_buffer_set_shown:
 * @self: a buffer
 * @shown: whether the password is to be seen on the screen
 */
void
iss_secret_buffer_set_shown (IssSecretBuffer *self,
                             gboolean         shown)
{
  g_return_if_fail (ISS_IS_SECRET_BUFFER (self));

  self->shown = shown;
}

/**
 * iss_secret_buffer_dup_secret:
 * @self: a buffer
 *
 * Returns: (transfer full): what was typed
 */
IssSecret *
iss_secret_buffer_dup_secret (IssSecretBuffer *self)
{
  g_return_val_if_fail (ISS_IS_SECRET_BUFFER (self), NULL);

  return iss_secret_new (self->text, self->n_bytes);
}
