/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long a store takes to be listed. Not a test. bench-list.py starts it; by hand:
 *
 *   bench-list [ROWS [FOLDER]]   makes ROWS certificates, 10,000 unless told, and reads them
 *
 * With FOLDER they stay there: a server's folder "server" and all of them in "all.pem". */

#include <glib/gstdio.h>
#include <stdlib.h>

#include "core/certificate/maker.h"
#include "core/store/row-table.h"
#include "tests/lib/temp-folder.h"

#define N_CERTIFICATES 10000
#define N_ROUNDS 5
#define PAGE 5000

static void
write_file (const char *path,
            const char *mode,
            const char *text)
{
  FILE *file = g_fopen (path, mode);

  g_assert_nonnull (file);
  fputs (text, file);
  fclose (file);
}

static void
fill (const char *folder,
      const char *all,
      guint       n)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("bench");

  for (guint i = 0; i < n; i++)
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

      write_file (path, "w", pem);
      write_file (all, "a", pem);
    }
}

int
main (int    argc,
      char **argv)
{
  guint n = argc > 1 ? (guint) atoi (argv[1]) : N_CERTIFICATES;
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *path = argc > 2 ? g_build_filename (argv[2], "server", NULL)
                                   : iss_temp_folder_dup_path (temp, "server");
  g_autofree char *all = argc > 2 ? g_build_filename (argv[2], "all.pem", NULL)
                                  : iss_temp_folder_dup_path (temp, "all.pem");
  g_autofree char *folder = g_build_filename (path, "stores", "my", NULL);
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, NULL);

  fill (folder, all, n);
  g_print ("%6s  %8s  %8s  %8s\n", "rows", "read", "to wire", "check");

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      g_autoptr(IssRowTable) table = iss_row_table_read (root, ISS_STORE_MY, NULL, NULL);
      g_autoptr(IssRowTable) copy = iss_row_table_new_empty (ISS_STORE_MY);
      g_autoptr(GPtrArray) pages =
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      gint64 read = g_get_monotonic_time ();
      gint64 sent;

      for (guint from = 0; from < n; from += PAGE)
        {
          GVariant *page = iss_row_table_dup_page (table, from, PAGE);

          g_ptr_array_add (pages, g_variant_ref_sink (page));
          g_variant_get_data (page);
        }

      sent = g_get_monotonic_time ();
      for (guint k = 0; k < pages->len; k++)
        iss_row_table_append_page (copy, g_ptr_array_index (pages, k), NULL);

      g_assert_cmpuint (iss_row_table_get_n_rows (copy), ==, n);
      g_print ("%6u  %5.1f ms  %5.1f ms  %5.1f ms\n", n, (double) (read - begin) / 1000,
               (double) (sent - read) / 1000, (double) (g_get_monotonic_time () - sent) / 1000);
    }

  return 0;
}
