/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pkcs7.h"
#include "tests/fuzz/target.h"
#include "tests/lib/openssl-tool.h"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCertificate) certificate = iss_seeds_make_certificate ("a", NULL);
  g_autofree char *pem = iss_certificate_dup_pem (certificate);
  g_autofree char *twice = g_strconcat (pem, pem, NULL);
  g_autofree char *path = iss_temp_folder_write (folder, "a.crt", twice, -1);

  g_ptr_array_add (seeds, iss_openssl_tool_make_file (folder, "openssl crl2pkcs7 -nocrl -certfile "
                                                      "a.crt -outform DER -out a.p7b", "a.p7b"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;
  gboolean is_read;

  iss_pkcs7_looks_like (data, size);
  is_read = iss_pkcs7_read_certificates (data, size, bundle, &error);
  iss_seeds_assert_refused (is_read, error);
  if (is_read)
    g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), >, 0);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 0);

  return 0;
}
