/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-summary.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/maker.h"
#include "tests/lib/openssl-tool.h"

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

/* Changes @from, which must be there once, into @to of the same size. */
static void
replace_hex (guint8     *data,
             gsize       size,
             const char *from,
             const char *to)
{
  gsize n = strlen (from) / 2;
  guint n_found = 0;

  for (gsize i = 0; i + n <= size; i++)
    {
      g_autofree char *hex = iss_text_hex (data + i, n, FALSE);

      if (!g_str_equal (hex, from))
        continue;

      for (gsize j = 0; j < n; j++)
        data[i + j] = (guint8) (g_ascii_xdigit_value (to[2 * j]) << 4
                                | g_ascii_xdigit_value (to[2 * j + 1]));
      n_found++;
    }

  g_assert_cmpuint (n_found, ==, 1);
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

/* Certificates of the real openssl, with what IssMaker does not make. */
static void
test_of_openssl (void)
{
#define RSA "-newkey rsa:1024 "
#define EC(curve) "-newkey ec -pkeyopt ec_paramgen_curve:" curve " "
  static const struct
  {
    const char *arguments;
    const char *issued_to;
    const char *purposes;
    const char *key_algorithm;
    guint       key_bits;
    gboolean    is_ca;
  } cases[] =
  {
    { RSA "-subj /CN=a -addext extendedKeyUsage=serverAuth,clientAuth", "a",
      "1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2", "RSA", 1024, TRUE },
    { EC ("P-256") "-subj /CN=a -addext extendedKeyUsage=critical,1.2.840.113556.1.4.1,codeSigning",
      "a", "1.2.840.113556.1.4.1,1.3.6.1.5.5.7.3.3", "EC", 256, TRUE },
    { EC ("P-256") "-subj /CN=a -addext extendedKeyUsage=anyExtendedKeyUsage", "a", "2.5.29.37.0",
      "EC", 256, TRUE },
    { EC ("P-384") "-subj /CN=a -addext basicConstraints=critical,CA:FALSE", "a", "", "EC", 384,
      FALSE },
    { EC ("P-521") "-subj /CN=a", "a", "", "EC", 521, TRUE },
    { EC ("secp256k1") "-subj /CN=a", "a", "", "EC", 256, TRUE },
    { EC ("brainpoolP384r1") "-subj /CN=a", "a", "", "EC", 384, TRUE },
    { "-newkey ed25519 -subj /CN=a", "a", "", "Ed25519", 256, TRUE },
    { "-newkey ed448 -subj /CN=a", "a", "", "Ed448", 456, TRUE },
    { "-newkey rsa-pss -pkeyopt rsa_keygen_bits:1024 -subj /CN=a", "a", "", "RSA-PSS", 1024, TRUE },
    { "-newkey dsa:dsa.pem -subj /CN=a", "a", "", "DSA", 1024, TRUE },
    { EC ("P-256") "-subj /CN=first/O=Contoso/CN=last/OU=Voice", "last", "", "EC", 256, TRUE },
    { EC ("P-256") "-subj /O=Contoso/OU=Voice", "Voice", "", "EC", 256, TRUE },
    { EC ("P-256") "-subj /O=Contoso -addext subjectAltName=DNS:a.example", "Contoso", "", "EC",
      256, TRUE },
    { EC ("P-256") "-subj / -addext subjectAltName=IP:::1,DNS:a.example,DNS:b.example", "a.example",
      "", "EC", 256, TRUE },
    { EC ("P-256") "-subj / -addext subjectAltName=email:a@a.example", "a@a.example", "", "EC", 256,
      TRUE },
    { EC ("P-256") "-subj /", "(no name) ", "", "EC", 256, TRUE },
  };
#undef RSA
#undef EC
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_run (folder, "openssl dsaparam -out dsa.pem 1024");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = NULL;
      g_autoptr(GBytes) der = NULL;
      g_autoptr(IssCertificate) certificate = NULL;
      g_auto(IssCertificateSummary) summary = { NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].arguments);
      line = g_strdup_printf ("openssl req -x509 -nodes -keyout a.key -outform DER -out a.der %s",
                              cases[i].arguments);
      der = iss_openssl_tool_make_file (folder, line, "a.der");
      certificate = iss_certificate_new_from_der (der, &error);
      g_assert_no_error (error);
      iss_certificate_summary_read (&summary, g_bytes_get_data (der, NULL),
                                    g_bytes_get_size (der), &error);
      g_assert_no_error (error);

      g_assert_true (g_str_has_prefix (summary.issued_to, cases[i].issued_to));
      g_assert_cmpstr (summary.purposes, ==, cases[i].purposes);
      g_assert_cmpstr (summary.key_algorithm, ==, cases[i].key_algorithm);
      g_assert_cmpuint (summary.key_bits, ==, cases[i].key_bits);
      g_assert_cmpint (summary.is_ca, ==, cases[i].is_ca);
      g_assert_true (summary.is_self_issued);
      assert_same (&summary, certificate);
    }
}

/* Extensions that say nothing reliable: the certificate is listed none the less. A second
 * extension is made out of another (2.5.29.54, inhibitAnyPolicy), whose identifier is changed in
 * the DER. */
static void
test_bad_extensions (void)
{
  static const struct
  {
    const char *what;
    const char *arguments;
    const char *from;          /* changed, in hexadecimal digits */
    const char *to;
    const char *issued_to;
    const char *purposes;
    gboolean    is_ca;
  } cases[] =
  {
    { "good", "-subj /CN=a -addext extendedKeyUsage=serverAuth", NULL, NULL, "a",
      "1.3.6.1.5.5.7.3.1", TRUE },
    { "purposes that are no list", "-subj /CN=a -addext 2.5.29.37=DER:0401ff", NULL, NULL, "a",
      "?", TRUE },
    { "no purpose in the list", "-subj /CN=a -addext 2.5.29.37=DER:3000", NULL, NULL, "a", "?",
      TRUE },
    { "a purpose that is a number", "-subj /CN=a -addext 2.5.29.37=DER:3003020101", NULL, NULL, "a",
      "?", TRUE },
    { "a torn purpose", "-subj /CN=a -addext 2.5.29.37=DER:3003060181", NULL, NULL, "a", "?",
      TRUE },
    { "something behind the purposes", "-subj /CN=a -addext 2.5.29.37=DER:300406022a030500", NULL,
      NULL, "a", "?", TRUE },
    { "purposes twice", "-subj /CN=a -addext extendedKeyUsage=serverAuth "
      "-addext 2.5.29.54=DER:300406022a03", "0603551d36", "0603551d25", "a", "?", TRUE },
    { "constraints twice", "-subj /CN=a -addext 2.5.29.54=DER:30030101ff",
      "0603551d36", "0603551d13", "a", "", FALSE },
    { "constraints that are no list", "-subj /CN=a -addext 2.5.29.19=DER:0101ff", NULL, NULL, "a",
      "", FALSE },
    { "alternative names twice", "-subj / -addext subjectAltName=DNS:a.example "
      "-addext 2.5.29.54=DER:300382016b", "0603551d36", "0603551d11", "", "", TRUE },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = NULL;
      g_autoptr(GBytes) der = NULL;
      g_auto(IssCertificateSummary) summary = { NULL };
      g_autofree guint8 *copy = NULL;
      g_autoptr(GError) error = NULL;
      gsize size;

      g_test_message ("%s", cases[i].what);
      line = g_strdup_printf ("openssl req -x509 -newkey ed25519 -nodes -keyout a.key -outform DER "
                              "-out a.der %s", cases[i].arguments);
      der = iss_openssl_tool_make_file (folder, line, "a.der");
      copy = g_memdup2 (g_bytes_get_data (der, &size), g_bytes_get_size (der));
      if (cases[i].from != NULL)
        replace_hex (copy, size, cases[i].from, cases[i].to);

      iss_certificate_summary_read (&summary, copy, size, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (summary.issued_to, cases[i].issued_to));
      g_assert_cmpstr (summary.purposes, ==, cases[i].purposes);
      g_assert_cmpint (summary.is_ca, ==, cases[i].is_ca);
    }
}

static void
test_other_issuer (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_auto(IssCertificateSummary) summary = { NULL };
  g_autoptr(GError) error = NULL;

  iss_openssl_tool_make_pair (folder, "authority");
  iss_openssl_tool_run (folder, "openssl req -new -newkey ed25519 -nodes -subj /CN=leaf "
                                "-keyout leaf.key -out leaf.csr");
  der = iss_openssl_tool_make_file (folder, "openssl x509 -req -in leaf.csr -CA authority.crt "
                                    "-CAkey authority.key -days 30 -set_serial 7 -outform DER "
                                    "-out leaf.der", "leaf.der");
  certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  iss_certificate_summary_read (&summary, g_bytes_get_data (der, NULL), g_bytes_get_size (der),
                                &error);
  g_assert_no_error (error);

  g_assert_cmpstr (summary.issued_to, ==, "leaf");
  g_assert_cmpstr (summary.issued_by, ==, "authority");
  g_assert_false (summary.is_self_issued);
  g_assert_false (summary.is_ca);
  g_assert_cmpint (summary.not_after - summary.not_before, ==, 30 * 24 * 3600);
  assert_same (&summary, certificate);
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
  g_test_add_func ("/certificate-summary/of-openssl", test_of_openssl);
  g_test_add_func ("/certificate-summary/bad-extensions", test_bad_extensions);
  g_test_add_func ("/certificate-summary/other-issuer", test_other_issuer);
  g_test_add_func ("/certificate-summary/truncated", test_truncated);
  g_test_add_func ("/certificate-summary/trailing", test_trailing);
  g_test_add_func ("/certificate-summary/spoilt", test_spoilt);
  g_test_add_func ("/certificate-summary/too-large", test_too_large);

  return g_test_run ();
}
