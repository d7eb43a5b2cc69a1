/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/json-text.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#define FILE_NAME "audit.jsonl"
#define HEAD_NAME "audit.head"
#define MAX_BYTES (256 * 1024 * 1024)
#define MAX_LINE (16 * 1024)
#define TAIL_BYTES (8 * MAX_LINE)
#define MAX_CHARACTERS 512
#define HEX_SIZE (2 * ISS_SHA256_SIZE)

/* How a line begins and ends, as IssJsonText writes it without blanks. */
#define N_MEMBER "{\"n\":"
#define TORN_MEMBER ",\"torn\":\""
#define PREVIOUS_MEMBER ",\"previous\":\""
#define LINE_END "\"}"

#define NO_LINE "0000000000000000000000000000000000000000000000000000000000000000"

/* One line as it stands in the file, borrowed, without its newline. */
typedef struct
{
  const char *text;
  gsize       size;
} Line;

/* How far the chain has come. audit.head holds the same for what has been
 * acknowledged: without it, lines taken off the end would not be missed. */
typedef struct
{
  guint64  n;                      /* of the last whole line; 0: none yet */
  char     hash[HEX_SIZE + 1];     /* SHA-256 of it */
} Head;

static void
hash_line (const Line *line,
           char        out_hex[HEX_SIZE + 1])
{
  g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                      (const guchar *) line->text, line->size);

  memcpy (out_hex, hex, HEX_SIZE + 1);
}

static gboolean
has_hex (const char *text)
{
  for (guint i = 0; i < HEX_SIZE; i++)
    {
      if (!g_ascii_isdigit (text[i]) && (text[i] < 'a' || text[i] > 'f'))
        return FALSE;
    }

  return TRUE;
}

/* Finds `,"name":"64 digits` in front of @end and moves @end before it. */
static const char *
take_hex_member (const Line  *line,
                 const char  *member,
                 gsize       *end)
{
  gsize size = strlen (member) + HEX_SIZE;
  const char *start;

  if (*end < size)
    return NULL;

  start = line->text + *end - size;
  if (memcmp (start, member, strlen (member)) != 0 || !has_hex (start + strlen (member)))
    return NULL;

  *end -= size;
  return start + strlen (member);
}

/* A line that a power loss has cut off does not have this form. */
static gboolean
parse_line (const Line   *line,
            guint64      *out_n,
            const char  **out_previous,
            const char  **out_torn)
{
  gsize end = line->size;
  const char *digits;
  char *after = NULL;

  if (end < strlen (N_MEMBER) + strlen (LINE_END) || end > MAX_LINE ||
      memcmp (line->text, N_MEMBER, strlen (N_MEMBER)) != 0 ||
      memcmp (line->text + end - strlen (LINE_END), LINE_END, strlen (LINE_END)) != 0 ||
      memchr (line->text, '\0', end) != NULL)
    return FALSE;

  end -= strlen (LINE_END);
  *out_previous = take_hex_member (line, PREVIOUS_MEMBER, &end);
  if (*out_previous == NULL)
    return FALSE;

  end -= 1;   /* the closing quote of the member before */
  *out_torn = take_hex_member (line, TORN_MEMBER, &end);

  digits = line->text + strlen (N_MEMBER);
  *out_n = g_ascii_strtoull (digits, &after, 10);

  return g_ascii_isdigit (*digits) && *after == ',' && *out_n > 0;
}

static Line
take_line (const char **text,
           const char  *end)
{
  const char *newline = memchr (*text, '\n', (gsize) (end - *text));
  Line line = { *text, (gsize) ((newline != NULL ? newline : end) - *text) };

  *text = newline != NULL ? newline + 1 : end;

  return line;
}

static void
set_damaged_error (IssRootFolder  *root,
                   const char     *what,
                   GError        **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The audit record %s/%s is not as it was written: %s. Keep it, and move it and "
                 "%s away to begin a new one"),
               iss_root_folder_get_path (root), FILE_NAME, what, HEAD_NAME);
}

static gboolean
read_head (IssRootFolder  *root,
           Head           *out_head,
           GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  char *after = NULL;

  bytes = iss_atomic_file_read (iss_root_folder_get_fd (root), HEAD_NAME, 256, &local_error);
  if (bytes == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      *out_head = (Head) { 0, NO_LINE };
      return TRUE;
    }

  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  out_head->n = g_ascii_strtoull (text, &after, 10);

  if (*after != ' ' || strlen (after) != 1 + HEX_SIZE + 1 || !has_hex (after + 1))
    {
      set_damaged_error (root, _("the file audit.head is damaged"), error);
      return FALSE;
    }

  g_strlcpy (out_head->hash, after + 1, sizeof out_head->hash);
  return TRUE;
}

static gboolean
write_head (IssRootFolder  *root,
            const Head     *head,
            GError        **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " %s\n", head->n, head->hash);

  return iss_atomic_file_replace (iss_root_folder_get_fd (root), HEAD_NAME, text, strlen (text),
                                  0600, error);
}

/* The record may be one line ahead: the power can go between the two writes. */
static gboolean
heads_agree (const Head  *acknowledged,
             const Head  *found,
             const char  *previous)
{
  if (found->n == acknowledged->n)
    return g_str_equal (found->hash, acknowledged->hash);

  return found->n == acknowledged->n + 1 && strncmp (previous, acknowledged->hash, HEX_SIZE) == 0;
}

/* What stands after the last whole line: nothing, or what a power loss has left. */
typedef struct
{
  Head  head;
  char  previous[HEX_SIZE + 1];   /* what the last whole line says of the one before */
  Line  torn;
} Tail;

/* Looks for the last whole line in the last part of the record. */
static gboolean
find_tail (const char  *text,
           gsize        size,
           gboolean     from_start,
           Tail        *out_tail)
{
  const char *end = text + size;
  const char *position = text;
  const char *gap = text;
  gboolean found = from_start;
  Tail tail = { { 0, NO_LINE }, NO_LINE, { NULL } };

  while (position < end)
    {
      Line line = take_line (&position, end);
      const char *previous;
      const char *torn;
      guint64 n;

      if (!parse_line (&line, &n, &previous, &torn))
        continue;

      tail.head.n = n;
      hash_line (&line, tail.head.hash);
      g_strlcpy (tail.previous, previous, sizeof tail.previous);
      gap = position;
      found = TRUE;
    }

  if (gap < end)
    tail.torn = (Line) { gap, (gsize) (end - gap) - (end[-1] == '\n' ? 1 : 0) };

  *out_tail = tail;
  return found;
}

static gboolean
read_tail (IssRootFolder  *root,
           int             fd,
           gsize           size,
           char          **out_text,
           Tail           *out_tail,
           GError        **error)
{
  gsize length = MIN (size, TAIL_BYTES);
  g_autofree char *text = g_malloc0 (length + 1);
  Head acknowledged;

  if (pread (fd, text, length, (off_t) (size - length)) != (ssize_t) length)
    {
      iss_error_set_from_errno (error, errno, _("The audit record cannot be read"));
      return FALSE;
    }

  if (!read_head (root, &acknowledged, error))
    return FALSE;

  if (!find_tail (text, length, length == size, out_tail) ||
      !heads_agree (&acknowledged, &out_tail->head, out_tail->previous))
    {
      set_damaged_error (root, _("its last lines have been changed or removed"), error);
      return FALSE;
    }

  *out_text = g_steal_pointer (&text);
  return TRUE;
}

static char *
build_line (const Tail         *tail,
            gint64              now,
            const char         *who,
            const char         *what,
            const char *const  *details)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *time = iss_time_text_iso (now);
  g_autofree char *clean_who = iss_text_sanitise (who, -1, MAX_CHARACTERS);

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "n", (gint64) tail->head.n + 1);
  iss_json_text_name_string (json, "time", time);
  iss_json_text_name_string (json, "who", clean_who);
  iss_json_text_name_string (json, "what", what);

  for (guint i = 0; details != NULL && details[i] != NULL; i += 2)
    {
      g_autofree char *clean = iss_text_sanitise (details[i + 1], -1, MAX_CHARACTERS);

      iss_json_text_name_string (json, details[i], clean);
    }

  if (tail->torn.text != NULL)
    {
      char hash[HEX_SIZE + 1];

      hash_line (&tail->torn, hash);
      iss_json_text_name_string (json, "torn", hash);
    }

  iss_json_text_name_string (json, "previous", tail->head.hash);
  iss_json_text_end_object (json);

  return iss_json_text_finish (json);
}

static gboolean
write_line (IssRootFolder  *root,
            int             fd,
            gsize           size,
            const Head     *head,
            const char     *text,
            GError        **error)
{
  ssize_t length = (ssize_t) strlen (text);
  ssize_t written = write (fd, text, (gsize) length);
  gboolean durable = written == length && fsync (fd) == 0 &&
                     (size > 0 || fsync (iss_root_folder_get_fd (root)) == 0);

  if (!durable)
    iss_error_set_from_errno (error, written >= 0 && written < length ? ENOSPC : errno,
                              _("The audit record %s/%s cannot be written"),
                              iss_root_folder_get_path (root), FILE_NAME);
  else if (write_head (root, head, error))
    return TRUE;

  /* A change that is not recorded is not made, and one that is not made is
   * not recorded. If even this fails the line is found torn, or one too many. */
  if (ftruncate (fd, (off_t) size) != 0)
    g_prefix_error (error, "%s: ", _("The audit record now has half a line"));

  return FALSE;
}

static gboolean
append_to (IssRootFolder      *root,
           int                 fd,
           gint64              now,
           const char         *who,
           const char         *what,
           const char *const  *details,
           GError            **error)
{
  g_autofree char *tail_text = NULL;
  g_autofree char *line_text = NULL;
  g_autofree char *text = NULL;
  struct stat info;
  Tail tail;
  Head head;
  Line line;
  gsize size;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      set_damaged_error (root, _("it is not a file"), error);
      return FALSE;
    }

  size = (gsize) info.st_size;
  if (size > MAX_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The audit record %s/%s has reached %d MiB: move it and %s away to begin "
                     "a new one"), iss_root_folder_get_path (root), FILE_NAME,
                   MAX_BYTES / (1024 * 1024), HEAD_NAME);
      return FALSE;
    }

  if (!read_tail (root, fd, size, &tail_text, &tail, error))
    return FALSE;

  line_text = build_line (&tail, now, who, what, details);
  line = (Line) { line_text, strlen (line_text) };

  if (line.size > MAX_LINE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The entry for the audit record is too long"));
      return FALSE;
    }

  head.n = tail.head.n + 1;
  hash_line (&line, head.hash);

  /* A line whose newline did not reach the disk, whole or torn, gets it now. */
  text = g_strconcat (size > 0 && tail_text[MIN (size, TAIL_BYTES) - 1] != '\n' ? "\n" : "",
                      line_text, "\n", NULL);

  return write_line (root, fd, size, &head, text, error);
}

/**
 * iss_audit_append:
 * @root: a root folder whose lock the caller holds
 * @now: the time, seconds since 1970
 * @who: who made the change
 * @what: what was changed, a stable word such as "import"
 * @details: (nullable): names and values in turns, %NULL-terminated; never a secret. The names
 *   are not "n", "time", "who", "what", "torn" or "previous"
 * @error: return location for an error: %ISS_ERROR_MALFORMED when the record has been tampered
 *   with, %ISS_ERROR_NO_SPACE, …
 *
 * Adds one line to audit.jsonl, which is on the disk when this returns %TRUE. A line that
 * a power loss has cut off stays; the new one says so (`torn`, SHA-256 of what is left of it).
 *
 * Returns: whether the line is recorded; else the record is as it was, and the change must not
 *   be acknowledged
 */
gboolean
iss_audit_append (IssRootFolder      *root,
                  gint64              now,
                  const char         *who,
                  const char         *what,
                  const char *const  *details,
                  GError            **error)
{
  gboolean appended;
  int fd;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (who != NULL && what != NULL, FALSE);

  for (guint i = 0; details != NULL && details[i] != NULL; i += 2)
    {
      g_return_val_if_fail (details[i + 1] != NULL, FALSE);
      g_return_val_if_fail (!g_str_equal (details[i], "torn"), FALSE);
      g_return_val_if_fail (!g_str_equal (details[i], "previous"), FALSE);
    }

  fd = openat (iss_root_folder_get_fd (root), FILE_NAME,
               O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The audit record %s/%s cannot be opened"),
                                iss_root_folder_get_path (root), FILE_NAME);
      return FALSE;
    }

  appended = append_to (root, fd, now, who, what, details, error);
  close (fd);

  return appended;
}

static gboolean
verify_text (IssRootFolder  *root,
             const char     *text,
             gsize           size,
             Head           *out_head,
             char            out_previous[HEX_SIZE + 1],
             guint          *out_n_torn,
             GError        **error)
{
  const char *end = text + size;
  const char *position = text;
  const char *gap = text;
  Head head = { 0, NO_LINE };
  guint n_torn = 0;

  while (position < end)
    {
      const char *start = position;
      Line line = take_line (&position, end);
      const char *previous;
      const char *torn;
      gboolean follows;
      guint64 n;

      if (!parse_line (&line, &n, &previous, &torn))
        continue;

      follows = n == head.n + 1 && strncmp (previous, head.hash, HEX_SIZE) == 0;

      if (follows && start > gap)
        {
          Line left = { gap, (gsize) (start - gap) - 1 };
          char hash[HEX_SIZE + 1];

          hash_line (&left, hash);
          follows = torn != NULL && strncmp (torn, hash, HEX_SIZE) == 0;
          n_torn++;
        }
      else if (follows)
        {
          follows = torn == NULL;
        }

      if (!follows)
        {
          g_autofree char *what =
            g_strdup_printf (_("a line after number %" G_GUINT64_FORMAT " has been changed, "
                               "removed or inserted"), head.n);

          set_damaged_error (root, what, error);
          return FALSE;
        }

      head.n = n;
      hash_line (&line, head.hash);
      memcpy (out_previous, previous, HEX_SIZE);
      gap = position;
    }

  /* Something that ends in a newline was not cut off. */
  if (gap < end && end[-1] == '\n')
    {
      set_damaged_error (root, _("there is something after its last line"), error);
      return FALSE;
    }

  *out_head = head;
  *out_n_torn = n_torn + (gap < end ? 1 : 0);
  return TRUE;
}

/**
 * iss_audit_verify:
 * @root: a root folder
 * @out_n_lines: (out) (optional): how many lines are whole
 * @out_n_torn: (out) (optional): at how many places a power loss has cut a line off; such
 *   a line was never acknowledged, and is no sign of tampering
 * @error: return location for an error: %ISS_ERROR_MALFORMED when a line has been changed,
 *   removed or inserted; the message says after which. Out-parameters are untouched then
 *
 * Checks the whole record. Whoever may write in the root folder can write a new chain; it is
 * the copy of the last line's SHA-256 kept elsewhere that makes it proof against the owner.
 * To be called with the lock held, or again if it fails while somebody is writing.
 *
 * Returns: whether the record is as it was written
 */
gboolean
iss_audit_verify (IssRootFolder  *root,
                  guint          *out_n_lines,
                  guint          *out_n_torn,
                  GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  char previous[HEX_SIZE + 1] = NO_LINE;
  Head acknowledged;
  Head found = { 0, NO_LINE };
  guint n_torn = 0;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  if (!read_head (root, &acknowledged, error))
    return FALSE;

  bytes = iss_atomic_file_read (iss_root_folder_get_fd (root), FILE_NAME, MAX_BYTES + MAX_LINE + 2,
                                &local_error);
  if (bytes == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (bytes != NULL && g_bytes_get_size (bytes) > 0 &&
      !verify_text (root, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                    &found, previous, &n_torn, error))
    return FALSE;

  if (!heads_agree (&acknowledged, &found, previous))
    {
      set_damaged_error (root, _("its last lines have been changed or removed"), error);
      return FALSE;
    }

  if (out_n_lines != NULL)
    *out_n_lines = (guint) found.n;

  if (out_n_torn != NULL)
    *out_n_torn = n_torn;

  return TRUE;
}
