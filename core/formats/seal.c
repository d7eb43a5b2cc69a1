/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/seal.h"

#include "core/base/error.h"
#include "core/certificate/der-walk.h"
#include "core/certificate/openssl.h"
#include "core/certificate/self-issued.h"

#include <glib/gi18n-lib.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#define MAX_SIZE (16 * 1024 * 1024)

/* What a seal adds to its content: 185 bytes for P-256, 304 for RSA 2048. */
#define MAX_OVERHEAD (64 * 1024)

#define TAG_SIZE 16

/* encryptedContent, [0] IMPLICIT, and RSA's subjectKeyIdentifier (RFC 5652 section 6) */
#define TAG_CONTENT 0x80

static void
free_recipients (STACK_OF (X509) *recipients)
{
  sk_X509_free (recipients);
}

static GBytes *
encode_message (CMS_ContentInfo *message)
{
  guint8 *der = NULL;
  int size = i2d_CMS_ContentInfo (message, &der);
  GBytes *bytes;

  if (size <= 0)
    return NULL;

  bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);

  return bytes;
}

static gboolean
refuse (GError     **error,
        IssError     code,
        const char  *sentence)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, code, sentence);

  return FALSE;
}

/* The two ways to name one that Issuant writes: key
 * transport for RSA, key agreement for EC (RFC 5652 section 6.2). */
static gboolean
is_for (CMS_RecipientInfo *info,
        X509              *recipient)
{
  STACK_OF (CMS_RecipientEncryptedKey) *keys;

  switch (CMS_RecipientInfo_type (info))
    {
    case CMS_RECIPINFO_TRANS:
      return CMS_RecipientInfo_ktri_cert_cmp (info, recipient) == 0;

    case CMS_RECIPINFO_AGREE:
      keys = CMS_RecipientInfo_kari_get0_reks (info);
      return sk_CMS_RecipientEncryptedKey_num (keys) == 1 &&
             CMS_RecipientEncryptedKey_cert_cmp (sk_CMS_RecipientEncryptedKey_value (keys, 0),
                                                 recipient) == 0;

    default:
      return FALSE;
    }
}

static gboolean
check_message (CMS_ContentInfo  *message,
               X509             *recipient,
               GError          **error)
{
  STACK_OF (CMS_RecipientInfo) *recipients;

  if (OBJ_obj2nid (CMS_get0_type (message)) != NID_id_smime_ct_authEnvelopedData)
    return refuse (error, ISS_ERROR_UNSUPPORTED,
                   _("The sealed message is of a kind that does not show tampering"));

  recipients = CMS_get0_RecipientInfos (message);
  if (sk_CMS_RecipientInfo_num (recipients) != 1)
    return refuse (error, ISS_ERROR_MALFORMED,
                   _("The sealed message is not for exactly one recipient"));

  if (!is_for (sk_CMS_RecipientInfo_value (recipients, 0), recipient))
    return refuse (error, ISS_ERROR_REFUSED,
                   _("The sealed message is for another recipient"));

  return TRUE;
}

/* A shorter tag would be easier to forge. */
static gboolean
is_aes_256_gcm (BIO *cipher)
{
  EVP_CIPHER_CTX *context = NULL;

  BIO_get_cipher_ctx (cipher, &context);

  return context != NULL &&
         EVP_CIPHER_is_a (EVP_CIPHER_CTX_get0_cipher (context), "AES-256-GCM") &&
         EVP_CIPHER_CTX_get_tag_length (context) == TAG_SIZE;
}

/* Straight into locked memory, which a memory BIO is not: the content cannot be
 * larger than the message. What was read before the tag was verified is wiped
 * with the room it was read into. */
static IssSecret *
read_clear (CMS_ContentInfo *message,
            gsize            limit)
{
  g_autoptr(BIO) in = CMS_dataInit (message, NULL);
  g_autoptr(IssSecret) room = NULL;
  BIO *cipher = in != NULL ? BIO_find_type (in, BIO_TYPE_CIPHER) : NULL;
  guint8 *data;
  gpointer start;
  gsize size = 0;
  int n;

  if (cipher == NULL || !is_aes_256_gcm (cipher))
    return NULL;

  room = iss_secret_new_sized (limit, &start);
  data = start;

  while (size < limit && (n = BIO_read (in, data + size, (int) (limit - size))) > 0)
    size += (gsize) n;

  if (size == limit || BIO_get_cipher_status (cipher) != 1)
    return NULL;

  return iss_secret_new (data, size);
}

/**
 * iss_seal_make_recipient:
 * @out_key: (out) (transfer full): the private key that opens
 * @error: return location for an error
 *
 * Makes a fresh P-256 key and a self-signed certificate for it, to be sealed to. Nobody
 * checks its dates or its name: it carries a public key to whoever seals.
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
iss_seal_make_recipient (IssPrivateKey  **out_key,
                         GError         **error)
{
  g_return_val_if_fail (out_key != NULL, NULL);

  return iss_self_issued_make ("Issuant seal", 0, NULL, out_key, error);
}

/**
 * iss_seal_to:
 * @recipient: whose key shall open it: RSA or a NIST curve
 * @clear: what to seal, at most 16 MiB
 * @error: return location for an error
 *
 * Seals @clear so that only @recipient can read it and any change shows: CMS
 * AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084). It says nothing about who sealed it.
 *
 * Returns: (transfer full): the sealed message
 */
GBytes *
iss_seal_to (IssCertificate  *recipient,
             IssSecret       *clear,
             GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;
  g_autoptr(BIO) in = NULL;
  STACK_OF (X509) *recipients;
  gconstpointer data;
  GBytes *sealed = NULL;
  gsize size;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), NULL);
  g_return_val_if_fail (clear != NULL, NULL);

  data = iss_secret_get_data (clear, &size);
  if (size > MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("More than %d MiB cannot be sealed"), MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  recipients = sk_X509_new_null ();
  in = BIO_new_mem_buf (data, (int) size);

  if (recipients != NULL && in != NULL &&
      sk_X509_push (recipients, iss_certificate_get_x509 (recipient)) > 0)
    message = CMS_encrypt (recipients, in, EVP_aes_256_gcm (), CMS_BINARY | CMS_USE_KEYID);

  free_recipients (recipients);

  if (message != NULL)
    sealed = encode_message (message);

  if (sealed == NULL)
    iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                 _("It cannot be sealed for this recipient"));

  /* Sealing happens in a worker, which lives as long as the program: give back
   * the random generator that OpenSSL made for it. */
  OPENSSL_thread_stop ();

  return sealed;
}

/* Encoding only: the recipient's info and the content have their own sizes. */
static gboolean
same_form (IssDerWalk  message,
           IssDerWalk  model,
           gboolean   *seen_content)
{
  while (message.size > 0 && model.size > 0)
    {
      IssDerWalk a, b;
      guint8 tag, model_tag;

      if (!iss_der_walk_next (&message, &tag, &a) ||
          !iss_der_walk_next (&model, &model_tag, &b) || tag != model_tag)
        return FALSE;

      if ((tag & V_ASN1_CONSTRUCTED) != 0)
        {
          if (!same_form (a, b, seen_content))
            return FALSE;
        }
      else if (tag == TAG_CONTENT && a.size != b.size && !*seen_content)
        {
          *seen_content = TRUE;
        }
      else if (a.size != b.size)
        {
          return FALSE;
        }
      else if (tag == V_ASN1_BIT_STRING)
        {
          /* How many bits are unused, and the form of the point. */
          if (a.size < 2 || memcmp (a.data, b.data, 2) != 0)
            return FALSE;
        }
      else if (tag != V_ASN1_OCTET_STRING && tag != TAG_CONTENT &&
               memcmp (a.data, b.data, a.size) != 0)
        {
          return FALSE;
        }
    }

  return message.size == 0 && model.size == 0;
}

/* GCM vouches for the content alone. What is around it (versions, identifiers,
 * attributes that nobody signed) must be just as iss_seal_to() writes it, so a
 * message for the same recipient is made and laid beside it. */
static gboolean
is_as_written (GBytes         *sealed,
               IssCertificate *recipient)
{
  g_autoptr(IssSecret) nothing = iss_secret_new ("", 0);
  g_autoptr(GBytes) model = iss_seal_to (recipient, nothing, NULL);
  IssDerWalk a, b;
  gboolean seen_content = FALSE;

  if (model == NULL)
    return FALSE;

  a.data = g_bytes_get_data (sealed, &a.size);
  b.data = g_bytes_get_data (model, &b.size);

  return same_form (a, b, &seen_content);
}

/* All that can be said of it without the private key. */
static CMS_ContentInfo *
read_sealed (GBytes          *sealed,
             IssCertificate  *recipient,
             GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);
  const guint8 *end = data;

  if (size > MAX_SIZE + MAX_OVERHEAD)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The sealed message is larger than %d MiB"), MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  if (size > 0)
    message = d2i_CMS_ContentInfo (NULL, &end, (long) size);

  if (message == NULL || end != data + size)
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The sealed message is damaged"));
      return NULL;
    }

  if (!check_message (message, iss_certificate_get_x509 (recipient), error))
    return NULL;

  if (!is_as_written (sealed, recipient))
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The sealed message is damaged"));
      return NULL;
    }

  return g_steal_pointer (&message);
}

/**
 * iss_seal_check:
 * @sealed: a sealed message
 * @recipient: the certificate it must be sealed to
 * @error: return location for an error, as of iss_seal_open()
 *
 * Does everything that iss_seal_open() does before it needs the private key. Whoever gets
 * messages from elsewhere can have this done where there is no key, and open only what passed.
 *
 * Returns: whether it has the form of what iss_seal_to() makes for @recipient; what is in it may
 *   have been changed all the same
 */
gboolean
iss_seal_check (GBytes          *sealed,
                IssCertificate  *recipient,
                GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;

  g_return_val_if_fail (sealed != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), FALSE);

  message = read_sealed (sealed, recipient, error);

  return message != NULL;
}

/**
 * iss_seal_open:
 * @sealed: a sealed message
 * @recipient: the certificate it must be sealed to
 * @key: its private key
 * @error: return location for an error
 *
 * Opens what iss_seal_to() made. Everything else is refused: other kinds of CMS
 * message, several recipients or another one, data after the end, more than 16 MiB,
 * a single changed bit. Nothing of the content is handed out before all of it was verified.
 *
 * Returns: (transfer full): the content
 */
IssSecret *
iss_seal_open (GBytes          *sealed,
               IssCertificate  *recipient,
               IssPrivateKey   *key,
               GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;
  IssSecret *clear = NULL;

  g_return_val_if_fail (sealed != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), NULL);
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), NULL);

  message = read_sealed (sealed, recipient, error);
  if (message == NULL)
    return NULL;

  if (CMS_decrypt_set1_pkey (message, iss_private_key_get_pkey (key),
                             iss_certificate_get_x509 (recipient)))
    clear = read_clear (message, g_bytes_get_size (sealed));

  if (clear == NULL)
    refuse (error, ISS_ERROR_MALFORMED,
            _("The sealed message was changed on its way, or is for another key"));

  ERR_clear_error ();

  return clear;
}
