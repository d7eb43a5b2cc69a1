/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/bundle.h"
#include "core/formats/pkcs7-writer.h"
#include "core/formats/pkcs7.h"
#include "core/formats/seal.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

static void
test_read_by_others (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint n = 1; n <= 2; n++)
    {
      g_autoptr(IssBundle) read = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
      g_autoptr(IssPrivateKey) key = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *path = NULL;
      g_autofree char *output = NULL;
      g_auto(GStrv) parts = NULL;

      g_ptr_array_add (certificates, iss_seal_make_recipient (&key, &error));
      g_assert_no_error (error);
      bytes = iss_pkcs7_writer_write (certificates, &error);
      g_assert_no_error (error);

      g_assert_true (iss_pkcs7_looks_like (g_bytes_get_data (bytes, NULL),
                                           g_bytes_get_size (bytes)));
      g_assert_true (iss_pkcs7_read_certificates (g_bytes_get_data (bytes, NULL),
                                                  g_bytes_get_size (bytes), read, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (iss_bundle_get_n_certificates (read), ==, n);
      g_assert_true (g_bytes_equal (iss_certificate_get_der (iss_bundle_get_certificate (read, 0)),
                                    iss_certificate_get_der (certificates->pdata[0])));

      path = iss_temp_folder_write (folder, "a.p7b", g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes));
      g_assert_nonnull (path);
      g_assert_true (iss_openssl_tool_try (folder, "openssl pkcs7 -inform DER -in a.p7b "
                                           "-print_certs", &output));
      parts = g_strsplit (output, "BEGIN CERTIFICATE", -1);
      g_assert_cmpuint (g_strv_length (parts), ==, n + 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pkcs7-writer/read-by-others", test_read_by_others);

  return g_test_run ();
}
