/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-summary.h"
#include "tests/fuzz/target.h"

static void
assert_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_certificate (seeds);
}

/* A certificate whose summary cannot be read is in no list. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_auto(IssCertificateSummary) summary = { .key_bits = 99 };
  g_autoptr(GError) error = NULL;
  gboolean is_read = iss_certificate_summary_read (&summary, data, size, &error);

  iss_seeds_assert_refused (is_read, error);
  if (!is_read)
    {
      g_assert_cmpuint (summary.key_bits, ==, 99);
      g_assert_null (summary.issued_to);
      return 0;
    }

  assert_text (summary.issued_to);
  assert_text (summary.issued_by);
  assert_text (summary.purposes);
  assert_text (summary.key_algorithm);
  g_assert_cmpint (summary.is_ca, <=, TRUE);

  return 0;
}
