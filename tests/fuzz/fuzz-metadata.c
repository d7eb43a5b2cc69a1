/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"
#include "core/certificate/jwk.h"
#include "core/pool/metadata.h"
#include "tests/fuzz/target.h"

#include <string.h>

#define X5T "i_gz5qfYp5YPWAK1__0YhZnipLI"

static void
add_printf (GPtrArray  *seeds,
            const char *format,
            const char *text)
{
  g_auto(GStrv) parts = g_strsplit (format, "@", -1);
  g_autofree char *seed = g_strjoinv (text, parts);

  iss_seeds_add_text (seeds, seed);
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  IssCertificate *certificate = iss_seeds_get_signer ()->certificate;
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *x5c = iss_jwk_dup_x5c (certificate);
  g_autofree char *jwk = NULL;

  iss_jwk_write (json, certificate);
  jwk = iss_json_text_finish (json);
  add_printf (seeds, "{\"keys\":[@]}", jwk);
  add_printf (seeds, "{\"keys\":[{\"usage\":\"signing\",\"keyinfo\":{\"x5t\":\"" X5T "\"},"
              "\"keyvalue\":{\"type\":\"x509Certificate\",\"value\":\"@\"}}]}", x5c);
  iss_seeds_add_text (seeds, "{\"version\":\"1.0\",\"realm\":\"*\",\"keys\":["
                      "{\"usage\":\"Signing\",\"keyValue\":{\"type\":\"x509certificate\","
                      "\"value\":\"AAAA\"}},{\"use\":\"sig\",\"kty\":\"RSA\",\"e\":\"AQAB\","
                      "\"n\":\"AQ\",\"x5t\":\"" X5T "\"},{\"kid\":\"" X5T "\"}],"
                      "\"endpoints\":[{\"location\":\"\\u0041\",\"usage\":null}]}");
}

/* What was read names certificates, each by a hash. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) document = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = iss_metadata_read (document, &error);

  iss_seeds_assert_refused (keys != NULL, error);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      const IssMetadataKey *key = g_ptr_array_index (keys, i);
      const gsize length = g_bytes_get_size (key->hash);

      g_assert_true (length == 20 || length == ISS_SHA256_SIZE);
    }
  g_assert_true (keys == NULL || keys->len > 0);

  return 0;
}
