/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-line.h"

#include <string.h>

/* How a line begins and ends, as IssJsonText writes it without blanks. */
#define N_MEMBER "{\"n\":"
#define TORN_MEMBER ",\"torn\":\""
#define PREVIOUS_MEMBER ",\"previous\":\""
#define LINE_END "\"}"

/* Finds `,"name":"64 digits` in front of @end and moves @end before it. */
static const char *
take_hex_member (const IssAuditLine *line,
                 const char         *member,
                 gsize              *end)
{
  gsize size = strlen (member) + ISS_AUDIT_HEX_SIZE;
  const char *start;

  if (*end < size)
    return NULL;

  start = line->text + *end - size;
  if (memcmp (start, member, strlen (member)) != 0 ||
      !iss_audit_line_is_hash (start + strlen (member)))
    return NULL;

  *end -= size;
  return start + strlen (member);
}

/**
 * iss_audit_line_take:
 * @text: (inout): where a line begins; moved to where the next one does
 * @end: the end of the text
 *
 * Returns: the line, up to its newline or @end
 */
IssAuditLine
iss_audit_line_take (const char **text,
                     const char  *end)
{
  const char *newline = memchr (*text, '\n', (gsize) (end - *text));
  IssAuditLine line = { *text, (gsize) ((newline != NULL ? newline : end) - *text) };

  *text = newline != NULL ? newline + 1 : end;

  return line;
}

/**
 * iss_audit_line_hash:
 * @line: a line
 * @out_hex: (out): its SHA-256 in lower-case hex
 */
void
iss_audit_line_hash (const IssAuditLine *line,
                     char                out_hex[ISS_AUDIT_HEX_SIZE + 1])
{
  g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                      (const guchar *) line->text, line->size);

  memcpy (out_hex, hex, ISS_AUDIT_HEX_SIZE + 1);
}

/**
 * iss_audit_line_is_hash:
 * @text: a text of at least 64 characters, or a shorter one that is terminated
 *
 * Returns: whether it begins with 64 digits of lower-case hex
 */
gboolean
iss_audit_line_is_hash (const char *text)
{
  for (guint i = 0; i < ISS_AUDIT_HEX_SIZE; i++)
    {
      if (!g_ascii_isdigit (text[i]) && (text[i] < 'a' || text[i] > 'f'))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_audit_line_parse:
 * @line: a line
 * @out_form: (out): what the chain needs of it, borrowed from @line
 *
 * A line that a power loss has cut off does not have this form.
 *
 * Returns: whether it has the form of an entry
 */
gboolean
iss_audit_line_parse (const IssAuditLine *line,
                      IssAuditForm       *out_form)
{
  gsize end = line->size;
  IssAuditForm form = { 0, NULL, NULL };
  const char *digits;
  char *after = NULL;

  if (end < strlen (N_MEMBER) + strlen (LINE_END) || end > ISS_AUDIT_MAX_LINE ||
      memcmp (line->text, N_MEMBER, strlen (N_MEMBER)) != 0 ||
      memcmp (line->text + end - strlen (LINE_END), LINE_END, strlen (LINE_END)) != 0 ||
      memchr (line->text, '\0', end) != NULL)
    return FALSE;

  end -= strlen (LINE_END);
  form.previous = take_hex_member (line, PREVIOUS_MEMBER, &end);
  if (form.previous == NULL)
    return FALSE;

  end -= 1;   /* the closing quote of the member before */
  form.torn = take_hex_member (line, TORN_MEMBER, &end);

  digits = line->text + strlen (N_MEMBER);
  form.n = g_ascii_strtoull (digits, &after, 10);
  if (!g_ascii_isdigit (*digits) || *after != ',' || form.n == 0)
    return FALSE;

  *out_form = form;
  return TRUE;
}
