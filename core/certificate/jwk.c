/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/jwk.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

#include "core/certificate/openssl.h"

#define MAX_NAME 64
#define MAX_ED25519 32

/* A curve as OpenSSL, JWK and JWA name it, and how long a coordinate is (RFC 7518, section
 * 6.2.1). */
typedef struct
{
  const char *group;
  const char *curve;
  const char *algorithm;
  int         size;
} Curve;

static const Curve curves[] =
{
  { "prime256v1", "P-256", "ES256", 32 },
  { "secp384r1",  "P-384", "ES384", 48 },
  { "secp521r1",  "P-521", "ES512", 66 },
};

/* base64url without padding: RFC 7515, section 2. */
static char *
dup_base64url (gconstpointer data,
               gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static char *
dup_hash (GBytes *hash)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (hash, &size);

  return dup_base64url (data, size);
}

/* @size: how many bytes at least, with zeros in front */
static void
write_number (IssJsonText *json,
              const char  *name,
              EVP_PKEY    *key,
              const char  *parameter,
              int          size)
{
  g_autoptr(BIGNUM) number = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *text = NULL;

  if (!EVP_PKEY_get_bn_param (key, parameter, &number))
    return;

  size = MAX (size, BN_num_bytes (number));
  bytes = g_malloc ((gsize) size);
  BN_bn2binpad (number, bytes, size);
  text = dup_base64url (bytes, (gsize) size);
  iss_json_text_name_string (json, name, text);
}

static void
write_rsa (IssJsonText *json,
           EVP_PKEY    *key)
{
  iss_json_text_name_string (json, "kty", "RSA");
  if (EVP_PKEY_is_a (key, "RSA"))
    iss_json_text_name_string (json, "alg", "RS256");
  write_number (json, "n", key, OSSL_PKEY_PARAM_RSA_N, 1);
  write_number (json, "e", key, OSSL_PKEY_PARAM_RSA_E, 1);
}

static void
write_ec (IssJsonText *json,
          EVP_PKEY    *key)
{
  char group[MAX_NAME] = "";

  EVP_PKEY_get_utf8_string_param (key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL);
  iss_json_text_name_string (json, "kty", "EC");
  for (gsize i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      if (!g_str_equal (curves[i].group, group))
        continue;

      iss_json_text_name_string (json, "alg", curves[i].algorithm);
      iss_json_text_name_string (json, "crv", curves[i].curve);
      write_number (json, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, curves[i].size);
      write_number (json, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, curves[i].size);
    }
}

/* RFC 8037, section 2. */
static void
write_okp (IssJsonText *json,
           EVP_PKEY    *key)
{
  guint8 bytes[MAX_ED25519];
  gsize size = sizeof bytes;
  g_autofree char *text = NULL;

  if (EVP_PKEY_get_raw_public_key (key, bytes, &size) <= 0)
    return;

  text = dup_base64url (bytes, size);
  iss_json_text_name_string (json, "kty", "OKP");
  iss_json_text_name_string (json, "alg", "EdDSA");
  iss_json_text_name_string (json, "crv", "Ed25519");
  iss_json_text_name_string (json, "x", text);
}

static void
write_key (IssJsonText    *json,
           IssCertificate *certificate)
{
  EVP_PKEY *key = X509_get0_pubkey (iss_certificate_get_x509 (certificate));

  if (key != NULL && (EVP_PKEY_is_a (key, "RSA") || EVP_PKEY_is_a (key, "RSA-PSS")))
    write_rsa (json, key);
  else if (key != NULL && EVP_PKEY_is_a (key, "EC"))
    write_ec (json, key);
  else if (key != NULL && EVP_PKEY_is_a (key, "ED25519"))
    write_okp (json, key);

  ERR_clear_error ();
}

/**
 * iss_jwk_write:
 * @json: where a value may stand
 * @certificate: a certificate
 *
 * Writes its public key as a JSON Web Key (RFC 7517) that verifies signatures, with the
 * certificate itself in it. "kid" is the thumbprint that tokens name it by. Of a kind of key
 * that JWK does not know there is only the certificate.
 */
void
iss_jwk_write (IssJsonText    *json,
               IssCertificate *certificate)
{
  g_autofree char *x5t = NULL;
  g_autofree char *x5t_sha256 = NULL;
  g_autofree char *x5c = NULL;

  g_return_if_fail (json != NULL);
  g_return_if_fail (ISS_IS_CERTIFICATE (certificate));

  x5t = iss_jwk_dup_x5t (certificate);
  x5t_sha256 = dup_hash (iss_certificate_get_sha256 (certificate));
  x5c = iss_jwk_dup_x5c (certificate);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "kid", x5t);
  iss_json_text_name_string (json, "use", "sig");
  write_key (json, certificate);
  iss_json_text_name_string (json, "x5t", x5t);
  iss_json_text_name_string (json, "x5t#S256", x5t_sha256);
  iss_json_text_name (json, "x5c");
  iss_json_text_begin_array (json);
  iss_json_text_string (json, x5c);
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
}

/**
 * iss_jwk_dup_x5t:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its thumbprint as tokens have it in their header
 */
char *
iss_jwk_dup_x5t (IssCertificate *certificate)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  return dup_hash (iss_certificate_get_sha1 (certificate));
}

/**
 * iss_jwk_dup_x5c:
 * @certificate: a certificate
 *
 * Returns: (transfer full): all of it, as base64
 */
char *
iss_jwk_dup_x5c (IssCertificate *certificate)
{
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  data = g_bytes_get_data (iss_certificate_get_der (certificate), &size);

  return g_base64_encode (data, size);
}
