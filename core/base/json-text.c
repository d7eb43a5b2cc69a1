/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/json-text.h"

#include <string.h>

/* Deeper than this nothing of ours goes. */
#define MAX_DEPTH 64

struct _IssJsonText
{
  GString  *text;
  gboolean  pretty;
  gboolean  has_name;              /* a name waits for its value */
  gboolean  is_whole;              /* the outermost value is complete */
  guint     depth;
  char      closing[MAX_DEPTH];    /* '}' or ']' of what is open */
  gboolean  has_member[MAX_DEPTH];
};

static void
append_string (GString    *text,
               const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", (char) c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (c == '\r')
        g_string_append (text, "\\r");
      else if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029)
        g_string_append_printf (text, "\\u%04x", (guint) c);
      else
        g_string_append_unichar (text, c);
    }

  g_string_append_c (text, '"');
}

static void
append_line (IssJsonText *self)
{
  if (!self->pretty)
    return;

  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

static gboolean
is_in (IssJsonText *self,
       char         closing)
{
  return self->depth > 0 && self->closing[self->depth - 1] == closing;
}

static void
begin_member (IssJsonText *self)
{
  if (self->has_member[self->depth - 1])
    g_string_append_c (self->text, ',');

  self->has_member[self->depth - 1] = TRUE;
  append_line (self);
}

/* A value stands alone, in an array, or after a name. */
static gboolean
may_have_value (IssJsonText *self)
{
  if (self->depth == 0)
    return !self->is_whole;

  return is_in (self, ']') || self->has_name;
}

static void
begin_value (IssJsonText *self)
{
  if (is_in (self, ']'))
    begin_member (self);

  self->has_name = FALSE;
  self->is_whole = self->depth == 0;
}

static void
append_value (IssJsonText *self,
              const char  *value)
{
  begin_value (self);
  g_string_append (self->text, value);
}

static void
begin_container (IssJsonText *self,
                 char         opening,
                 char         closing)
{
  begin_value (self);
  self->is_whole = FALSE;
  g_string_append_c (self->text, opening);
  self->closing[self->depth] = closing;
  self->has_member[self->depth] = FALSE;
  self->depth++;
}

static void
end_container (IssJsonText *self)
{
  self->depth--;
  if (self->has_member[self->depth])
    append_line (self);

  g_string_append_c (self->text, self->closing[self->depth]);
  self->is_whole = self->depth == 0;
}

/**
 * iss_json_text_new:
 * @pretty: whether to break lines and indent by two spaces
 *
 * Returns: (transfer full): an empty document, which takes exactly one value
 */
IssJsonText *
iss_json_text_new (gboolean pretty)
{
  IssJsonText *self = g_new0 (IssJsonText, 1);

  self->text = g_string_new (NULL);
  self->pretty = pretty;

  return self;
}

/**
 * iss_json_text_free:
 * @self: (transfer full): a document
 */
void
iss_json_text_free (IssJsonText *self)
{
  g_return_if_fail (self != NULL);

  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * iss_json_text_begin_object:
 * @self: a document
 *
 * Begins an object; names and values up to iss_json_text_end_object() are in it.
 */
void
iss_json_text_begin_object (IssJsonText *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));
  g_return_if_fail (self->depth < MAX_DEPTH);

  begin_container (self, '{', '}');
}

/**
 * iss_json_text_end_object:
 * @self: a document with an open object, its last name having its value
 */
void
iss_json_text_end_object (IssJsonText *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (is_in (self, '}'));
  g_return_if_fail (!self->has_name);

  end_container (self);
}

/**
 * iss_json_text_begin_array:
 * @self: a document
 *
 * Begins an array; values up to iss_json_text_end_array() are in it.
 */
void
iss_json_text_begin_array (IssJsonText *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));
  g_return_if_fail (self->depth < MAX_DEPTH);

  begin_container (self, '[', ']');
}

/**
 * iss_json_text_end_array:
 * @self: a document with an open array
 */
void
iss_json_text_end_array (IssJsonText *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (is_in (self, ']'));

  end_container (self);
}

/**
 * iss_json_text_name:
 * @self: a document with an open object
 * @name: the name of the value that comes next; not checked for being used twice
 */
void
iss_json_text_name (IssJsonText *self,
                    const char  *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (is_in (self, '}'));
  g_return_if_fail (!self->has_name);

  begin_member (self);
  append_string (self->text, name);
  g_string_append (self->text, self->pretty ? ": " : ":");
  self->has_name = TRUE;
}

/**
 * iss_json_text_string:
 * @self: a document
 * @value: (nullable): text; bytes that are not UTF-8 become U+FFFD. %NULL writes null
 */
void
iss_json_text_string (IssJsonText *self,
                      const char  *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));

  if (value == NULL)
    {
      append_value (self, "null");
      return;
    }

  begin_value (self);
  append_string (self->text, value);
}

/**
 * iss_json_text_integer:
 * @self: a document
 * @value: a number; readers that use doubles keep it exact up to 2^53
 */
void
iss_json_text_integer (IssJsonText *self,
                       gint64       value)
{
  g_autofree char *digits = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));

  digits = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  append_value (self, digits);
}

/**
 * iss_json_text_boolean:
 * @self: a document
 * @value: true or false
 */
void
iss_json_text_boolean (IssJsonText *self,
                       gboolean     value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));

  append_value (self, value ? "true" : "false");
}

/**
 * iss_json_text_null:
 * @self: a document
 */
void
iss_json_text_null (IssJsonText *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (may_have_value (self));

  append_value (self, "null");
}

/**
 * iss_json_text_name_string:
 * @self: a document with an open object
 * @name: the name
 * @value: (nullable): its value; %NULL writes null
 */
void
iss_json_text_name_string (IssJsonText *self,
                           const char  *name,
                           const char  *value)
{
  iss_json_text_name (self, name);
  iss_json_text_string (self, value);
}

/**
 * iss_json_text_name_integer:
 * @self: a document with an open object
 * @name: the name
 * @value: its value
 */
void
iss_json_text_name_integer (IssJsonText *self,
                            const char  *name,
                            gint64       value)
{
  iss_json_text_name (self, name);
  iss_json_text_integer (self, value);
}

/**
 * iss_json_text_name_boolean:
 * @self: a document with an open object
 * @name: the name
 * @value: its value
 */
void
iss_json_text_name_boolean (IssJsonText *self,
                            const char  *name,
                            gboolean     value)
{
  iss_json_text_name (self, name);
  iss_json_text_boolean (self, value);
}

/**
 * iss_json_text_finish:
 * @self: a document whose one value is complete; empty and ready for another afterwards
 *
 * Returns: (transfer full): the document, without a newline at its end
 */
char *
iss_json_text_finish (IssJsonText *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->depth == 0 && self->is_whole, NULL);

  text = self->text;
  self->text = g_string_new (NULL);
  self->is_whole = FALSE;

  return g_string_free (text, FALSE);
}
