/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/replication/hostile-package.h"

#include <openssl/cms.h>

static GBytes *
encode (CMS_ContentInfo *message)
{
  guint8 *der = NULL;
  int size = i2d_CMS_ContentInfo (message, &der);
  GBytes *bytes;

  g_assert_cmpint (size, >, 0);
  bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);

  return bytes;
}

/**
 * iss_hostile_package_seal_cbc:
 * @private_key: the private key of a certificate
 * @recipient: the certificate that a server was enrolled with
 *
 * Returns: (transfer full): the key for that server, as CMS EnvelopedData with AES-256-CBC
 */
GBytes *
iss_hostile_package_seal_cbc (IssPrivateKey  *private_key,
                              IssCertificate *recipient)
{
  g_autoptr(IssSecret) pkcs8 = iss_private_key_dup_pkcs8 (private_key, NULL);
  STACK_OF (X509) *recipients = sk_X509_new_null ();
  gsize size;
  gconstpointer data = iss_secret_get_data (pkcs8, &size);
  BIO *in = BIO_new_mem_buf (data, (int) size);
  CMS_ContentInfo *message;
  GBytes *bytes;

  sk_X509_push (recipients, iss_certificate_get_x509 (recipient));
  message = CMS_encrypt (recipients, in, EVP_aes_256_cbc (), CMS_BINARY | CMS_USE_KEYID);
  g_assert_nonnull (message);
  bytes = encode (message);

  CMS_ContentInfo_free (message);
  BIO_free (in);
  sk_X509_free (recipients);

  return bytes;
}

/**
 * iss_hostile_package_sign_again:
 * @package: a package that one has signed
 * @signer: the certificate of another one
 * @signer_key: its private key
 *
 * Returns: (transfer full): the package with both signatures, each of them good
 */
GBytes *
iss_hostile_package_sign_again (GBytes         *package,
                                IssCertificate *signer,
                                IssPrivateKey  *signer_key)
{
  const guint flags = CMS_BINARY | CMS_NOSMIMECAP;
  gsize size;
  const guint8 *data = g_bytes_get_data (package, &size);
  CMS_ContentInfo *message = d2i_CMS_ContentInfo (NULL, &data, (long) size);
  CMS_SignerInfo *info;
  GBytes *bytes;

  g_assert_nonnull (message);
  info = CMS_add1_signer (message, iss_certificate_get_x509 (signer),
                          iss_private_key_get_pkey (signer_key), EVP_sha256 (),
                          flags | CMS_REUSE_DIGEST);
  g_assert_nonnull (info);
  g_assert_cmpint (sk_CMS_SignerInfo_num (CMS_get0_SignerInfos (message)), ==, 2);
  g_assert_cmpint (CMS_verify (message, NULL, NULL, NULL, NULL,
                               CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY), ==, 1);
  bytes = encode (message);
  CMS_ContentInfo_free (message);

  return bytes;
}
