/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/row-table.h"
#include "core/store/row-text.h"
#include "tests/fuzz/target.h"

#define PAGE_TYPE "a" ISS_ROW_VARIANT_TYPE
#define ROW "([byte 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28," \
            "29,30,31,32], [byte 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20], 'auth', " \
            "'ca', 'Tokens', " \
            "'1.3.6.1.5.5.7.3.1,1.2.3', 'RSA', 'OAuthTokenIssuer:current', 'manual', " \
            "1783000000, 1814313600, 2048, 1, true, false, 1)"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  static const char *const texts[] = { "[" ROW "]", "[" ROW "," ROW "]", "[]" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      GVariant *page = g_variant_parse (G_VARIANT_TYPE (PAGE_TYPE), texts[i], NULL, NULL, &error);

      g_assert_no_error (error);
      iss_seeds_add_variant (seeds, page);
    }
}

static void
look (const IssRow *row)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *status = iss_row_text_status (row, 1783000000);
  g_autofree char *expires = iss_row_text_expires (row, utc);
  g_autofree char *purposes = iss_row_text_purposes (row->purposes);
  g_autofree char *key = iss_row_text_key (row);
  g_autofree char *assigned = iss_row_text_assigned (row->assigned_to);
  g_autofree char *thumbprint = iss_row_text_thumbprint (row);

  g_assert_true (g_utf8_validate (row->issued_to, -1, NULL));
  g_assert_true (g_utf8_validate (row->friendly_name, -1, NULL));
  g_assert_true (g_utf8_validate (purposes, -1, NULL));
  g_assert_nonnull (status);
  g_assert_nonnull (expires);
  g_assert_nonnull (key);
  g_assert_nonnull (assigned);
  g_assert_nonnull (thumbprint);
}

/* All rows of a page or none; each can be shown; each can be told to somebody else. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GVariant) page = iss_seeds_read_variant (PAGE_TYPE, data, size);
  g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(IssRowTable) again = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GVariant) told = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_read = iss_row_table_append_page (table, page, &error);

  iss_seeds_assert_refused (is_read, error);
  g_assert_cmpuint (iss_row_table_get_n_rows (table), ==,
                    is_read ? g_variant_n_children (page) : 0);
  if (!is_read)
    return 0;

  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      IssRow row;

      iss_row_table_get_row (table, i, &row);
      look (&row);
    }

  told = g_variant_ref_sink (iss_row_table_dup_page (table, 0, ISS_ROW_PAGE_MAX));
  g_assert_true (iss_row_table_append_page (again, told, &error));
  g_assert_no_error (error);

  return 0;
}
