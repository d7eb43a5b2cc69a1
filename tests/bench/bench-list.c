/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long a store of 10,000 certificates takes to be listed. Not a test: run it by hand. */

#include <glib/gstdio.h>

#include "core/certificate/maker.h"
#include "core/store/row-table.h"
#include "tests/lib/temp-folder.h"

#define N_CERTIFICATES 10000
#define N_ROUNDS 5

static void
fill (const char *folder)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("bench");

  for (guint i = 0; i < N_CERTIFICATES; i++)
    {
      g_autofree char *subject = g_strdup_printf ("host%05u.contoso.example", i);
      const char *const names[] = { subject, NULL };
      IssMakerSpec spec = {
        subject, names, 1780000000 + i, 1800000000 + i, 1024, FALSE, FALSE, "key"
      };
      g_autoptr(IssCertificate) certificate = iss_maker_make (maker, &spec, NULL, NULL, NULL, NULL);
      g_autofree char *pem = iss_certificate_dup_pem (certificate);
      g_autofree char *name = g_strconcat (iss_certificate_get_sha256_hex (certificate),
                                           ".pem", NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      FILE *file = g_fopen (path, "w");

      g_assert_nonnull (file);
      fputs (pem, file);
      fclose (file);
    }
}

int
main (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (temp, "server");
  g_autofree char *folder = g_build_filename (path, "stores", "my", NULL);
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, NULL);

  fill (folder);
  g_print ("%6s  %8s  %8s  %8s\n", "rows", "read", "to wire", "check");

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      g_autoptr(IssRowTable) table = iss_row_table_read (root, ISS_STORE_MY, NULL, NULL);
      g_autoptr(IssRowTable) copy = iss_row_table_new_empty (ISS_STORE_MY);
      gint64 read = g_get_monotonic_time ();
      g_autoptr(GVariant) first = g_variant_ref_sink (iss_row_table_dup_page (table, 0, 5000));
      g_autoptr(GVariant) second = g_variant_ref_sink (iss_row_table_dup_page (table, 5000, 5000));
      gint64 sent;

      g_variant_get_data (first);
      g_variant_get_data (second);
      sent = g_get_monotonic_time ();
      iss_row_table_append_page (copy, first, NULL);
      iss_row_table_append_page (copy, second, NULL);

      g_print ("%6u  %5.1f ms  %5.1f ms  %5.1f ms\n", iss_row_table_get_n_rows (copy),
               (double) (read - begin) / 1000, (double) (sent - read) / 1000,
               (double) (g_get_monotonic_time () - sent) / 1000);
    }

  return 0;
}
