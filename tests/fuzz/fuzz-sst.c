/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/sst.h"
#include "tests/fuzz/target.h"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(IssCertificate) one = iss_seeds_make_certificate ("a", NULL);
  g_autoptr(IssCertificate) other = iss_seeds_make_certificate ("b", NULL);
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;

  iss_bundle_add_certificate (bundle, one, NULL);
  g_ptr_array_add (seeds, iss_sst_write (bundle, &error));
  g_assert_no_error (error);

  iss_bundle_add_certificate (bundle, other, "Größe");
  g_ptr_array_add (seeds, iss_sst_write (bundle, &error));
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) again = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_read = iss_sst_read_certificates (data, size, bundle, &error);

  iss_seeds_assert_refused (is_read, error);
  if (!is_read)
    return 0;

  g_assert_true (iss_sst_looks_like (data, size));
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), >, 0);

  /* What is written is read as it was. */
  written = iss_sst_write (bundle, &error);
  g_assert_no_error (error);
  g_assert_true (iss_sst_read_certificates (g_bytes_get_data (written, NULL),
                                            g_bytes_get_size (written), again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_certificates (again), ==,
                    iss_bundle_get_n_certificates (bundle));
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    g_assert_cmpstr (iss_bundle_get_friendly_name (again, i), ==,
                     iss_bundle_get_friendly_name (bundle, i));

  return 0;
}
