/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-summary.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"

#include <string.h>

#define START 1767225600   /* 1 January 2026 */
#define END 1830297600     /* 1 January 2028 */

static const char *const dns_names[] = { "auth.contoso.example", NULL };

static const IssMakerSpec specs[] =
{
  { "auth.contoso.example", dns_names, START, END, 2048, FALSE, TRUE, "leaf" },
  { "Contoso CA", NULL, START, END, 2048, TRUE, FALSE, "ca" },
  { "Müller", dns_names, START, G_GINT64_CONSTANT (253402300799), 2048, FALSE, FALSE, "leaf" },
};

static IssCertificate *
make (const IssMakerSpec *spec)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, spec, NULL, NULL, &key, &error);

  g_assert_no_error (error);

  return certificate;
}

static void
assert_same_bytes (const guint8 *bytes,
                   gsize         size,
                   GBytes       *expected)
{
  g_assert_cmpmem (bytes, size, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
assert_same (const IssCertificateSummary *summary,
             IssCertificate              *certificate)
{
  g_assert_cmpstr (summary->issued_to, ==, iss_certificate_get_issued_to (certificate));
  g_assert_cmpstr (summary->issued_by, ==, iss_certificate_get_issued_by (certificate));
  g_assert_cmpint (summary->not_before, ==, iss_certificate_get_not_before (certificate));
  g_assert_cmpint (summary->not_after, ==, iss_certificate_get_not_after (certificate));
  g_assert_cmpstr (summary->key_algorithm, ==, iss_certificate_get_key_algorithm (certificate));
  g_assert_cmpuint (summary->key_bits, ==, iss_certificate_get_key_bits (certificate));
  g_assert_cmpint (summary->is_ca, ==, iss_certificate_is_ca (certificate));
  g_assert_cmpint (summary->is_self_issued, ==, iss_certificate_is_self_issued (certificate));
  assert_same_bytes (summary->sha256, 32, iss_certificate_get_sha256 (certificate));
  assert_same_bytes (summary->sha1, 20, iss_certificate_get_sha1 (certificate));
  assert_same_bytes (summary->spki_sha256, 32, iss_certificate_get_spki_sha256 (certificate));
}

static void
test_same_as_certificate (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      g_autoptr(IssCertificate) certificate = make (&specs[i]);
      GBytes *der = iss_certificate_get_der (certificate);
      g_auto(IssCertificateSummary) summary = { NULL };
      g_autoptr(GError) error = NULL;

      g_assert_true (iss_certificate_summary_read (&summary, g_bytes_get_data (der, NULL),
                                                   g_bytes_get_size (der), &error));
      g_assert_no_error (error);
      g_assert_cmpstr (summary.issued_to, ==, specs[i].subject_cn);
      g_assert_cmpint (summary.is_ca, ==, specs[i].is_ca);
      assert_same (&summary, certificate);
    }
}

/* Cut after every byte, in memory that ends there: refused, nothing read behind. */
static void
test_truncated (void)
{
  g_autoptr(IssCertificate) certificate = make (&specs[0]);
  gsize size;
  const guint8 *der = g_bytes_get_data (iss_certificate_get_der (certificate), &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (der, i);
      IssCertificateSummary summary = { .key_bits = 99 };
      g_autoptr(GError) error = NULL;

      g_assert_false (iss_certificate_summary_read (&summary, copy, i, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_cmpuint (summary.key_bits, ==, 99);
      g_assert_null (summary.issued_to);
    }
}

static void
test_trailing (void)
{
  g_autoptr(IssCertificate) certificate = make (&specs[0]);
  gsize size;
  const guint8 *der = g_bytes_get_data (iss_certificate_get_der (certificate), &size);
  g_autofree guint8 *copy = g_malloc0 (size + 1);
  IssCertificateSummary summary = { NULL };
  g_autoptr(GError) error = NULL;

  memcpy (copy, der, size);
  g_assert_false (iss_certificate_summary_read (&summary, copy, size + 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

/* Every byte changed: what both can read, both read alike. One change a byte:
 * under the sanitisers' slow unwinding each reading by OpenSSL takes about 20 ms. */
static void
test_spoilt (void)
{
  const guint8 changes[] = { 0x01, 0x80, 0xff };
  g_autoptr(IssCertificate) original = make (&specs[0]);
  gsize size;
  const guint8 *der = g_bytes_get_data (iss_certificate_get_der (original), &size);
  guint n_both = 0;

  for (gsize i = 0; i < size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (der, size);
      g_auto(IssCertificateSummary) summary = { NULL };
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IssCertificate) certificate = NULL;

      copy[i] ^= changes[i % G_N_ELEMENTS (changes)];
      if (!iss_certificate_summary_read (&summary, copy, size, NULL))
        continue;

      bytes = g_bytes_new (copy, size);
      certificate = iss_certificate_new_from_der (bytes, NULL);
      if (certificate == NULL)
        continue;

      n_both++;
      g_assert_cmpstr (summary.issued_to, ==, iss_certificate_get_issued_to (certificate));
      g_assert_cmpint (summary.not_after, ==, iss_certificate_get_not_after (certificate));
      assert_same_bytes (summary.sha256, 32, iss_certificate_get_sha256 (certificate));
    }

  g_assert_cmpuint (n_both, >, 100);
}

static void
test_too_large (void)
{
  g_autofree guint8 *large = g_malloc0 (ISS_CERTIFICATE_MAX_SIZE + 1);
  IssCertificateSummary summary = { NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (iss_certificate_summary_read (&summary, large, ISS_CERTIFICATE_MAX_SIZE + 1,
                                                &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate-summary/same-as-certificate", test_same_as_certificate);
  g_test_add_func ("/certificate-summary/truncated", test_truncated);
  g_test_add_func ("/certificate-summary/trailing", test_trailing);
  g_test_add_func ("/certificate-summary/spoilt", test_spoilt);
  g_test_add_func ("/certificate-summary/too-large", test_too_large);

  return g_test_run ();
}
