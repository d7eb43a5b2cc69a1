/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-text.h"

#include "core/base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define INDENT 4
#define MAX_SUMMARY_CHARACTERS 256
#define MAX_LINE_CHARACTERS 4096
#define MAX_WHOLE_BYTES (4 * 1024 * 1024)
#define BYTES_A_LINE 16

struct _IssDetailsText
{
  GString  *whole;
  GString  *summary;
  char     *given_summary;   /* (nullable) */
  char     *fault;           /* (nullable) */

  gsize     shown_size;      /* how much of @whole is shown */
  guint     n_lines;
  guint     n_dropped;       /* of them, past a limit */
  gboolean  opened;          /* the last line ends in ":": what follows belongs to it */
};

/**
 * iss_details_text_new:
 *
 * Returns: (transfer full): a text without lines
 */
IssDetailsText *
iss_details_text_new (void)
{
  IssDetailsText *self = g_new0 (IssDetailsText, 1);

  self->whole = g_string_new (NULL);
  self->summary = g_string_new (NULL);

  return self;
}

/**
 * iss_details_text_free:
 * @self: (transfer full): a text
 *
 * Frees it.
 */
void
iss_details_text_free (IssDetailsText *self)
{
  g_string_free (self->whole, TRUE);
  g_string_free (self->summary, TRUE);
  g_free (self->given_summary);
  g_free (self->fault);
  g_free (self);
}

/* Longer than it will be, so that what cuts it knows that there is more. */
static void
add_to_summary (IssDetailsText *self,
                const char     *line)
{
  if (self->summary->len > MAX_SUMMARY_CHARACTERS * 6)
    return;

  if (self->summary->len > 0)
    g_string_append (self->summary, self->opened ? " " : ", ");
  g_string_append (self->summary, line);
}

/**
 * iss_details_text_add:
 * @self: a text
 * @depth: how far it is indented: 0 at the margin
 * @line: text from wherever; what is invisible in it is made visible
 *
 * Adds a line. After the 20,000th, and after 4 MiB, lines are only counted.
 */
void
iss_details_text_add (IssDetailsText *self,
                      guint           depth,
                      const char     *line)
{
  g_autofree char *clean = NULL;
  gsize length;

  g_return_if_fail (self != NULL);
  g_return_if_fail (line != NULL);

  self->n_lines++;
  if (self->n_lines > ISS_DETAILS_TEXT_MAX_LINES || self->whole->len > MAX_WHOLE_BYTES)
    {
      self->n_dropped++;
      return;
    }

  clean = iss_text_sanitise (line, -1, MAX_LINE_CHARACTERS);
  length = strlen (clean);

  if (self->n_lines > 1)
    g_string_append_c (self->whole, '\n');
  for (guint i = 0; i < MIN (depth, 16) * INDENT; i++)
    g_string_append_c (self->whole, ' ');
  g_string_append_len (self->whole, clean, (gssize) length);

  add_to_summary (self, clean);
  self->opened = length > 0 && clean[length - 1] == ':';

  if (self->n_lines <= ISS_DETAILS_TEXT_MAX_SHOWN)
    self->shown_size = self->whole->len;
}

/**
 * iss_details_text_add_format:
 * @self: a text
 * @depth: how far it is indented
 * @format: as in printf()
 * @...: for @format
 *
 * Adds a line; see iss_details_text_add().
 */
void
iss_details_text_add_format (IssDetailsText *self,
                             guint           depth,
                             const char     *format,
                             ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  g_return_if_fail (self != NULL);
  g_return_if_fail (format != NULL);

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  iss_details_text_add (self, depth, line);
}

static void
append_hex (GString      *line,
            const guint8 *bytes,
            gsize         size)
{
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (line, i == 0 ? "%02x" : " %02x", bytes[i]);
}

/**
 * iss_details_text_add_hex:
 * @self: a text
 * @depth: how far it is indented
 * @data: (nullable): bytes
 * @size: their number
 *
 * Adds bytes, 16 a line: "30 0d 06 …". The summary has them without a comma.
 */
void
iss_details_text_add_hex (IssDetailsText *self,
                          guint           depth,
                          gconstpointer   data,
                          gsize           size)
{
  const guint8 *bytes = data;

  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || size == 0);

  for (gsize i = 0; i < size; i += BYTES_A_LINE)
    {
      g_autoptr(GString) line = g_string_new (NULL);

      append_hex (line, bytes + i, MIN (BYTES_A_LINE, size - i));
      if (i > 0)
        self->opened = TRUE;
      iss_details_text_add (self, depth, line->str);
    }
}

/**
 * iss_details_text_add_dump:
 * @self: a text
 * @data: (nullable): bytes
 * @size: their number
 *
 * Adds bytes as hex with what is printable of them beside it, 16 a line, as the
 * snap-in shows what it cannot decode.
 */
void
iss_details_text_add_dump (IssDetailsText *self,
                           gconstpointer   data,
                           gsize           size)
{
  const guint8 *bytes = data;
  g_autoptr(GString) summary = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || size == 0);

  for (gsize i = 0; i < size; i += BYTES_A_LINE)
    {
      gsize n = MIN (BYTES_A_LINE, size - i);
      g_autoptr(GString) line = g_string_new (NULL);

      append_hex (line, bytes + i, n);
      while (line->len < BYTES_A_LINE * 3 + 1)
        g_string_append_c (line, ' ');
      for (gsize j = 0; j < n; j++)
        g_string_append_c (line, g_ascii_isprint (bytes[i + j]) ? (char) bytes[i + j] : '.');

      iss_details_text_add (self, 0, line->str);
    }

  summary = g_string_new (NULL);
  append_hex (summary, bytes, MIN (size, MAX_SUMMARY_CHARACTERS));
  iss_details_text_set_summary (self, summary->str);
}

/**
 * iss_details_text_set_summary:
 * @self: a text
 * @summary: what a list shows of it
 *
 * Says what iss_details_text_dup_summary() returns, in the place of the lines.
 */
void
iss_details_text_set_summary (IssDetailsText *self,
                              const char     *summary)
{
  char *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (summary != NULL);

  copy = g_strdup (summary);
  g_free (self->given_summary);
  self->given_summary = copy;
}

/**
 * iss_details_text_set_fault:
 * @self: a text
 * @fault: a sentence without its full stop
 *
 * Says what is wrong with what the text says, where it can be read all the same. Others who check
 * certificates may refuse this one for it.
 */
void
iss_details_text_set_fault (IssDetailsText *self,
                            const char     *fault)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (fault != NULL);

  if (self->fault == NULL)
    self->fault = g_strdup (fault);
}

/**
 * iss_details_text_get_fault:
 * @self: a text
 *
 * Returns: (transfer none) (nullable): what is wrong with it
 */
const char *
iss_details_text_get_fault (IssDetailsText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fault;
}

/**
 * iss_details_text_get_n_lines:
 * @self: a text
 *
 * Returns: how many lines were added, those past a limit too
 */
guint
iss_details_text_get_n_lines (IssDetailsText *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_lines;
}

/**
 * iss_details_text_dup_summary:
 * @self: a text
 *
 * Returns: (transfer full): its lines as one, cut after 256 characters
 */
char *
iss_details_text_dup_summary (IssDetailsText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return iss_text_sanitise (self->given_summary != NULL ? self->given_summary
                                                        : self->summary->str,
                            -1, MAX_SUMMARY_CHARACTERS);
}

static char *
dup_first (IssDetailsText *self,
           gsize           size,
           guint           n_more)
{
  g_autoptr(GString) text = g_string_new_len (self->whole->str, (gssize) size);

  if (n_more > 0)
    {
      g_string_append_c (text, '\n');
      /* Translators: after the first names of a very long list: "… and 9,744 more" */
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "… and %'u more",
                                                 "… and %'u more", n_more), n_more);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_details_text_dup_shown:
 * @self: a text
 *
 * Returns: (transfer full): its first 256 lines, and how many more there are
 */
char *
iss_details_text_dup_shown (IssDetailsText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_first (self, self->shown_size,
                    self->n_lines > ISS_DETAILS_TEXT_MAX_SHOWN
                      ? self->n_lines - ISS_DETAILS_TEXT_MAX_SHOWN : 0);
}

/**
 * iss_details_text_dup_whole:
 * @self: a text
 *
 * Returns: (transfer full): all its lines up to the limits of
 *   iss_details_text_add(), and how many more there are
 */
char *
iss_details_text_dup_whole (IssDetailsText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_first (self, self->whole->len, self->n_dropped);
}
