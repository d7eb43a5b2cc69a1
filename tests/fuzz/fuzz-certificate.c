/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-summary.h"
#include "core/certificate/certificate.h"
#include "tests/fuzz/target.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static void
assert_bytes (const guint8 *data,
              gsize         size,
              GBytes       *bytes)
{
  g_assert_cmpmem (data, size, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* A name that is whole is the same in both; of one that is spoilt, or in a torn list of alternative
 * names, one may show more of than the other. */
static void
assert_same_name (const char *a,
                  const char *b)
{
  if (a[0] == '\0' || b[0] == '\0' || strstr (a, REPLACEMENT) != NULL
      || strstr (b, REPLACEMENT) != NULL)
    return;

  g_assert_cmpstr (a, ==, b);
}

/* The list and the dialog of a certificate do not contradict each other. */
static void
assert_same (IssCertificate *certificate,
             const guint8   *data,
             gsize           size)
{
  g_auto(IssCertificateSummary) summary = { NULL };

  if (!iss_certificate_summary_read (&summary, data, size, NULL))
    return;

  assert_same_name (summary.issued_to, iss_certificate_get_issued_to (certificate));
  assert_same_name (summary.issued_by, iss_certificate_get_issued_by (certificate));
  g_assert_cmpint (summary.not_before, ==, iss_certificate_get_not_before (certificate));
  g_assert_cmpint (summary.not_after, ==, iss_certificate_get_not_after (certificate));
  g_assert_cmpint (summary.is_self_issued, ==, iss_certificate_is_self_issued (certificate));
  assert_bytes (summary.sha256, 32, iss_certificate_get_sha256 (certificate));
  assert_bytes (summary.sha1, 20, iss_certificate_get_sha1 (certificate));
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_certificate (seeds);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) certificate = iss_certificate_new_from_der (bytes, &error);
  g_autofree char *pem = NULL;

  iss_seeds_assert_refused (certificate != NULL, error);
  if (certificate == NULL)
    return 0;

  g_assert_true (g_utf8_validate (iss_certificate_get_subject (certificate), -1, NULL));
  g_assert_true (g_utf8_validate (iss_certificate_get_issuer (certificate), -1, NULL));
  g_assert_nonnull (iss_certificate_get_serial (certificate));
  g_assert_nonnull (iss_certificate_get_dns_names (certificate));
  g_assert_true (g_bytes_equal (iss_certificate_get_der (certificate), bytes));
  pem = iss_certificate_dup_pem (certificate);
  g_assert_nonnull (pem);
  assert_same (certificate, data, size);

  return 0;
}
