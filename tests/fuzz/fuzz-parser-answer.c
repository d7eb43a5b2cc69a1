/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-wire.h"
#include "tests/fuzz/target.h"

static void
add_answer (GPtrArray    *seeds,
            IssBundle    *bundle,
            const GError *failure)
{
  g_autoptr(IssSecret) answer = iss_parser_wire_pack (bundle, failure);
  gsize size;
  const guint8 *data = iss_secret_get_data (answer, &size);

  g_ptr_array_add (seeds, g_bytes_new (data + ISS_PARSER_WIRE_HEADER_SIZE,
                                       size - ISS_PARSER_WIRE_HEADER_SIZE));
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seeds_make_certificate ("a", &key);
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);
  g_autoptr(GError) failure = g_error_new_literal (ISS_ERROR, ISS_ERROR_MALFORMED, "damaged");

  iss_bundle_add_certificate (bundle, certificate, "a");
  iss_bundle_add_key (bundle, key);
  add_answer (seeds, bundle, NULL);
  add_answer (seeds, NULL, failure);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(IssSecret) answer = iss_secret_new (data, size);
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  bundle = iss_parser_wire_unpack (answer, &error);
  iss_seeds_assert_refused (bundle != NULL, error);
  if (bundle != NULL)
    g_assert_cmpuint (iss_bundle_get_n_certificates (bundle) + iss_bundle_get_n_keys (bundle), >,
                      0);

  return 0;
}
