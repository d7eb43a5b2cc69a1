/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/thumbprint.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/row-table.h"

static gboolean
row_is (const IssRow *row,
        GBytes       *thumbprint)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (thumbprint, &size);

  return size == sizeof row->sha256 ? memcmp (row->sha256, data, size) == 0
                                    : memcmp (row->sha1, data, size) == 0;
}

/**
 * ctl_thumbprint_find:
 * @tables: (element-type IssRowTable): the rows of one store, of one server each
 * @thumbprint: a SHA-1 or a SHA-256
 * @error: return location for an error
 *
 * Finds the certificate that a thumbprint names. A SHA-1 that names two is refused, and both
 * are told by their SHA-256.
 *
 * Returns: (transfer full) (nullable): its SHA-256; %NULL without @error if nobody has it, with
 *   %ISS_ERROR_AMBIGUOUS if there are two
 */
GBytes *
ctl_thumbprint_find (GPtrArray  *tables,
                     GBytes     *thumbprint,
                     GError    **error)
{
  g_autoptr(GBytes) found = NULL;

  g_return_val_if_fail (tables != NULL, NULL);
  g_return_val_if_fail (thumbprint != NULL, NULL);

  for (guint i = 0; i < tables->len; i++)
    {
      IssRowTable *table = g_ptr_array_index (tables, i);

      for (guint k = 0; k < iss_row_table_get_n_rows (table); k++)
        {
          IssRow row;

          iss_row_table_get_row (table, k, &row);
          if (!row_is (&row, thumbprint))
            continue;

          if (found != NULL &&
              memcmp (g_bytes_get_data (found, NULL), row.sha256, sizeof row.sha256) != 0)
            {
              g_autofree char *one = iss_text_hex (g_bytes_get_data (found, NULL),
                                                   g_bytes_get_size (found), FALSE);
              g_autofree char *other = iss_text_hex (row.sha256, sizeof row.sha256, FALSE);

              g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
                           _("The thumbprint names two certificates. Say which by SHA-256: "
                             "%s or %s"), one, other);
              return NULL;
            }

          if (found == NULL)
            found = g_bytes_new (row.sha256, sizeof row.sha256);
        }
    }

  return g_steal_pointer (&found);
}
