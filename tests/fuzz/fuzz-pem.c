/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pem.h"
#include "tests/fuzz/target.h"
#include "tests/lib/openssl-tool.h"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  static const char *const lines[] =
  {
    "openssl pkey -in a.key -out k.pem",
    "openssl pkcs8 -topk8 -in a.key -iter 2 -passout pass:secret -out k.pem",
    "openssl ec -in a.key -aes128 -passout pass:secret -out k.pem",
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_make_pair (folder, "a");
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GBytes) key = iss_openssl_tool_make_file (folder, lines[i], "k.pem");
      g_autoptr(GBytes) certificate = iss_openssl_tool_load (folder, "a.crt");
      g_autofree char *text = g_strdup_printf ("Bag Attributes\n%.*s\r\n%.*s",
                                               (int) g_bytes_get_size (certificate),
                                               (const char *) g_bytes_get_data (certificate, NULL),
                                               (int) g_bytes_get_size (key),
                                               (const char *) g_bytes_get_data (key, NULL));

      iss_seeds_add_text (seeds, text);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(IssSecret) password = iss_secret_new ("secret", 6);
  g_autoptr(GBytes) first = iss_pem_first_certificate ((const char *) data, size);
  g_autoptr(IssBundle) without = NULL;
  g_autoptr(IssBundle) with = NULL;
  g_autoptr(GError) error = NULL;

  iss_pem_looks_like (bytes);
  without = iss_pem_read (bytes, NULL, &error);
  iss_seeds_assert_refused (without != NULL, error);
  g_clear_error (&error);

  with = iss_pem_read (bytes, password, &error);
  iss_seeds_assert_refused (with != NULL, error);
  if (with == NULL)
    return 0;

  g_assert_true (iss_bundle_get_format (with) == ISS_FORMAT_PEM);
  if (iss_bundle_get_n_certificates (with) > 0)
    g_assert_true (g_bytes_equal (first,
                                  iss_certificate_get_der (iss_bundle_get_certificate (with, 0))));
  if (without == NULL)
    g_assert_true (iss_pem_has_encrypted_key (bytes));

  return 0;
}
