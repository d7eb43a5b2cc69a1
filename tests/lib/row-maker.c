/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/row-maker.h"

#include <string.h>

#define DAY G_GINT64_CONSTANT (86400)

/**
 * iss_row_maker_init:
 * @row: (out): a row
 * @number: makes its digests differ from others'
 * @issued_to: its name, borrowed
 *
 * Makes an ordinary row: valid for a year around %ISS_ROW_MAKER_NOW, with key.
 */
void
iss_row_maker_init (IssRow     *row,
                    guint       number,
                    const char *issued_to)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = sizeof row->sha256;

  g_checksum_update (checksum, (const guchar *) &number, sizeof number);

  *row = (IssRow) {
    .issued_to = issued_to,
    .issued_by = "Contoso CA",
    .friendly_name = "",
    .purposes = "1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2",
    .key_algorithm = "RSA",
    .assigned_to = "",
    .origin = "manual",
    .not_before = ISS_ROW_MAKER_NOW - 180 * DAY,
    .not_after = ISS_ROW_MAKER_NOW + 180 * DAY,
    .key_bits = 2048,
    .key_state = ISS_KEY_STATE_FILE,
  };
  g_checksum_get_digest (checksum, row->sha256, &size);
  memcpy (row->sha1, row->sha256, sizeof row->sha1);
}

/**
 * iss_row_maker_add:
 * @table: a table that has not been handed out
 * @row: what to add to it
 *
 * Adds it as a server would send it.
 */
void
iss_row_maker_add (IssRowTable  *table,
                   const IssRow *row)
{
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  g_variant_builder_add (&builder, "(@ay@aysssssssxxuubbu)",
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, row->sha256,
                                                    sizeof row->sha256, 1),
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, row->sha1,
                                                    sizeof row->sha1, 1),
                         row->issued_to, row->issued_by, row->friendly_name, row->purposes,
                         row->key_algorithm, row->assigned_to, row->origin,
                         row->not_before, row->not_after, row->key_bits,
                         (guint32) row->key_state, row->exportable, row->is_ca,
                         (guint32) row->intent);
  iss_row_table_append_page (table, g_variant_builder_end (&builder), &error);
  g_assert_no_error (error);
}

/**
 * iss_row_maker_new_table:
 * @store: a store
 * @n_rows: how many
 *
 * Returns: (transfer full): that many different rows, in no order
 */
IssRowTable *
iss_row_maker_new_table (IssStoreName store,
                         guint        n_rows)
{
  IssRowTable *table = iss_row_table_new_empty (store);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%05u.contoso.example", i * 7919 % 100003);
      g_autofree char *friendly = i % 3 == 0 ? g_strdup_printf ("Certificate %u", i) : NULL;
      IssRow row;

      iss_row_maker_init (&row, i, name);
      row.issued_by = i % 2 == 0 ? "Contoso CA" : "Fabrikam Issuing CA 2";
      row.friendly_name = friendly != NULL ? friendly : "";
      row.not_after += ((gint64) (i * 31 % 997) - 400) * DAY / 2;
      row.key_state = i % 5 == 0 ? ISS_KEY_STATE_NONE : ISS_KEY_STATE_FILE;
      row.assigned_to = i == 3 ? "OAuthTokenIssuer:current,Default:previous" : "";
      iss_row_maker_add (table, &row);
    }

  return table;
}
