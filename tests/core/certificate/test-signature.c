/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/signature.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <string.h>

/* A self-signed certificate for a new key. */
static IssPrivateKey *
make (const char      *algorithm,
      IssCertificate **out_certificate)
{
  g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, algorithm, NULL);
  g_autoptr(X509) x509 = X509_new ();
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  EVP_PKEY *pkey = NULL;
  guint8 *encoded = NULL;
  int size;

  g_assert_cmpint (EVP_PKEY_keygen_init (context), ==, 1);
  if (strcmp (algorithm, "EC") == 0)
    g_assert_cmpint (EVP_PKEY_CTX_set_group_name (context, "P-256"), ==, 1);
  else if (g_str_has_prefix (algorithm, "RSA"))
    g_assert_cmpint (EVP_PKEY_CTX_set_rsa_keygen_bits (context, 1024), ==, 1);
  g_assert_cmpint (EVP_PKEY_generate (context, &pkey), ==, 1);

  X509_gmtime_adj (X509_getm_notBefore (x509), 0);
  X509_gmtime_adj (X509_getm_notAfter (x509), 3600);
  X509_set_pubkey (x509, pkey);
  g_assert_cmpint (X509_sign (x509, pkey, strcmp (algorithm, "ED25519") == 0 ? NULL
                                                                             : EVP_sha256 ()),
                   >, 0);
  size = i2d_X509 (x509, &encoded);
  der = g_bytes_new (encoded, size);
  OPENSSL_free (encoded);

  *out_certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  key = iss_private_key_new_take (pkey, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&key);
}

static GBytes *
flip (GBytes *bytes,
      gsize   at)
{
  gsize size;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  size = g_bytes_get_size (bytes);
  copy[at % size] ^= 1;
  return g_bytes_new_take (g_steal_pointer (&copy), size);
}

static void
expect_refused (IssCertificate *certificate,
                GBytes         *message,
                GBytes         *signature)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (iss_signature_verify (certificate, message, signature, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
}

static void
test_signature (gconstpointer algorithm)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssCertificate) other = NULL;
  g_autoptr(IssPrivateKey) key = make (algorithm, &certificate);
  g_autoptr(IssPrivateKey) other_key = make (algorithm, &other);
  g_autoptr(GBytes) message = g_bytes_new_static ("issuant proof 1\n", 16);
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(GBytes) cut = NULL;
  g_autoptr(GError) error = NULL;

  signature = iss_signature_make (key, message, &error);
  g_assert_no_error (error);
  g_assert_true (iss_signature_verify (certificate, message, signature, &error));
  g_assert_no_error (error);

  expect_refused (other, message, signature);
  expect_refused (certificate, empty, signature);
  expect_refused (certificate, message, empty);
  cut = g_bytes_new_from_bytes (signature, 0, g_bytes_get_size (signature) - 1);
  expect_refused (certificate, message, cut);

  for (gsize i = 0; i < g_bytes_get_size (message); i++)
    {
      g_autoptr(GBytes) changed = flip (message, i);

      expect_refused (certificate, changed, signature);
    }

  for (gsize i = 0; i < g_bytes_get_size (signature); i++)
    {
      g_autoptr(GBytes) changed = flip (signature, i);

      expect_refused (certificate, message, changed);
    }
}

/* A signature with the older padding, as JWTs of RS256 have, is none of ours. */
static void
test_signature_padding (void)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssPrivateKey) key = make ("RSA", &certificate);
  g_autoptr(GBytes) message = g_bytes_new_static ("eyJhbGciOiJSUzI1NiJ9.e30", 24);
  g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr(GBytes) signature = NULL;
  guint8 buffer[128];
  gsize size = sizeof buffer;

  g_assert_cmpint (EVP_DigestSignInit_ex (context, NULL, "SHA256", NULL, NULL,
                                          iss_private_key_get_pkey (key), NULL), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, buffer, &size, g_bytes_get_data (message, NULL),
                                   g_bytes_get_size (message)), ==, 1);
  signature = g_bytes_new (buffer, size);

  expect_refused (certificate, message, signature);
}

static void
test_signature_unsupported (void)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssPrivateKey) key = make ("ED25519", &certificate);
  g_autoptr(GBytes) message = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_signature_make (key, message, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (iss_signature_verify (certificate, message, message, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/signature/rsa", "RSA", test_signature);
  g_test_add_data_func ("/signature/rsa-pss", "RSA-PSS", test_signature);
  g_test_add_data_func ("/signature/ec", "EC", test_signature);
  g_test_add_func ("/signature/padding", test_signature_padding);
  g_test_add_func ("/signature/unsupported", test_signature_unsupported);

  return g_test_run ();
}
