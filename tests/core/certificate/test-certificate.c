/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: certificate-fault. */
#include "core/certificate/certificate.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"

#include <string.h>

#define START 1767225600 /* 1 January 2026 */
#define END 253402300799 /* 31 December 9999, 23:59:59 */

static const char *const dns_names[] = { "sip.contoso.example", "*.contoso.example", NULL };

static const IssMakerSpec usual_spec =
{
  .subject_cn = "auth.contoso.example",
  .dns_names = dns_names,
  .not_before = START,
  .not_after = END,
  .rsa_bits = 1024,
  .token_issuer = TRUE,
  .key_label = "leaf",
};

static IssCertificate *
make (const IssMakerSpec *spec)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, spec, NULL, NULL, NULL, &error);

  g_assert_no_error (error);

  return certificate;
}

/* The certificate's bytes with the first @old replaced; the signature is wrong then. */
static GBytes *
patch (IssCertificate *certificate,
       const char     *old,
       const char     *new,
       gsize           size)
{
  gsize der_size;
  gconstpointer der = g_bytes_get_data (iss_certificate_get_der (certificate), &der_size);
  guint8 *copy = g_memdup2 (der, der_size);
  guint8 *place = memmem (copy, der_size, old, size);

  g_assert_nonnull (place);
  memcpy (place, new, size);

  return g_bytes_new_take (copy, der_size);
}

static IssCertificate *
make_patched (const char *old,
              const char *new,
              gsize       size)
{
  g_autoptr(IssCertificate) usual = make (&usual_spec);
  g_autoptr(GBytes) der = patch (usual, old, new, size);
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_certificate_new_from_der (der, &error);

  g_assert_no_error (error);

  return certificate;
}

static void
test_certificate_fields (void)
{
  IssCertificate *certificate = make (&usual_spec);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256,
                                                          iss_certificate_get_der (certificate));

  g_assert_cmpstr (iss_certificate_get_sha256_hex (certificate), ==, sha256);
  g_assert_cmpuint (g_bytes_get_size (iss_certificate_get_sha256 (certificate)), ==, 32);
  g_assert_cmpuint (g_bytes_get_size (iss_certificate_get_sha1 (certificate)), ==, 20);
  g_assert_cmpuint (g_bytes_get_size (iss_certificate_get_spki_sha256 (certificate)), ==, 32);
  g_assert_cmpstr (iss_certificate_get_issued_to (certificate), ==, "auth.contoso.example");
  g_assert_cmpstr (iss_certificate_get_issued_by (certificate), ==, "auth.contoso.example");
  g_assert_cmpstr (iss_certificate_get_subject (certificate), ==, "CN=auth.contoso.example");
  g_assert_cmpstr (iss_certificate_get_issuer (certificate), ==, "CN=auth.contoso.example");
  g_assert_cmpint (iss_certificate_get_not_before (certificate), ==, START);
  g_assert_cmpint (iss_certificate_get_not_after (certificate), ==, END);
  g_assert_cmpstrv (iss_certificate_get_dns_names (certificate), dns_names);
  g_assert_cmpstr (iss_certificate_get_key_algorithm (certificate), ==, "RSA");
  g_assert_cmpuint (iss_certificate_get_key_bits (certificate), ==, 1024);
  g_assert_true (iss_certificate_may_sign (certificate));
  g_assert_false (iss_certificate_is_ca (certificate));
  g_assert_true (iss_certificate_is_self_issued (certificate));

  g_assert_finalize_object (certificate);
}

static void
test_certificate_names (void)
{
  static const struct { const char *given; const char *issued_to; const char *subject; } cases[] =
    {
      { "Größe & Co", "Größe & Co", "CN=Größe & Co" },
      { "a, b", "a, b", "CN=a\\, b" },
      { "exe\u202egpj", "exe\ufffdgpj", "CN=exe\ufffdgpj" },
      { "two\nlines", "two\ufffdlines", "CN=two\\0Alines" },
      { "", "sip.contoso.example", "" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssCertificate) certificate = NULL;
      IssMakerSpec spec = usual_spec;

      g_test_message ("%s", cases[i].subject);
      spec.subject_cn = cases[i].given;
      certificate = make (&spec);
      g_assert_cmpstr (iss_certificate_get_issued_to (certificate), ==, cases[i].issued_to);
      g_assert_cmpstr (iss_certificate_get_subject (certificate), ==, cases[i].subject);
    }
}

static void
test_certificate_unknown_key (void)
{
  g_autoptr(IssCertificate) certificate = make_patched ("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
                                                        "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x7f", 9);

  g_assert_cmpstr (iss_certificate_get_key_algorithm (certificate), ==, "1.2.840.113549.1.1.127");
  g_assert_cmpuint (iss_certificate_get_key_bits (certificate), ==, 0);
  g_assert_cmpstr (iss_certificate_get_issued_to (certificate), ==, "auth.contoso.example");
}

static void
test_certificate_key_usage (void)
{
  /* bit 0 is digitalSignature, bit 1 is not; 55 1d 7f is no key usage at all */
  g_autoptr(IssCertificate) none = make_patched ("\x55\x1d\x0f", "\x55\x1d\x7f", 3);
  g_autoptr(IssCertificate) other = make_patched ("\x04\x04\x03\x02\x07\x80",
                                                  "\x04\x04\x03\x02\x06\x40", 6);
  g_autoptr(IssCertificate) spoilt = make_patched ("\x04\x04\x03\x02\x07\x80",
                                                   "\x04\x04\x0c\x02\x07\x80", 6);

  g_assert_true (iss_certificate_may_sign (none));
  g_assert_false (iss_certificate_may_sign (other));
  g_assert_false (iss_certificate_may_sign (spoilt));
}

static void
test_certificate_negative_serial (void)
{
  g_autoptr(IssCertificate) usual = make (&usual_spec);
  const char *serial = iss_certificate_get_serial (usual);
  g_autoptr(IssCertificate) negative = NULL;
  char digits[] = { serial[0], serial[1], '\0' };
  char old[] = { 0x02, 0x10, (char) g_ascii_strtoull (digits, NULL, 16) };
  char new[] = { 0x02, 0x10, (char) 0xc0 };

  g_assert_cmpuint (strlen (serial), ==, 32);
  negative = make_patched (old, new, 3);
  serial = iss_certificate_get_serial (negative);
  g_assert_cmpuint (strlen (serial), ==, 33);
  g_assert_cmpint (serial[0], ==, '-');
}

static void
test_certificate_malformed (void)
{
  g_autoptr(IssCertificate) usual = make (&usual_spec);
  g_autoptr(GByteArray) trailing = g_byte_array_new ();
  GBytes *der = iss_certificate_get_der (usual);
  gsize size = g_bytes_get_size (der);
  guint8 *huge = g_malloc0 (ISS_CERTIFICATE_MAX_SIZE + 1);
  struct { const char *name; GBytes *der; int code; } cases[] =
    {
      { "empty", g_bytes_new_static ("", 0), ISS_ERROR_MALFORMED },
      { "one byte", g_bytes_new_static ("\x30", 1), ISS_ERROR_MALFORMED },
      { "text", g_bytes_new_static ("hello", 5), ISS_ERROR_MALFORMED },
      { "indefinite length", g_bytes_new_static ("\x30\x80\x00\x00", 4), ISS_ERROR_MALFORMED },
      { "truncated", g_bytes_new_from_bytes (der, 0, size - 1), ISS_ERROR_MALFORMED },
      { "trailing byte", NULL, ISS_ERROR_MALFORMED },
      { "month 99", patch (usual, "260101000000Z", "269901000000Z", 13), ISS_ERROR_MALFORMED },
      { "year of letters", patch (usual, "99991231235959Z", "abcd1231235959Z", 15),
        ISS_ERROR_MALFORMED },
      { "too large", g_bytes_new_take (huge, ISS_CERTIFICATE_MAX_SIZE + 1), ISS_ERROR_TOO_LARGE },
    };

  g_byte_array_append (trailing, g_bytes_get_data (der, NULL), (guint) size);
  g_byte_array_append (trailing, (const guint8 *) "\0", 1);
  cases[5].der = g_byte_array_free_to_bytes (g_steal_pointer (&trailing));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = cases[i].der;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_null (iss_certificate_new_from_der (bytes, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
    }
}

/* What is wrong is said, each in its own words. */
static void
test_certificate_faults (void)
{
  static const struct { const char *old; const char *new; gsize size; const char *says; } cases[] =
    {
      { "\xa0\x03\x02\x01\x02", "\xa0\x03\x02\x01\x07", 5, "its version is 8; there are" },
      { "\xa0\x03\x02\x01\x02", "\xa0\x03\x02\x01\xff", 5, "its version is 0; there are" },
      { "\xa0\x03\x02\x01\x02", "\xa0\x03\x04\x01\x02", 5, "of another kind" },
      { "\x06\x03\x55\x1d\x0f", "\x06\x03\x55\x1d\x11", 5, "two extensions of one kind" },
      { "\x06\x03\x55\x04\x03\x0c", "\x06\x03\x55\x04\x03\x82", 6, "not text of any kind" },
      { "auth.contoso", "\xff\xff\xff\xff.contoso", 12, "not UTF-8" },
    };
  g_autoptr(IssCertificate) usual = make (&usual_spec);
  g_autoptr(GBytes) half = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) der = patch (usual, cases[i].old, cases[i].new, cases[i].size);
      g_autoptr(GError) said = NULL;

      g_test_message ("%s", cases[i].says);
      g_assert_null (iss_certificate_new_from_der (der, &said));
      g_assert_error (said, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (said->message, cases[i].says));
    }

  half = g_bytes_new_from_bytes (iss_certificate_get_der (usual), 0, 200);
  g_assert_null (iss_certificate_new_from_der (half, &error));
  g_assert_nonnull (strstr (error->message, "cut short"));
}

/* Whatever byte is damaged, the answer is a certificate or an error. */
static void
test_certificate_damaged (void)
{
  g_autoptr(IssCertificate) usual = make (&usual_spec);
  gsize size;
  const guint8 *der = g_bytes_get_data (iss_certificate_get_der (usual), &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      guint8 *copy = g_memdup2 (der, size);

      copy[i] ^= 0xff;
      bytes = g_bytes_new_take (copy, size);
      certificate = iss_certificate_new_from_der (bytes, &error);
      g_assert_true ((certificate != NULL) != (error != NULL));

      if (certificate != NULL)
        {
          g_assert_true (g_utf8_validate (iss_certificate_get_subject (certificate), -1, NULL));
          g_assert_true (g_utf8_validate (iss_certificate_get_issued_to (certificate), -1, NULL));
        }
    }
}

static void
test_certificate_pem (void)
{
  g_autoptr(IssCertificate) certificate = make (&usual_spec);
  g_autofree char *pem = iss_certificate_dup_pem (certificate);
  g_autofree guchar *der = NULL;
  char *body;
  gsize size;

  g_assert_true (g_str_has_prefix (pem, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_true (g_str_has_suffix (pem, "\n-----END CERTIFICATE-----\n"));

  body = pem + strlen ("-----BEGIN CERTIFICATE-----\n");
  *strstr (body, "-----END") = '\0';
  der = g_base64_decode (body, &size);
  g_assert_cmpmem (der, size, g_bytes_get_data (iss_certificate_get_der (certificate), NULL),
                   g_bytes_get_size (iss_certificate_get_der (certificate)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate/fields", test_certificate_fields);
  g_test_add_func ("/certificate/names", test_certificate_names);
  g_test_add_func ("/certificate/unknown-key", test_certificate_unknown_key);
  g_test_add_func ("/certificate/key-usage", test_certificate_key_usage);
  g_test_add_func ("/certificate/negative-serial", test_certificate_negative_serial);
  g_test_add_func ("/certificate/malformed", test_certificate_malformed);
  g_test_add_func ("/certificate/faults", test_certificate_faults);
  g_test_add_func ("/certificate/damaged", test_certificate_damaged);
  g_test_add_func ("/certificate/pem", test_certificate_pem);

  return g_test_run ();
}
