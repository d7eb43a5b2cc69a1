/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/thumbprint.h"

#include <string.h>

#include "core/base/error.h"
#include "core/store/row-table.h"

/* The rows of one server, told by the last byte of each hash: "AB" is a certificate with the
 * SHA-256 ...A and the SHA-1 ...B. No two real ones have been found that share a SHA-1 alone. */
static IssRowTable *
make_table (const char *const *rows)
{
  IssRowTable *table = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  for (gsize i = 0; rows[i] != NULL; i++)
    {
      guint8 sha256[32] = { 0 };
      guint8 sha1[20] = { 0 };

      sha256[31] = (guint8) rows[i][0];
      sha1[19] = (guint8) rows[i][1];
      g_variant_builder_add (&builder, "(@ay@aysssssssxxuubbu)",
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, sha256, 32, 1),
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, sha1, 20, 1),
                             "auth", "ca", "", "", "RSA", "", "manual", (gint64) 0, (gint64) 1,
                             2048, 0, FALSE, FALSE, 0);
    }
  g_assert_true (iss_row_table_append_page (table, g_variant_builder_end (&builder), &error));
  g_assert_no_error (error);

  return table;
}

static void
test_thumbprint_find (void)
{
  static const struct
  {
    const char *first[4];
    const char *second[4];
    char        sha256;     /* what is asked for, one of them */
    char        sha1;
    char        found;      /* 0: nothing */
    gboolean    is_ambiguous;
  } cases[] =
  {
    { { "Aa", "Bb" }, { NULL }, 'A', 0, 'A', FALSE },
    { { "Aa", "Bb" }, { NULL }, 0, 'b', 'B', FALSE },
    { { "Aa", "Bb" }, { NULL }, 0, 'c', 0, FALSE },
    { { "Aa", "Bb" }, { NULL }, 'C', 0, 0, FALSE },
    { { NULL }, { NULL }, 'A', 0, 0, FALSE },
    /* The same on two servers is one. */
    { { "Aa", "Bb" }, { "Bb" }, 0, 'b', 'B', FALSE },
    /* Two that share a SHA-1, on one server, and each on its own. */
    { { "Aa", "Ba" }, { NULL }, 0, 'a', 0, TRUE },
    { { "Aa" }, { "Cc", "Ba" }, 0, 'a', 0, TRUE },
    /* The SHA-256 tells them apart. */
    { { "Aa", "Ba" }, { "Ba" }, 'B', 0, 'B', FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (g_object_unref);
      guint8 hash[32] = { 0 };
      gsize size = cases[i].sha256 != 0 ? 32 : 20;
      g_autoptr(GBytes) thumbprint = NULL;
      g_autoptr(GBytes) found = NULL;
      g_autoptr(GError) error = NULL;

      hash[size - 1] = (guint8) (cases[i].sha256 != 0 ? cases[i].sha256 : cases[i].sha1);
      thumbprint = g_bytes_new (hash, size);
      g_ptr_array_add (tables, make_table (cases[i].first));
      g_ptr_array_add (tables, make_table (cases[i].second));

      g_test_message ("%" G_GSIZE_FORMAT, i);
      found = ctl_thumbprint_find (tables, thumbprint, &error);
      if (cases[i].is_ambiguous)
        {
          g_assert_null (found);
          g_assert_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS);
          g_assert_nonnull (strstr (error->message, "0041 or "));
          g_assert_true (g_str_has_suffix (error->message, "0042"));
          continue;
        }

      g_assert_no_error (error);
      if (cases[i].found == 0)
        {
          g_assert_null (found);
          continue;
        }

      g_assert_nonnull (found);
      g_assert_cmpuint (g_bytes_get_size (found), ==, 32);
      g_assert_cmpint (((const char *) g_bytes_get_data (found, NULL))[31], ==, cases[i].found);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/thumbprint/find", test_thumbprint_find);

  return g_test_run ();
}
