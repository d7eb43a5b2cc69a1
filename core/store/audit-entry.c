/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-entry.h"

#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/audit-line.h"

#define MAX_MEMBERS 256
#define MAX_CHARACTERS 1024
#define MAX_SHOWN_BYTES 1024   /* of a line that is no entry */

/**
 * IssAuditEntry:
 *
 * What one line of audit.jsonl says.
 *
 * It is made from the line itself, at both ends: what the console shows is what
 * stands in the server's file, not what the server makes of it.
 */
struct _IssAuditEntry
{
  GObject             parent_instance;

  IssAuditEntryState  state;
  guint64             offset;
  guint64             n;
  gint64              time;
  gboolean            follows_torn;

  /* Owned */
  GBytes             *line;
  char               *text;
  char               *who;
  char               *what;
  GPtrArray          *details;   /* NULL-terminated */
  GHashTable         *names;     /* (nullable): SHA-256 in hex -> issued to */
};

G_DEFINE_FINAL_TYPE (IssAuditEntry, iss_audit_entry, G_TYPE_OBJECT)

static void
iss_audit_entry_finalize (GObject *object)
{
  IssAuditEntry *self = ISS_AUDIT_ENTRY (object);

  g_bytes_unref (self->line);
  g_free (self->text);
  g_free (self->who);
  g_free (self->what);
  g_ptr_array_unref (self->details);
  g_clear_pointer (&self->names, g_hash_table_unref);

  G_OBJECT_CLASS (iss_audit_entry_parent_class)->finalize (object);
}

static void
iss_audit_entry_class_init (IssAuditEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_audit_entry_finalize;
}

static void
iss_audit_entry_init (IssAuditEntry *self)
{
  self->who = g_strdup ("");
  self->what = g_strdup ("");
  self->details = g_ptr_array_new_with_free_func (g_free);
}

/* Reads a JSON document front to back, as far as a line of the record needs: one object of
 * strings and unsigned numbers. */
typedef struct
{
  const char *position;
  const char *end;
} Reader;

static gboolean
skip (Reader *reader,
      char    expected)
{
  if (reader->position == reader->end || *reader->position != expected)
    return FALSE;

  reader->position++;
  return TRUE;
}

static gboolean
read_hex4 (Reader   *reader,
           gunichar *out_unit)
{
  gunichar unit = 0;

  if (reader->end - reader->position < 4)
    return FALSE;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*reader->position++);

      if (digit < 0)
        return FALSE;
      unit = unit * 16 + (gunichar) digit;
    }

  *out_unit = unit;
  return TRUE;
}

/* What follows "\u": RFC 8259, section 7. */
static gboolean
read_unicode (Reader  *reader,
              GString *text)
{
  gunichar unit;
  gunichar low;

  if (!read_hex4 (reader, &unit))
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00)
    {
      if (!skip (reader, '\\') || !skip (reader, 'u') || !read_hex4 (reader, &low) ||
          low < 0xdc00 || low >= 0xe000)
        return FALSE;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }

  if (unit == 0 || !g_unichar_validate (unit))
    return FALSE;

  g_string_append_unichar (text, unit);
  return TRUE;
}

static gboolean
read_escape (Reader  *reader,
             GString *text)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (reader->position == reader->end)
    return FALSE;

  if (skip (reader, 'u'))
    return read_unicode (reader, text);

  found = *reader->position != '\0' ? strchr (from, *reader->position) : NULL;
  if (found == NULL)
    return FALSE;

  reader->position++;
  g_string_append_c (text, to[found - from]);
  return TRUE;
}

static char *
read_string (Reader *reader)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!skip (reader, '"'))
    return NULL;

  while (reader->position < reader->end && *reader->position != '"')
    {
      if (skip (reader, '\\'))
        {
          if (!read_escape (reader, text))
            return NULL;
        }
      else if ((guchar) *reader->position < 0x20)
        {
          return NULL;
        }
      else
        {
          g_string_append_c (text, *reader->position++);
        }
    }

  if (!skip (reader, '"'))
    return NULL;

  return iss_text_sanitise (text->str, (gssize) text->len, MAX_CHARACTERS);
}

/* A string, or a number as it stands there. */
static char *
read_value (Reader *reader)
{
  const char *start = reader->position;

  if (reader->position < reader->end && *reader->position == '"')
    return read_string (reader);

  while (reader->position < reader->end && g_ascii_isdigit (*reader->position))
    reader->position++;

  return reader->position > start && reader->position - start < 20
           ? g_strndup (start, (gsize) (reader->position - start)) : NULL;
}

/* Takes @name and @value. */
static void
take_member (IssAuditEntry *self,
             char          *name,
             char          *value)
{
  if (g_str_equal (name, "who") && *self->who == '\0')
    {
      g_free (self->who);
      self->who = g_steal_pointer (&value);
    }
  else if (g_str_equal (name, "what") && *self->what == '\0')
    {
      g_free (self->what);
      self->what = g_steal_pointer (&value);
    }
  else if (g_str_equal (name, "time") && self->time == 0)
    {
      if (!iss_time_text_parse (value, &self->time, NULL))
        self->time = 0;
    }
  else if (!g_str_equal (name, "n") && !g_str_equal (name, "previous") &&
           !g_str_equal (name, "torn"))
    {
      g_ptr_array_add (self->details, g_steal_pointer (&name));
      g_ptr_array_add (self->details, g_steal_pointer (&value));
    }

  g_free (name);
  g_free (value);
}

static gboolean
read_members (IssAuditEntry      *self,
              const IssAuditLine *line)
{
  Reader reader = { line->text, line->text + line->size };
  guint n_members = 0;

  if (!g_utf8_validate_len (line->text, line->size, NULL) || !skip (&reader, '{'))
    return FALSE;

  do
    {
      g_autofree char *name = read_string (&reader);
      char *value;

      if (name == NULL || ++n_members > MAX_MEMBERS || !skip (&reader, ':'))
        return FALSE;

      value = read_value (&reader);
      if (value == NULL)
        return FALSE;

      take_member (self, g_steal_pointer (&name), value);
    }
  while (skip (&reader, ','));

  return skip (&reader, '}') && reader.position == reader.end && self->time != 0 &&
         *self->who != '\0' && *self->what != '\0';
}

/**
 * iss_audit_entry_new:
 * @line: a line of the record without its newline, at most 16 KiB, not trusted
 * @offset: where it begins in the file
 * @expected: what it is if it does not have the form of an entry:
 *   %ISS_AUDIT_ENTRY_TORN or %ISS_AUDIT_ENTRY_DAMAGED
 * @names: (nullable): SHA-256 in hex of certificates, and whom they were issued to
 *
 * Returns: (transfer full): the entry; one that is not whole when the line is none
 */
IssAuditEntry *
iss_audit_entry_new (GBytes             *line,
                     guint64             offset,
                     IssAuditEntryState  expected,
                     GHashTable         *names)
{
  IssAuditEntry *self;
  IssAuditLine borrowed;
  IssAuditForm form;

  g_return_val_if_fail (line != NULL, NULL);
  g_return_val_if_fail (expected != ISS_AUDIT_ENTRY_WHOLE, NULL);

  self = g_object_new (ISS_TYPE_AUDIT_ENTRY, NULL);
  self->line = g_bytes_ref (line);
  self->offset = offset;
  self->names = names != NULL ? g_hash_table_ref (names) : NULL;
  self->state = expected;
  borrowed.text = g_bytes_get_data (line, &borrowed.size);

  if (borrowed.size > 0 && iss_audit_line_parse (&borrowed, &form))
    {
      self->state = ISS_AUDIT_ENTRY_DAMAGED;
      if (read_members (self, &borrowed))
        {
          self->state = ISS_AUDIT_ENTRY_WHOLE;
          self->n = form.n;
          self->follows_torn = form.torn != NULL;
        }
      else
        {
          self->time = 0;
          g_ptr_array_set_size (self->details, 0);
          g_free (self->who);
          self->who = g_strdup ("");
          g_free (self->what);
          self->what = g_strdup ("");
        }
    }

  g_ptr_array_add (self->details, NULL);
  self->text = self->state == ISS_AUDIT_ENTRY_WHOLE
    ? iss_text_sanitise (borrowed.text, (gssize) borrowed.size, ISS_AUDIT_MAX_LINE)
    : iss_text_sanitise (borrowed.size > 0 ? borrowed.text : "",
                         (gssize) MIN (borrowed.size, MAX_SHOWN_BYTES), MAX_SHOWN_BYTES);
  return self;
}

/**
 * iss_audit_entry_get_state:
 * @self: an entry
 *
 * Returns: what its line is
 */
IssAuditEntryState
iss_audit_entry_get_state (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), ISS_AUDIT_ENTRY_DAMAGED);

  return self->state;
}

/**
 * iss_audit_entry_get_offset:
 * @self: an entry
 *
 * Returns: where its line begins in the file, which tells lines of one file apart
 */
guint64
iss_audit_entry_get_offset (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), 0);

  return self->offset;
}

/**
 * iss_audit_entry_get_n:
 * @self: an entry
 *
 * Returns: its number, from 1; 0 if it is not whole
 */
guint64
iss_audit_entry_get_n (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), 0);

  return self->n;
}

/**
 * iss_audit_entry_get_time:
 * @self: an entry
 *
 * Returns: when it was written by the server's clock, seconds since 1970; 0 if it is not whole
 */
gint64
iss_audit_entry_get_time (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), 0);

  return self->time;
}

/**
 * iss_audit_entry_get_who:
 * @self: an entry
 *
 * Returns: (transfer none): who made the change; "" if it is not whole
 */
const char *
iss_audit_entry_get_who (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return self->who;
}

/**
 * iss_audit_entry_get_what:
 * @self: an entry
 *
 * Returns: (transfer none): what was changed, such as "import"; "" if it is not whole
 */
const char *
iss_audit_entry_get_what (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return self->what;
}

/**
 * iss_audit_entry_get_details:
 * @self: an entry
 *
 * Returns: (transfer none): names and values in turns, %NULL-terminated, in the line's order
 */
const char *const *
iss_audit_entry_get_details (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return (const char *const *) self->details->pdata;
}

/**
 * iss_audit_entry_get_detail:
 * @self: an entry
 * @name: a detail's name
 *
 * Returns: (transfer none) (nullable): the value of the first of that name
 */
const char *
iss_audit_entry_get_detail (IssAuditEntry *self,
                            const char    *name)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  for (guint i = 0; self->details->pdata[i] != NULL; i += 2)
    {
      if (g_str_equal (self->details->pdata[i], name))
        return self->details->pdata[i + 1];
    }

  return NULL;
}

/**
 * iss_audit_entry_follows_torn:
 * @self: an entry
 *
 * Returns: whether it says that a power loss had cut off what stands before it
 */
gboolean
iss_audit_entry_follows_torn (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), FALSE);

  return self->follows_torn;
}

/**
 * iss_audit_entry_get_name_of:
 * @self: an entry
 * @sha256_hex: the SHA-256 of a certificate
 *
 * Returns: (transfer none) (nullable): whom it is issued to, if that is known
 */
const char *
iss_audit_entry_get_name_of (IssAuditEntry *self,
                             const char    *sha256_hex)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return self->names != NULL ? g_hash_table_lookup (self->names, sha256_hex) : NULL;
}

/**
 * iss_audit_entry_get_line:
 * @self: an entry
 *
 * Returns: (transfer none): the line as it stands in the file, not trusted
 */
GBytes *
iss_audit_entry_get_line (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return self->line;
}

/**
 * iss_audit_entry_get_text:
 * @self: an entry
 *
 * Returns: (transfer none): the line, fit to be shown and copied: JSON if it is whole, else at
 *   most its first 1,024 bytes
 */
const char *
iss_audit_entry_get_text (IssAuditEntry *self)
{
  g_return_val_if_fail (ISS_IS_AUDIT_ENTRY (self), NULL);

  return self->text;
}
