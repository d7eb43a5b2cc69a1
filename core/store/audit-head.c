/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-head.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"

/**
 * iss_audit_head_read:
 * @root: a root folder
 * @out_head: (out): what audit.head holds; number 0 where there is no such file
 * @error: return location for an error: %ISS_ERROR_MALFORMED when it is damaged
 *
 * Returns: whether it is known
 */
gboolean
iss_audit_head_read (IssRootFolder  *root,
                     IssAuditHead   *out_head,
                     GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  char *after = NULL;

  bytes = iss_atomic_file_read (iss_root_folder_get_fd (root), ISS_AUDIT_HEAD_NAME, 256,
                                &local_error);
  if (bytes == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      *out_head = (IssAuditHead) { 0, ISS_AUDIT_NO_LINE };
      return TRUE;
    }

  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  out_head->n = g_ascii_strtoull (text, &after, 10);

  if (*after != ' ' || strlen (after) != 1 + ISS_AUDIT_HEX_SIZE + 1 ||
      !iss_audit_line_is_hash (after + 1))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The file %s/%s, which says how far the audit record has come, is damaged"),
                   iss_root_folder_get_path (root), ISS_AUDIT_HEAD_NAME);
      return FALSE;
    }

  g_strlcpy (out_head->hash, after + 1, sizeof out_head->hash);
  return TRUE;
}

/**
 * iss_audit_head_write:
 * @self: how far the chain has come
 * @root: a root folder whose lock the caller holds
 * @error: return location for an error
 *
 * Returns: whether it is on the disk
 */
gboolean
iss_audit_head_write (const IssAuditHead  *self,
                      IssRootFolder       *root,
                      GError             **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " %s\n", self->n, self->hash);

  return iss_atomic_file_replace (iss_root_folder_get_fd (root), ISS_AUDIT_HEAD_NAME, text,
                                  strlen (text), 0600, error);
}

/**
 * iss_audit_head_agrees:
 * @self: what has been acknowledged
 * @found: the last line that was found
 * @previous: what that line names as the one before it, 64 digits
 *
 * The record may be one line ahead: the power can go between the two writes.
 *
 * Returns: whether nothing is missing from the end of the record, or changed there
 */
gboolean
iss_audit_head_agrees (const IssAuditHead *self,
                       const IssAuditHead *found,
                       const char         *previous)
{
  if (found->n == self->n)
    return g_str_equal (found->hash, self->hash);

  return found->n == self->n + 1 && strncmp (previous, self->hash, ISS_AUDIT_HEX_SIZE) == 0;
}
