/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/store/audit-line.h"

/* At least two of the longest lines. */
#define WINDOW_BYTES (256 * 1024)
/* How far one page looks for what its caller wants. */
#define MAX_SCANNED_BYTES (16 * 1024 * 1024)

/* The way from the end to the beginning. */
typedef struct
{
  int                 fd;
  const char         *path;          /* borrowed */
  GHashTable         *names;         /* borrowed, nullable */
  IssAuditReaderFunc  func;          /* (nullable) */
  gpointer            user_data;
  guint               limit;

  GPtrArray          *entries;       /* owned */
  guint64             cursor;        /* where the last line that was looked at begins */
  guint64             n_scanned;
  IssAuditEntryState  expected;      /* of a line that has not the form of an entry */
} Walk;

static gboolean
read_at (const Walk  *walk,
         guint64      offset,
         char        *buffer,
         gsize        size,
         GError     **error)
{
  gsize n_read = 0;

  while (n_read < size)
    {
      ssize_t n = pread (walk->fd, buffer + n_read, size - n_read, (off_t) (offset + n_read));

      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        {
          iss_error_set_from_errno (error, errno, _("The audit record %s/%s cannot be read"),
                                    walk->path, ISS_AUDIT_FILE_NAME);
          return FALSE;
        }

      if (n == 0)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_CHANGED,
                       _("The audit record %s/%s became shorter while it was read: begin with its "
                         "newest entries"), walk->path, ISS_AUDIT_FILE_NAME);
          return FALSE;
        }

      n_read += (gsize) n;
    }

  return TRUE;
}

static void
take_line (Walk       *walk,
           const char *text,
           gsize       size)
{
  g_autoptr(GBytes) line = g_bytes_new (text, MIN (size, ISS_AUDIT_MAX_LINE));
  g_autoptr(IssAuditEntry) entry = iss_audit_entry_new (line, walk->cursor, walk->expected,
                                                        walk->names);

  if (iss_audit_entry_get_state (entry) == ISS_AUDIT_ENTRY_WHOLE)
    walk->expected = iss_audit_entry_follows_torn (entry) ? ISS_AUDIT_ENTRY_TORN
                                                          : ISS_AUDIT_ENTRY_DAMAGED;

  if (walk->func == NULL || walk->func (entry, walk->user_data))
    g_ptr_array_add (walk->entries, g_steal_pointer (&entry));
}

/* Takes the lines that are whole in the window which ends at the cursor, from the last. */
static void
take_window (Walk       *walk,
             const char *window,
             gsize       size)
{
  const guint64 start = walk->cursor - size;

  while (size > 0 && walk->entries->len < walk->limit)
    {
      gsize end = window[size - 1] == '\n' ? size - 1 : size;
      const char *newline = memrchr (window, '\n', end);
      gsize first = newline != NULL ? (gsize) (newline - window) + 1 : 0;

      /* Its beginning is not here, unless it is longer than any line is. */
      if (newline == NULL && start > 0 && size < WINDOW_BYTES)
        break;

      walk->cursor = start + first;
      walk->n_scanned += size - first;
      take_line (walk, window + first, end - first);
      size = first;
    }
}

/* A line that is no entry was cut off by a power loss if the next entry says so, or if there is
 * none and no newline either. */
static gboolean
find_expected (Walk     *walk,
               guint64   size,
               GError  **error)
{
  g_autofree char *text = NULL;
  const char *position;
  const char *end;
  gsize length;

  walk->expected = ISS_AUDIT_ENTRY_TORN;
  if (size == 0)
    return TRUE;

  length = (gsize) MIN (size - walk->cursor, WINDOW_BYTES);
  text = g_malloc (length + 1);
  if (!read_at (walk, walk->cursor, text, length, error))
    return FALSE;

  position = text;
  end = text + length;
  while (position < end)
    {
      IssAuditLine line = iss_audit_line_take (&position, end);
      IssAuditForm form;

      if (iss_audit_line_parse (&line, &form))
        {
          walk->expected = form.torn != NULL ? ISS_AUDIT_ENTRY_TORN : ISS_AUDIT_ENTRY_DAMAGED;
          return TRUE;
        }
    }

  if (!read_at (walk, size - 1, text, 1, error))
    return FALSE;

  if (*text == '\n')
    walk->expected = ISS_AUDIT_ENTRY_DAMAGED;
  return TRUE;
}

static gboolean
walk_back (Walk     *walk,
           guint64   before,
           GError  **error)
{
  g_autofree char *window = g_malloc (WINDOW_BYTES);
  struct stat info;
  guint64 size;

  if (fstat (walk->fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("The audit record %s/%s is not a file"),
                   walk->path, ISS_AUDIT_FILE_NAME);
      return FALSE;
    }

  size = (guint64) info.st_size;
  if (before > size)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_CHANGED,
                   _("The audit record %s/%s was begun anew meanwhile: begin with its newest "
                     "entries"), walk->path, ISS_AUDIT_FILE_NAME);
      return FALSE;
    }

  walk->cursor = before != 0 ? before : size;
  if (!find_expected (walk, size, error))
    return FALSE;

  while (walk->cursor > 0 && walk->entries->len < walk->limit &&
         walk->n_scanned < MAX_SCANNED_BYTES)
    {
      gsize length = (gsize) MIN (walk->cursor, WINDOW_BYTES);

      if (!read_at (walk, walk->cursor - length, window, length, error))
        return FALSE;

      take_window (walk, window, length);
    }

  return TRUE;
}

/**
 * iss_audit_reader_read:
 * @root: a root folder; its lock need not be held
 * @before: 0 to begin with the newest entry, else what an earlier page gave as @out_next
 * @limit: how many entries at the most, 1 to %ISS_AUDIT_READER_MAX_PAGE
 * @names: (nullable): what the entries shall know of names, filled by @func if it likes
 * @func: (nullable): says which entries are wanted
 * @user_data: for @func
 * @out_next: (out): where the next page begins; 0 when there is none
 * @error: return location for an error: %ISS_ERROR_CHANGED when the record was begun anew
 *
 * Looks at no more than 16 MiB: a page may have fewer entries than @limit, or none, and still not
 * be the last one.
 *
 * Returns: (transfer full) (element-type IssAuditEntry): entries, newest first
 */
GPtrArray *
iss_audit_reader_read (IssRootFolder       *root,
                       guint64              before,
                       guint                limit,
                       GHashTable          *names,
                       IssAuditReaderFunc   func,
                       gpointer             user_data,
                       guint64             *out_next,
                       GError             **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  Walk walk = { .names = names, .func = func, .user_data = user_data, .limit = limit,
                .entries = entries };
  gboolean done;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (limit >= 1 && limit <= ISS_AUDIT_READER_MAX_PAGE, NULL);
  g_return_val_if_fail (out_next != NULL, NULL);

  walk.path = iss_root_folder_get_path (root);
  walk.fd = openat (iss_root_folder_get_fd (root), ISS_AUDIT_FILE_NAME,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (walk.fd < 0 && errno == ENOENT && before == 0)
    {
      *out_next = 0;
      return g_steal_pointer (&entries);
    }

  if (walk.fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The audit record %s/%s cannot be opened"),
                                walk.path, ISS_AUDIT_FILE_NAME);
      return NULL;
    }

  done = walk_back (&walk, before, error);
  close (walk.fd);
  if (!done)
    return NULL;

  *out_next = walk.cursor;
  return g_steal_pointer (&entries);
}
