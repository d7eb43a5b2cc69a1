/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/self-issued.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

/* RFC 5280 section 4.1.2.5: no well-defined expiration date */
#define NEVER "99991231235959Z"

/* RFC 5280 section 4.1.2.2: positive, and at most 20 bytes */
#define SERIAL_BITS 127

static gboolean
add_extension (X509       *x509,
               int         nid,
               const char *value)
{
  X509V3_CTX context;
  g_autoptr(X509_EXTENSION) extension = NULL;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, x509, x509, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);

  return extension != NULL && X509_add_ext (x509, extension, -1) == 1;
}

static gboolean
set_serial (X509 *x509)
{
  g_autoptr(BIGNUM) serial = BN_new ();

  return serial != NULL &&
         BN_rand (serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER (serial, X509_get_serialNumber (x509)) != NULL;
}

static gboolean
fill_in (X509       *x509,
         EVP_PKEY   *key,
         const char *common_name,
         gint64      not_before,
         const char *key_usage)
{
  X509_NAME *name = X509_get_subject_name (x509);

  return X509_set_version (x509, X509_VERSION_3) &&
         set_serial (x509) &&
         ASN1_TIME_set (X509_getm_notBefore (x509), (time_t) not_before) != NULL &&
         ASN1_TIME_set_string_X509 (X509_getm_notAfter (x509), NEVER) &&
         X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8,
                                     (const guint8 *) common_name, -1, -1, 0) &&
         X509_set_issuer_name (x509, name) &&
         X509_set_pubkey (x509, key) &&
         add_extension (x509, NID_subject_key_identifier, "hash") &&
         (key_usage == NULL || add_extension (x509, NID_key_usage, key_usage)) &&
         X509_sign (x509, key, EVP_sha256 ()) > 0;
}

static GBytes *
encode (X509 *x509)
{
  guint8 *der = NULL;
  int size = i2d_X509 (x509, &der);
  GBytes *bytes;

  if (size <= 0)
    return NULL;

  bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);

  return bytes;
}

/**
 * iss_self_issued_make:
 * @common_name: whose it is, at most 64 characters (RFC 5280: ub-common-name)
 * @not_before: when it was made, Unix time
 * @key_usage: (nullable): OpenSSL's words, such as "critical,digitalSignature"
 * @out_key: (out) (transfer full): the private key
 * @error: return location for an error
 *
 * Makes a fresh P-256 key and a self-signed certificate for it that never expires.
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
iss_self_issued_make (const char     *common_name,
                      gint64          not_before,
                      const char     *key_usage,
                      IssPrivateKey **out_key,
                      GError        **error)
{
  g_autoptr(EVP_PKEY) pkey = EVP_EC_gen ("P-256");
  g_autoptr(X509) x509 = X509_new ();
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  IssPrivateKey *key;

  g_return_val_if_fail (common_name != NULL && out_key != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (pkey != NULL && x509 != NULL && fill_in (x509, pkey, common_name, not_before, key_usage))
    der = encode (x509);

  if (der == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("A key cannot be made"));
      return NULL;
    }

  certificate = iss_certificate_new_from_der (der, error);
  if (certificate == NULL)
    return NULL;

  key = iss_private_key_new_take (g_steal_pointer (&pkey), error);
  if (key == NULL)
    return NULL;

  *out_key = key;

  return g_steal_pointer (&certificate);
}
