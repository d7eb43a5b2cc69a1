/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/private-key.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"
#include "core/certificate/openssl.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <string.h>

static const IssMakerSpec usual_spec =
{
  .subject_cn = "auth.contoso.example",
  .not_before = 1767225600,
  .not_after = 1798761600,
  .rsa_bits = 1024,
  .key_label = "leaf",
};

static IssPrivateKey *
generate (const char *algorithm)
{
  g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, algorithm, NULL);
  g_autoptr(GError) error = NULL;
  EVP_PKEY *pkey = NULL;
  IssPrivateKey *key;

  g_assert_cmpint (EVP_PKEY_keygen_init (context), ==, 1);
  if (strcmp (algorithm, "EC") == 0)
    g_assert_cmpint (EVP_PKEY_CTX_set_group_name (context, "P-256"), ==, 1);
  if (strcmp (algorithm, "RSA-PSS") == 0)
    g_assert_cmpint (EVP_PKEY_CTX_set_rsa_keygen_bits (context, 1024), ==, 1);
  g_assert_cmpint (EVP_PKEY_generate (context, &pkey), ==, 1);

  key = iss_private_key_new_take (pkey, &error);
  g_assert_no_error (error);

  return key;
}

static void
test_private_key_round_trip (void)
{
  static const struct { const char *openssl; const char *name; guint bits; } cases[] =
    {
      { "EC", "EC", 256 }, { "RSA-PSS", "RSA-PSS", 1024 }, { "ED25519", "Ed25519", 0 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssPrivateKey *key = generate (cases[i].openssl);
      IssPrivateKey *again;
      g_autoptr(IssSecret) pem = NULL;
      g_autoptr(GError) error = NULL;
      gconstpointer text;
      gsize size;

      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (iss_private_key_get_algorithm (key), ==, cases[i].name);
      if (cases[i].bits != 0)
        g_assert_cmpuint (iss_private_key_get_bits (key), ==, cases[i].bits);

      pem = iss_private_key_dup_pem (key, &error);
      g_assert_no_error (error);
      text = iss_secret_get_data (pem, &size);
      g_assert_true (memmem (text, size, "-----BEGIN PRIVATE KEY-----", 27) == text);

      again = iss_private_key_new_from_pem (pem, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (iss_private_key_get_spki_sha256 (key),
                                    iss_private_key_get_spki_sha256 (again)));
      g_assert_cmpstr (iss_private_key_get_algorithm (again), ==, cases[i].name);

      g_assert_finalize_object (again);
      g_assert_finalize_object (key);
    }
}

static void
test_private_key_matches (void)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  certificate = iss_maker_make (maker, &usual_spec, NULL, NULL, &key, &error);
  g_assert_no_error (error);
  other = iss_maker_make_key (maker, "other", 1024, &error);
  g_assert_no_error (error);

  g_assert_true (g_bytes_equal (iss_private_key_get_spki_sha256 (key),
                                iss_certificate_get_spki_sha256 (certificate)));
  g_assert_true (iss_private_key_matches (key, certificate));
  g_assert_false (iss_private_key_matches (other, certificate));
}

/* The same EC key with its point written in the short form. */
static void
test_private_key_matches_compressed (void)
{
  g_autoptr(IssPrivateKey) key = generate ("EC");
  g_autoptr(X509) x509 = X509_new ();
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(EVP_PKEY) copy = EVP_PKEY_dup (iss_private_key_get_pkey (key));
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  unsigned char *data = NULL;
  int length;

  g_assert_cmpint (EVP_PKEY_set_utf8_string_param (copy,
                                                   OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                   "compressed"), ==, 1);
  X509_set_version (x509, X509_VERSION_3);
  ASN1_TIME_set (X509_getm_notBefore (x509), 1767225600);
  ASN1_TIME_set (X509_getm_notAfter (x509), 1798761600);
  g_assert_cmpint (X509_set_pubkey (x509, copy), ==, 1);
  g_assert_cmpint (X509_sign (x509, copy, EVP_sha256 ()), >, 0);
  length = i2d_X509 (x509, &data);
  der = g_bytes_new (data, (gsize) length);
  OPENSSL_free (data);

  certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  g_assert_false (g_bytes_equal (iss_private_key_get_spki_sha256 (key),
                                 iss_certificate_get_spki_sha256 (certificate)));
  g_assert_true (iss_private_key_matches (key, certificate));
}

static void
assert_refused (const char *name,
                const char *text,
                gsize       size,
                int         code)
{
  g_autoptr(IssSecret) pem = iss_secret_new (text, size);
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", name);
  g_assert_null (iss_private_key_new_from_pem (pem, &error));
  g_assert_error (error, ISS_ERROR, code);
}

static void
test_private_key_pkcs8 (void)
{
  g_autoptr(IssPrivateKey) key = generate ("EC");
  g_autoptr(IssSecret) pkcs8 = NULL;
  g_autoptr(IssPrivateKey) again = NULL;
  g_autofree char *longer = NULL;
  g_autoptr(GError) error = NULL;
  gconstpointer data;
  gsize size;

  pkcs8 = iss_private_key_dup_pkcs8 (key, &error);
  g_assert_no_error (error);
  again = iss_private_key_new_from_pkcs8 (pkcs8, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (iss_private_key_get_spki_sha256 (again),
                                iss_private_key_get_spki_sha256 (key)));

  /* Every size but the right one */
  data = iss_secret_get_data (pkcs8, &size);
  longer = g_malloc0 (size + 1);
  memcpy (longer, data, size);
  for (gsize n = 0; n <= size + 1; n++)
    {
      g_autoptr(IssSecret) bad = NULL;

      if (n == size)
        continue;

      bad = iss_secret_new (longer, n);
      g_assert_null (iss_private_key_new_from_pkcs8 (bad, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_clear_error (&error);
    }

  g_free (longer);
  longer = g_malloc0 (300 * 1024);
  g_clear_pointer (&pkcs8, iss_secret_unref);
  pkcs8 = iss_secret_new (longer, 300 * 1024);
  g_assert_null (iss_private_key_new_from_pkcs8 (pkcs8, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

static void
test_private_key_encrypted (void)
{
  g_autoptr(IssPrivateKey) key = generate ("EC");
  EVP_PKEY *pkey = iss_private_key_get_pkey (key);
  g_autoptr(BIO) modern = BIO_new (BIO_s_mem ());
  g_autoptr(BIO) old = BIO_new (BIO_s_mem ());
  char *text;
  long length;

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (modern, pkey, EVP_aes_256_cbc (), "pw", 2,
                                                  NULL, NULL), ==, 1);
  length = BIO_get_mem_data (modern, &text);
  assert_refused ("PKCS#8", text, (gsize) length, ISS_ERROR_UNSUPPORTED);

  g_assert_cmpint (PEM_write_bio_PrivateKey_traditional (old, pkey, EVP_aes_256_cbc (),
                                                         (const unsigned char *) "pw", 2,
                                                         NULL, NULL), ==, 1);
  length = BIO_get_mem_data (old, &text);
  assert_refused ("traditional", text, (gsize) length, ISS_ERROR_UNSUPPORTED);
}

static void
test_private_key_malformed (void)
{
  static const char no_key[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  static const char torn[] = "-----BEGIN PRIVATE KEY-----\nMIIB";
  g_autofree char *huge = g_malloc0 (256 * 1024 + 1);

  assert_refused ("empty", "", 0, ISS_ERROR_MALFORMED);
  assert_refused ("text", "hello\n", 6, ISS_ERROR_MALFORMED);
  assert_refused ("no key inside", no_key, strlen (no_key), ISS_ERROR_MALFORMED);
  assert_refused ("torn", torn, strlen (torn), ISS_ERROR_MALFORMED);
  assert_refused ("too large", huge, 256 * 1024 + 1, ISS_ERROR_TOO_LARGE);
}

static GBytes *
sign_nothing (gpointer   data,
              GBytes    *message,
              GError   **error)
{
  g_assert_not_reached ();
}

/* A certificate may have a key of a kind that OpenSSL does not know. */
static void
test_private_key_elsewhere_unknown (void)
{
  static const char rsa[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssCertificate) usual = NULL;
  g_autoptr(IssCertificate) unknown = NULL;
  g_autoptr(GByteArray) patched = g_byte_array_new ();
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  guint8 *place;
  char *data = g_strdup ("freed as well");

  usual = iss_maker_make (maker, &usual_spec, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_byte_array_append (patched, g_bytes_get_data (iss_certificate_get_der (usual), NULL),
                       (guint) g_bytes_get_size (iss_certificate_get_der (usual)));
  place = memmem (patched->data, patched->len, rsa, strlen (rsa));
  g_assert_nonnull (place);
  place[strlen (rsa) - 1] = 0x7f;
  der = g_byte_array_free_to_bytes (g_steal_pointer (&patched));
  unknown = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);

  g_assert_null (iss_private_key_new_elsewhere (unknown, sign_nothing, data, g_free, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/private-key/round-trip", test_private_key_round_trip);
  g_test_add_func ("/private-key/matches", test_private_key_matches);
  g_test_add_func ("/private-key/matches-compressed", test_private_key_matches_compressed);
  g_test_add_func ("/private-key/pkcs8", test_private_key_pkcs8);
  g_test_add_func ("/private-key/encrypted", test_private_key_encrypted);
  g_test_add_func ("/private-key/malformed", test_private_key_malformed);
  g_test_add_func ("/private-key/elsewhere-unknown", test_private_key_elsewhere_unknown);

  return g_test_run ();
}
