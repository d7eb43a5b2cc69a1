/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/json-text.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/audit-check.h"
#include "core/store/audit-head.h"

#define TAIL_BYTES (8 * ISS_AUDIT_MAX_LINE)
#define MAX_CHARACTERS 512

static void
set_damaged_error (IssRootFolder  *root,
                   const char     *what,
                   GError        **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The audit record %s/%s is not as it was written: %s. Keep it, and move it and "
                 "%s away to begin a new one"),
               iss_root_folder_get_path (root), ISS_AUDIT_FILE_NAME, what, ISS_AUDIT_HEAD_NAME);
}

/* What stands after the last whole line: nothing, or what a power loss has left. */
typedef struct
{
  IssAuditHead  head;
  char          previous[ISS_AUDIT_HEX_SIZE + 1];   /* what the last whole line names */
  IssAuditLine  torn;
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
  Tail tail = { { 0, ISS_AUDIT_NO_LINE }, ISS_AUDIT_NO_LINE, { NULL } };

  while (position < end)
    {
      IssAuditLine line = iss_audit_line_take (&position, end);
      IssAuditForm form;

      if (!iss_audit_line_parse (&line, &form))
        continue;

      tail.head.n = form.n;
      iss_audit_line_hash (&line, tail.head.hash);
      memcpy (tail.previous, form.previous, ISS_AUDIT_HEX_SIZE);
      gap = position;
      found = TRUE;
    }

  if (gap < end)
    tail.torn = (IssAuditLine) { gap, (gsize) (end - gap) - (end[-1] == '\n' ? 1 : 0) };

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
  IssAuditHead acknowledged;

  if (pread (fd, text, length, (off_t) (size - length)) != (ssize_t) length)
    {
      iss_error_set_from_errno (error, errno, _("The audit record cannot be read"));
      return FALSE;
    }

  if (!iss_audit_head_read (root, &acknowledged, error))
    return FALSE;

  if (!find_tail (text, length, length == size, out_tail) ||
      !iss_audit_head_agrees (&acknowledged, &out_tail->head, out_tail->previous))
    {
      set_damaged_error (root, _("its last lines have been changed or removed"), error);
      return FALSE;
    }

  /* Cut off between a line and its acknowledgement: it gets that before there is another one,
   * or being cut off once more would leave the record two lines ahead, as if tampered with. */
  if (out_tail->head.n != acknowledged.n)
    {
      if (fsync (fd) != 0)
        {
          iss_error_set_from_errno (error, errno, _("The audit record %s/%s cannot be written"),
                                    iss_root_folder_get_path (root), ISS_AUDIT_FILE_NAME);
          return FALSE;
        }

      if (!iss_audit_head_write (&out_tail->head, root, error))
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
      char hash[ISS_AUDIT_HEX_SIZE + 1];

      iss_audit_line_hash (&tail->torn, hash);
      iss_json_text_name_string (json, "torn", hash);
    }

  iss_json_text_name_string (json, "previous", tail->head.hash);
  iss_json_text_end_object (json);

  return iss_json_text_finish (json);
}

static gboolean
is_head (IssRootFolder      *root,
         const IssAuditHead *head)
{
  IssAuditHead found;

  return iss_audit_head_read (root, &found, NULL) && found.n == head->n &&
         g_str_equal (found.hash, head->hash);
}

static gboolean
write_line (IssRootFolder  *root,
            int             fd,
            gsize           size,
            const IssAuditHead     *head,
            const char     *text,
            GError        **error)
{
  ssize_t length = (ssize_t) strlen (text);
  ssize_t written = write (fd, text, (gsize) length);
  gboolean durable = written == length && fsync (fd) == 0 &&
                     (size > 0 || fsync (iss_root_folder_get_fd (root)) == 0);

  if (!durable)
    {
      iss_error_set_from_errno (error, written >= 0 && written < length ? ENOSPC : errno,
                                _("The audit record %s/%s cannot be written"),
                                iss_root_folder_get_path (root), ISS_AUDIT_FILE_NAME);
    }
  else
    {
      g_autoptr(GError) head_error = NULL;

      /* Only the folder was not made durable: the line is, and the power may take the head back. */
      if (iss_audit_head_write (head, root, &head_error) || is_head (root, head))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&head_error));
    }

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
  IssAuditHead head;
  IssAuditLine line;
  gsize size;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      set_damaged_error (root, _("it is not a file"), error);
      return FALSE;
    }

  size = (gsize) info.st_size;
  if (size > ISS_AUDIT_MAX_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The audit record %s/%s has reached %d MiB: move it and %s away to begin "
                     "a new one"), iss_root_folder_get_path (root), ISS_AUDIT_FILE_NAME,
                   ISS_AUDIT_MAX_BYTES / (1024 * 1024), ISS_AUDIT_HEAD_NAME);
      return FALSE;
    }

  if (!read_tail (root, fd, size, &tail_text, &tail, error))
    return FALSE;

  line_text = build_line (&tail, now, who, what, details);
  line = (IssAuditLine) { line_text, strlen (line_text) };

  if (line.size > ISS_AUDIT_MAX_LINE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The entry for the audit record is too long"));
      return FALSE;
    }

  head.n = tail.head.n + 1;
  iss_audit_line_hash (&line, head.hash);

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

  fd = openat (iss_root_folder_get_fd (root), ISS_AUDIT_FILE_NAME,
               O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The audit record %s/%s cannot be opened"),
                                iss_root_folder_get_path (root), ISS_AUDIT_FILE_NAME);
      return FALSE;
    }

  appended = append_to (root, fd, now, who, what, details, error);
  close (fd);

  return appended;
}

/**
 * iss_audit_verify:
 * @root: a root folder
 * @out_n_lines: (out) (optional): how many lines are whole
 * @out_n_torn: (out) (optional): at how many places a power loss has cut a line off; such
 *   a line was never acknowledged, and is no sign of tampering
 * @error: return location for an error: %ISS_ERROR_MALFORMED when a line has been changed,
 *   removed or inserted; the message says which. Out-parameters are untouched then
 *
 * What iss_audit_check_run() finds, as an error where something is wrong.
 *
 * Returns: whether the record is as it was written
 */
gboolean
iss_audit_verify (IssRootFolder  *root,
                  guint          *out_n_lines,
                  guint          *out_n_torn,
                  GError        **error)
{
  IssAuditCheck check;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  if (!iss_audit_check_run (root, &check, error))
    return FALSE;

  if (check.n_faults > 0)
    {
      g_autofree char *what = iss_audit_check_dup_fault (&check);

      set_damaged_error (root, what, error);
      return FALSE;
    }

  if (out_n_lines != NULL)
    *out_n_lines = (guint) check.n_entries;

  if (out_n_torn != NULL)
    *out_n_torn = (guint) check.n_torn;

  return TRUE;
}
