/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/signature.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

static gboolean
is_rsa (EVP_PKEY *pkey)
{
  return EVP_PKEY_is_a (pkey, "RSA") || EVP_PKEY_is_a (pkey, "RSA-PSS");
}

static gboolean
check_kind (EVP_PKEY  *pkey,
            GError   **error)
{
  if (is_rsa (pkey) || EVP_PKEY_is_a (pkey, "EC"))
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                       _("Only RSA keys and keys on an elliptic curve (EC) can sign this"));
  return FALSE;
}

/* The salt is as long as the hash, as RFC 8017 recommends. */
static gboolean
set_padding (EVP_PKEY_CTX *parameters,
             EVP_PKEY     *pkey)
{
  return !is_rsa (pkey) ||
         (EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) > 0 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) > 0);
}

/**
 * iss_signature_make:
 * @key: an RSA or EC key
 * @message: what to sign
 * @error: return location for an error
 *
 * Errors: %ISS_ERROR_UNSUPPORTED for a key of another kind or one that may not sign so,
 * %ISS_ERROR_FAILED if where the key is kept does not sign.
 *
 * Returns: (transfer full): the signature: RSA-PSS, or ECDSA as its DER
 */
GBytes *
iss_signature_make (IssPrivateKey  *key,
                    GBytes         *message,
                    GError        **error)
{
  g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters = NULL;
  g_autofree guint8 *signature = NULL;
  const guint8 *data;
  EVP_PKEY *pkey;
  gsize data_size;
  gsize size = 0;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), NULL);
  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  pkey = iss_private_key_get_pkey (key);
  data = g_bytes_get_data (message, &data_size);
  if (!check_kind (pkey, error))
    return NULL;

  ERR_clear_error ();
  if (EVP_DigestSignInit_ex (context, &parameters, "SHA256", NULL, NULL, pkey, NULL) != 1 ||
      !set_padding (parameters, pkey))
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The private key cannot sign with SHA-256"));
      return NULL;
    }

  if (EVP_DigestSign (context, NULL, &size, data, data_size) == 1)
    signature = g_malloc (size);

  if (signature == NULL || EVP_DigestSign (context, signature, &size, data, data_size) != 1)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The private key does not sign"));
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&signature), size);
}

/**
 * iss_signature_verify:
 * @certificate: whose key is said to have signed
 * @message: what
 * @signature: what iss_signature_make() returned, or says so
 * @error: return location for an error
 *
 * Says nothing about whether @certificate is trusted.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED for a key of another kind, %ISS_ERROR_FAILED if the
 * signature is not the key's, or is of another message.
 *
 * Returns: whether the private key that belongs to @certificate signed @message
 */
gboolean
iss_signature_verify (IssCertificate  *certificate,
                      GBytes          *message,
                      GBytes          *signature,
                      GError         **error)
{
  g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters = NULL;
  const guint8 *data, *signed_data;
  EVP_PKEY *pkey;
  gsize data_size, signature_size;
  gboolean good;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);
  g_return_val_if_fail (message != NULL && signature != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  pkey = X509_get0_pubkey (iss_certificate_get_x509 (certificate));
  if (pkey == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The certificate's public key cannot be used here"));
      return FALSE;
    }

  if (!check_kind (pkey, error))
    return FALSE;

  data = g_bytes_get_data (message, &data_size);
  signed_data = g_bytes_get_data (signature, &signature_size);
  ERR_clear_error ();
  good = EVP_DigestVerifyInit_ex (context, &parameters, "SHA256", NULL, NULL, pkey, NULL) == 1 &&
         set_padding (parameters, pkey) &&
         EVP_DigestVerify (context, signed_data, signature_size, data, data_size) == 1;
  ERR_clear_error ();

  if (!good)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED,
                         _("The signature is not by the certificate's private key, or is about "
                           "something else"));

  return good;
}
