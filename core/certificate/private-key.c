/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/private-key.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#define MAX_SIZE (256 * 1024)

/**
 * IssPrivateKey:
 *
 * One private key, never changed and never shown. It may be shared between
 * threads. In clear it leaves only as an #IssSecret.
 */
struct _IssPrivateKey
{
  GObject     parent_instance;

  /* Owned */
  EVP_PKEY   *pkey;
  GBytes     *spki_sha256;

  IssPrivateKeySign  sign;        /* (nullable): the key is elsewhere, and @pkey only public */
  gpointer           data;
  GDestroyNotify     free_data;   /* (nullable) */

  /* Borrowed: lives as long as the program */
  const char *algorithm;
};

G_DEFINE_FINAL_TYPE (IssPrivateKey, iss_private_key, G_TYPE_OBJECT)

static void
iss_private_key_finalize (GObject *object)
{
  IssPrivateKey *self = ISS_PRIVATE_KEY (object);

  g_clear_pointer (&self->pkey, EVP_PKEY_free);
  g_clear_pointer (&self->spki_sha256, g_bytes_unref);
  if (self->free_data != NULL)
    self->free_data (self->data);

  G_OBJECT_CLASS (iss_private_key_parent_class)->finalize (object);
}

static void
iss_private_key_class_init (IssPrivateKeyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_private_key_finalize;
}

static void
iss_private_key_init (IssPrivateKey *self)
{
}

static const char *
name_algorithm (EVP_PKEY *pkey)
{
  static const struct { const char *openssl_name; const char *name; } algorithms[] =
    {
      { "RSA", "RSA" },
      { "RSA-PSS", "RSA-PSS" },
      { "EC", "EC" },
      { "ED25519", "Ed25519" },
      { "ED448", "Ed448" },
      { "X25519", "X25519" },
      { "X448", "X448" },
      { "DSA", "DSA" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      if (EVP_PKEY_is_a (pkey, algorithms[i].openssl_name))
        return algorithms[i].name;
    }

  return "";
}

static GBytes *
hash_public_key (EVP_PKEY *pkey)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  unsigned char *spki = NULL;
  guint8 digest[32];
  gsize digest_size = sizeof digest;
  int length = i2d_PUBKEY (pkey, &spki);

  if (length <= 0)
    return NULL;

  g_checksum_update (checksum, spki, length);
  g_checksum_get_digest (checksum, digest, &digest_size);
  OPENSSL_free (spki);

  return g_bytes_new (digest, digest_size);
}

/* Without a callback OpenSSL would ask on the terminal. */
static int
refuse_password_cb (char *buffer,
                    int   size,
                    int   is_writing,
                    void *user_data)
{
  gboolean *is_encrypted = user_data;

  *is_encrypted = TRUE;

  return -1;
}

/**
 * iss_private_key_new_take:
 * @pkey: (transfer full): a key with its private part
 * @error: return location for an error
 *
 * Makes a private key of OpenSSL's. @pkey is taken on failure too.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if its public half has no known encoding.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
iss_private_key_new_take (EVP_PKEY  *pkey,
                          GError   **error)
{
  g_autoptr(IssPrivateKey) self = NULL;

  g_return_val_if_fail (pkey != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (ISS_TYPE_PRIVATE_KEY, NULL);
  self->pkey = pkey;
  self->algorithm = name_algorithm (pkey);
  self->spki_sha256 = hash_public_key (pkey);

  if (self->spki_sha256 == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("A private key of this kind cannot be used here"));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * iss_private_key_new_from_pem:
 * @pem: PEM text with one private key in clear (PKCS#8 or the older forms)
 * @error: return location for an error
 *
 * Reads a private key that no password protects. It never asks for one.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if the key is protected with a password,
 * %ISS_ERROR_TOO_LARGE over 256 KiB, %ISS_ERROR_MALFORMED otherwise.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
iss_private_key_new_from_pem (IssSecret  *pem,
                              GError    **error)
{
  g_autoptr(BIO) bio = NULL;
  gboolean is_encrypted = FALSE;
  gconstpointer data;
  gsize size;
  EVP_PKEY *pkey;

  g_return_val_if_fail (pem != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = iss_secret_get_data (pem, &size);
  if (size > MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The private key is larger than %d KiB"), MAX_SIZE / 1024);
      return NULL;
    }

  /* What others left in the queue must not be given as the reason here. */
  ERR_clear_error ();

  bio = BIO_new_mem_buf (size > 0 ? data : "", (int) size);
  pkey = PEM_read_bio_PrivateKey (bio, NULL, refuse_password_cb, &is_encrypted);

  if (pkey == NULL && is_encrypted)
    {
      ERR_clear_error ();
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("The private key is protected with a password: "
                             "take the password away or import it as a PFX file"));
      return NULL;
    }

  if (pkey == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED,
                                   _("This is not a private key"));
      return NULL;
    }

  ERR_clear_error ();

  return iss_private_key_new_take (pkey, error);
}

/**
 * iss_private_key_new_from_pkcs8:
 * @pkcs8: a PrivateKeyInfo in clear (RFC 5208, RFC 5958) in DER, and nothing behind it
 * @error: return location for an error
 *
 * Errors: %ISS_ERROR_TOO_LARGE over 256 KiB, %ISS_ERROR_UNSUPPORTED for a key of an unknown
 * kind, %ISS_ERROR_MALFORMED otherwise.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
iss_private_key_new_from_pkcs8 (IssSecret  *pkcs8,
                                GError    **error)
{
  g_autoptr(PKCS8_PRIV_KEY_INFO) info = NULL;
  const guint8 *data, *end;
  gsize size;
  EVP_PKEY *pkey = NULL;

  g_return_val_if_fail (pkcs8 != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = end = iss_secret_get_data (pkcs8, &size);
  if (size > MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The private key is larger than %d KiB"), MAX_SIZE / 1024);
      return NULL;
    }

  ERR_clear_error ();
  info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &end, (long) size);
  if (info != NULL && end == data + size)
    pkey = EVP_PKCS82PKEY (info);

  if (pkey == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED,
                                   _("This is not a private key"));
      return NULL;
    }

  ERR_clear_error ();

  return iss_private_key_new_take (pkey, error);
}

/**
 * iss_private_key_new_elsewhere:
 * @certificate: the certificate that belongs to it
 * @sign: signs with it
 * @data: (transfer full): data for @sign; freed if there is an error, too
 * @free_data: (nullable): frees @data
 * @error: return location for an error
 *
 * A key that is not in this process, such as one in a token: iss_signed_data_sign() has it sign;
 * nothing else can be done with it.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if OpenSSL does not know the kind of the key.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
iss_private_key_new_elsewhere (IssCertificate    *certificate,
                               IssPrivateKeySign  sign,
                               gpointer           data,
                               GDestroyNotify     free_data,
                               GError           **error)
{
  IssPrivateKey *self;
  EVP_PKEY *pkey;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (sign != NULL, NULL);

  ERR_clear_error ();
  pkey = X509_get0_pubkey (iss_certificate_get_x509 (certificate));
  if (pkey == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The key of this certificate is of a kind that cannot be "
                                     "used here: take one with an RSA key or a NIST curve"));
      if (free_data != NULL)
        free_data (data);
      return NULL;
    }

  EVP_PKEY_up_ref (pkey);
  self = g_object_new (ISS_TYPE_PRIVATE_KEY, NULL);
  self->pkey = pkey;
  self->algorithm = name_algorithm (pkey);
  self->spki_sha256 = g_bytes_ref (iss_certificate_get_spki_sha256 (certificate));
  self->sign = sign;
  self->data = data;
  self->free_data = free_data;

  return self;
}

/**
 * iss_private_key_is_elsewhere:
 * @self: a private key
 *
 * Returns: whether it is not in this process
 */
gboolean
iss_private_key_is_elsewhere (IssPrivateKey *self)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), FALSE);

  return self->sign != NULL;
}

/**
 * iss_private_key_sign_elsewhere:
 * @self: a private key that is elsewhere
 * @message: what to sign
 * @error: return location for an error
 *
 * For core/formats/signed-data.c only. Blocks.
 *
 * Returns: (transfer full): the signature, with SHA-256, which is still to be verified
 */
GBytes *
iss_private_key_sign_elsewhere (IssPrivateKey  *self,
                                GBytes         *message,
                                GError        **error)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self) && self->sign != NULL, NULL);
  g_return_val_if_fail (message != NULL, NULL);

  return self->sign (self->data, message, error);
}

/**
 * iss_private_key_get_spki_sha256:
 * @self: a private key
 *
 * Returns: (transfer none): the SHA-256 of the SubjectPublicKeyInfo of its
 *   public half, 32 bytes: what iss_certificate_get_spki_sha256() says for a
 *   certificate that belongs to it
 */
GBytes *
iss_private_key_get_spki_sha256 (IssPrivateKey *self)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), NULL);

  return self->spki_sha256;
}

/**
 * iss_private_key_get_algorithm:
 * @self: a private key
 *
 * Returns: (transfer none): "RSA", "RSA-PSS", "EC", "Ed25519", …; "" if it is of
 *   an unknown kind
 */
const char *
iss_private_key_get_algorithm (IssPrivateKey *self)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), NULL);

  return self->algorithm;
}

/**
 * iss_private_key_get_bits:
 * @self: a private key
 *
 * Returns: its size in bits, 0 if not known
 */
guint
iss_private_key_get_bits (IssPrivateKey *self)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), 0);

  return (guint) MAX (EVP_PKEY_get_bits (self->pkey), 0);
}

/**
 * iss_private_key_get_pkey:
 * @self: a private key
 *
 * For core/certificate, core/formats and core/store/key-file.c only. Do not
 * change it.
 *
 * Returns: (transfer none): OpenSSL's view of it
 */
EVP_PKEY *
iss_private_key_get_pkey (IssPrivateKey *self)
{
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), NULL);

  return self->pkey;
}

/**
 * iss_private_key_dup_pem:
 * @self: a private key
 * @error: return location for an error
 *
 * Writes the key in clear as PKCS#8 (RFC 5958) in PEM (RFC 7468).
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if the key cannot leave where it is.
 *
 * Returns: (transfer full): the PEM text, or %NULL with @error set
 */
IssSecret *
iss_private_key_dup_pem (IssPrivateKey  *self,
                         GError        **error)
{
  g_autoptr(BIO) bio = NULL;
  char *text;
  long length;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  bio = self->sign == NULL ? BIO_new (BIO_s_secmem ()) : NULL;
  if (bio == NULL ||
      PEM_write_bio_PKCS8PrivateKey (bio, self->pkey, NULL, NULL, 0, NULL, NULL) != 1)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The private key cannot be written"));
      return NULL;
    }

  length = BIO_get_mem_data (bio, &text);

  return iss_secret_new (text, (gsize) length);
}

/**
 * iss_private_key_dup_pkcs8:
 * @self: a private key
 * @error: return location for an error
 *
 * Writes the key in clear as a PrivateKeyInfo (RFC 5958) in DER.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if the key cannot leave where it is.
 *
 * Returns: (transfer full): the bytes, or %NULL with @error set
 */
IssSecret *
iss_private_key_dup_pkcs8 (IssPrivateKey  *self,
                           GError        **error)
{
  g_autoptr(PKCS8_PRIV_KEY_INFO) info = NULL;
  g_autoptr(IssSecret) pkcs8 = NULL;
  gpointer data;
  guint8 *at;
  int size = -1;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  info = self->sign == NULL ? EVP_PKEY2PKCS8 (self->pkey) : NULL;
  if (info != NULL)
    size = i2d_PKCS8_PRIV_KEY_INFO (info, NULL);

  if (size <= 0)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The private key cannot be written"));
      return NULL;
    }

  pkcs8 = iss_secret_new_sized ((gsize) size, &data);
  at = data;
  (void) i2d_PKCS8_PRIV_KEY_INFO (info, &at);

  return g_steal_pointer (&pkcs8);
}

/**
 * iss_private_key_matches:
 * @self: a private key
 * @certificate: a certificate
 *
 * Tells whether the certificate is for this key. The same key may be encoded
 * in two ways (a compressed point, a curve by its parameters), so the numbers
 * decide if the encodings differ.
 *
 * Returns: whether they belong together
 */
gboolean
iss_private_key_matches (IssPrivateKey  *self,
                         IssCertificate *certificate)
{
  EVP_PKEY *public_key;
  gboolean equal;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (self), FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  if (g_bytes_equal (self->spki_sha256, iss_certificate_get_spki_sha256 (certificate)))
    return TRUE;

  public_key = X509_get0_pubkey (iss_certificate_get_x509 (certificate));
  equal = public_key != NULL && EVP_PKEY_eq (public_key, self->pkey) == 1;
  ERR_clear_error ();

  return equal;
}
