/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/signed-data.h"
#include "tests/fuzz/target.h"

#define CONTENT "the content"
#define LIMIT (64 * 1024)

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(GBytes) content = g_bytes_new_static (CONTENT, sizeof CONTENT - 1);

  g_ptr_array_add (seeds, iss_seeds_sign (content));
}

/* Nothing but what was signed comes out of it; whose certificate it says is inside may be
 * anybody's. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) signer_error = NULL;
  g_autoptr(GBytes) content = NULL;
  g_autoptr(IssCertificate) signer = NULL;

  content = iss_signed_data_verify (bytes, iss_seeds_get_signer ()->certificates, LIMIT, NULL,
                                    NULL, &error);
  iss_seeds_assert_refused (content != NULL, error);
  if (content != NULL)
    g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                     CONTENT, sizeof CONTENT - 1);

  signer = iss_signed_data_read_signer (bytes, LIMIT, &signer_error);
  iss_seeds_assert_refused (signer != NULL, signer_error);

  return 0;
}
