/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/signed-data.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>
#include <time.h>

/* What a signature adds to its content: below 3 KiB for RSA 4096. The signer's certificate is
 * inside. */
#define MAX_OVERHEAD (64 * 1024)

#define LEAST_RSA_BITS 2048
#define LEAST_EC_BITS 256

/* CMS_signed_get0_data_by_OBJ(): one attribute of its kind, with one value */
#define ONLY_ONE (-3)

static gboolean
refuse (GError     **error,
        IssError     code,
        const char  *sentence)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, code, sentence);

  return FALSE;
}

static gboolean
may_sign (EVP_PKEY *pkey)
{
  int bits = pkey != NULL ? EVP_PKEY_get_bits (pkey) : 0;

  return (bits >= LEAST_RSA_BITS && EVP_PKEY_is_a (pkey, "RSA")) ||
         (bits >= LEAST_EC_BITS && EVP_PKEY_is_a (pkey, "EC"));
}

static gboolean
check_signer (IssCertificate  *signer,
              GError         **error)
{
  if (may_sign (X509_get0_pubkey (iss_certificate_get_x509 (signer))))
    return TRUE;

  return refuse (error, ISS_ERROR_UNSUPPORTED,
                 _("Only RSA keys of 2048 bits or more and keys on a NIST curve of 256 bits or "
                   "more can sign this"));
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
add_time (CMS_SignerInfo *info,
          gint64          at)
{
  g_autoptr(ASN1_TIME) time = ASN1_TIME_set (NULL, (time_t) at);

  return time != NULL &&
         CMS_signed_add1_attr_by_NID (info, NID_pkcs9_signingTime, ASN1_STRING_type (time),
                                      time, -1) == 1;
}

/* All but the content and the signature. With only the public half of a key nothing is signed:
 * that is how a message is laid beside what it should be. */
static CMS_ContentInfo *
prepare (IssCertificate  *signer,
         EVP_PKEY        *key,
         gint64           at,
         CMS_SignerInfo **out_info)
{
  const guint flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
  g_autoptr(CMS_ContentInfo) message = CMS_sign (NULL, NULL, NULL, NULL, flags);
  CMS_SignerInfo *info = NULL;

  if (message != NULL)
    info = CMS_add1_signer (message, iss_certificate_get_x509 (signer), key, EVP_sha256 (), flags);

  if (info == NULL || !add_time (info, at))
    return NULL;

  *out_info = info;

  return g_steal_pointer (&message);
}

static gboolean
add_digest (CMS_SignerInfo *info,
            GBytes         *content)
{
  guint8 digest[32];
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  return EVP_Digest (data, size, digest, NULL, EVP_sha256 (), NULL) == 1 &&
         CMS_signed_add1_attr_by_NID (info, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                      OBJ_nid2obj (NID_pkcs7_data), -1) == 1 &&
         CMS_signed_add1_attr_by_NID (info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING,
                                      digest, sizeof digest) == 1;
}

static gboolean
set_content (CMS_ContentInfo *message,
             GBytes          *content)
{
  ASN1_OCTET_STRING **place = CMS_get0_content (message);
  ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new ();
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  if (octets == NULL || ASN1_OCTET_STRING_set (octets, data, (int) size) != 1)
    {
      ASN1_OCTET_STRING_free (octets);
      return FALSE;
    }

  ASN1_OCTET_STRING_free (*place);
  *place = octets;

  return TRUE;
}

/* A signature vouches for the content and the signed attributes alone. What is around them
 * (versions, identifiers, further certificates, attributes that nobody signed) must be just as
 * iss_signed_data_sign() writes it, so the message is made anew and laid beside it. */
static gboolean
is_as_written (GBytes            *message,
               GBytes            *content,
               IssCertificate    *signer,
               gint64             at,
               ASN1_OCTET_STRING *signature)
{
  CMS_SignerInfo *info = NULL;
  EVP_PKEY *public_key = X509_get0_pubkey (iss_certificate_get_x509 (signer));
  g_autoptr(CMS_ContentInfo) model = prepare (signer, public_key, at, &info);
  g_autoptr(GBytes) expected = NULL;

  if (model != NULL && add_digest (info, content) && set_content (model, content) &&
      ASN1_STRING_copy (CMS_SignerInfo_get0_signature (info), signature) == 1)
    expected = encode_message (model);

  return expected != NULL && g_bytes_equal (expected, message);
}

static IssCertificate *
wrap (X509 *x509)
{
  g_autoptr(GBytes) der = NULL;
  guint8 *encoded = NULL;
  int size = i2d_X509 (x509, &encoded);

  if (size <= 0)
    return NULL;

  der = g_bytes_new (encoded, (gsize) size);
  OPENSSL_free (encoded);

  return iss_certificate_new_from_der (der, NULL);
}

static void
free_certificates (STACK_OF (X509) *certificates)
{
  sk_X509_pop_free (certificates, X509_free);
}

/* What is not SignedData by one signer, whose certificate is inside, goes no further. */
static CMS_ContentInfo *
read_message (GBytes          *bytes,
              gsize            limit,
              IssCertificate **out_embedded,
              GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;
  STACK_OF (CMS_SignerInfo) *infos;
  STACK_OF (X509) *certificates;
  IssCertificate *embedded = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *end = data;

  if (size > limit + MAX_OVERHEAD)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The signed message is larger than %" G_GSIZE_FORMAT " KiB"), limit / 1024);
      return NULL;
    }

  if (size > 0)
    message = d2i_CMS_ContentInfo (NULL, &end, (long) size);

  if (message == NULL || end != data + size)
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The signed message is damaged"));
      return NULL;
    }

  if (OBJ_obj2nid (CMS_get0_type (message)) != NID_pkcs7_signed)
    {
      refuse (error, ISS_ERROR_UNSUPPORTED, _("This message is not signed but of another kind"));
      return NULL;
    }

  infos = CMS_get0_SignerInfos (message);
  if (sk_CMS_SignerInfo_num (infos) != 1)
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The message is not signed by exactly one signer"));
      return NULL;
    }

  certificates = CMS_get1_certs (message);
  if (sk_X509_num (certificates) == 1)
    embedded = wrap (sk_X509_value (certificates, 0));
  free_certificates (certificates);

  if (embedded == NULL)
    {
      refuse (error, ISS_ERROR_MALFORMED,
              _("The signed message does not hold its signer’s certificate, and only that"));
      return NULL;
    }

  *out_embedded = embedded;

  return g_steal_pointer (&message);
}

static gboolean
is_among (IssCertificate *certificate,
          GPtrArray      *signers)
{
  for (guint i = 0; i < signers->len; i++)
    {
      if (g_bytes_equal (iss_certificate_get_der (signers->pdata[i]),
                         iss_certificate_get_der (certificate)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_digest (CMS_SignerInfo  *info,
              GError         **error)
{
  const ASN1_OBJECT *algorithm;
  X509_ALGOR *digest = NULL;
  char name[64] = "";

  CMS_SignerInfo_get0_algs (info, NULL, NULL, &digest, NULL);
  X509_ALGOR_get0 (&algorithm, NULL, NULL, digest);
  if (OBJ_obj2nid (algorithm) == NID_sha256)
    return TRUE;

  ERR_clear_error ();
  OBJ_obj2txt (name, sizeof name, algorithm, 0);
  g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
               _("The message is signed with %s; only SHA-256 counts here"), name);

  return FALSE;
}

static GBytes *
read_content (CMS_ContentInfo  *message,
              gsize             limit,
              GError          **error)
{
  ASN1_OCTET_STRING **place = CMS_get0_content (message);

  if (place == NULL || *place == NULL)
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The signed message does not hold what was signed"));
      return NULL;
    }

  if ((gsize) ASN1_STRING_length (*place) > limit)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The signed message is larger than %" G_GSIZE_FORMAT " KiB"), limit / 1024);
      return NULL;
    }

  return g_bytes_new (ASN1_STRING_get0_data (*place), (gsize) ASN1_STRING_length (*place));
}

static gboolean
read_time (CMS_SignerInfo *info,
           gint64         *out_at)
{
  const ASN1_OBJECT *object = OBJ_nid2obj (NID_pkcs9_signingTime);
  const ASN1_TIME *time = CMS_signed_get0_data_by_OBJ (info, object, ONLY_ONE, V_ASN1_UTCTIME);
  struct tm tm;

  if (time == NULL)
    time = CMS_signed_get0_data_by_OBJ (info, object, ONLY_ONE, V_ASN1_GENERALIZEDTIME);
  if (time == NULL || ASN1_TIME_to_tm (time, &tm) != 1)
    return FALSE;

  *out_at = timegm (&tm);

  return TRUE;
}

/* The certificate is pinned: neither its dates nor who issued it are asked about. */
static gboolean
is_signed_by (CMS_ContentInfo *message,
              IssCertificate  *signer)
{
  STACK_OF (X509) *signers = sk_X509_new_null ();
  gboolean is_good;

  is_good = signers != NULL &&
            sk_X509_push (signers, iss_certificate_get_x509 (signer)) > 0 &&
            CMS_verify (message, signers, NULL, NULL, NULL,
                        CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  sk_X509_free (signers);

  return is_good;
}

static int
compare_encodings (gconstpointer a,
                   gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

/* What is signed, by RFC 5652, 5.4: the attributes as a SET OF in DER, which puts the encodings of
 * its members in order (X.690, 11.6). OpenSSL does not hand it out. */
static GBytes *
encode_attributes (CMS_SignerInfo *info)
{
  g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GByteArray) set = g_byte_array_new ();
  guint8 header[16];
  guint8 *end = header;
  gsize size = 0;

  for (int i = 0; i < CMS_signed_get_attr_count (info); i++)
    {
      guint8 *der = NULL;
      int length = i2d_X509_ATTRIBUTE (CMS_signed_get_attr (info, i), &der);

      if (length <= 0)
        return NULL;

      g_ptr_array_add (members, g_bytes_new (der, (gsize) length));
      OPENSSL_free (der);
      size += (gsize) length;
    }
  g_ptr_array_sort (members, compare_encodings);

  ASN1_put_object (&end, 1, (int) size, V_ASN1_SET, V_ASN1_UNIVERSAL);
  g_byte_array_append (set, header, (guint) (end - header));
  for (guint i = 0; i < members->len; i++)
    g_byte_array_append (set, g_bytes_get_data (members->pdata[i], NULL),
                         (guint) g_bytes_get_size (members->pdata[i]));

  return g_byte_array_free_to_bytes (g_steal_pointer (&set));
}

/* By a key that is not here. What comes back is a stranger's until it was verified. */
static GBytes *
sign_elsewhere (GBytes          *content,
                IssCertificate  *signer,
                IssPrivateKey   *key,
                gint64           at,
                GError         **error)
{
  CMS_SignerInfo *info = NULL;
  g_autoptr(CMS_ContentInfo) message = prepare (signer, iss_private_key_get_pkey (key), at, &info);
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  g_autoptr(GBytes) attributes = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) verified = NULL;

  if (message != NULL && add_digest (info, content) && set_content (message, content))
    attributes = encode_attributes (info);

  if (attributes == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The message cannot be made"));
      return NULL;
    }

  signature = iss_private_key_sign_elsewhere (key, attributes, error);
  if (signature == NULL)
    return NULL;

  if (ASN1_STRING_set (CMS_SignerInfo_get0_signature (info), g_bytes_get_data (signature, NULL),
                       (int) g_bytes_get_size (signature)) == 1)
    bytes = encode_message (message);

  g_ptr_array_add (signers, signer);
  if (bytes != NULL)
    verified = iss_signed_data_verify (bytes, signers, ISS_SIGNED_DATA_MAX_CONTENT, NULL, NULL,
                                       NULL);
  if (verified == NULL)
    {
      refuse (error, ISS_ERROR_REFUSED,
              _("What was signed is not by the private key of the certificate that shall sign"));
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

/**
 * iss_signed_data_sign:
 * @content: what to sign, at most 16 MiB
 * @signer: the certificate of who signs
 * @key: its private key
 * @at: when, Unix time
 * @error: return location for an error
 *
 * Signs @content, which stays readable in it: CMS SignedData (RFC 5652) in DER, with content
 * type, SHA-256 and signing time as signed attributes, and the signer's certificate inside. Where
 * the key is elsewhere this blocks until it has signed.
 *
 * Errors: %ISS_ERROR_UNSUPPORTED if the key is of another kind or too short, %ISS_ERROR_REFUSED
 * if it does not belong to @signer, %ISS_ERROR_TOO_LARGE, %ISS_ERROR_FAILED.
 *
 * Returns: (transfer full): the signed message
 */
GBytes *
iss_signed_data_sign (GBytes          *content,
                      IssCertificate  *signer,
                      IssPrivateKey   *key,
                      gint64           at,
                      GError         **error)
{
  g_autoptr(CMS_ContentInfo) message = NULL;
  g_autoptr(BIO) in = NULL;
  CMS_SignerInfo *info = NULL;
  gconstpointer data;
  GBytes *bytes = NULL;
  gsize size;

  g_return_val_if_fail (content != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (signer), NULL);
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = g_bytes_get_data (content, &size);
  if (size > ISS_SIGNED_DATA_MAX_CONTENT)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("More than %d MiB cannot be signed"),
                   ISS_SIGNED_DATA_MAX_CONTENT / (1024 * 1024));
      return NULL;
    }

  if (!check_signer (signer, error))
    return NULL;

  if (!iss_private_key_matches (key, signer))
    {
      refuse (error, ISS_ERROR_REFUSED,
              _("The private key does not belong to the certificate that shall sign"));
      return NULL;
    }

  ERR_clear_error ();
  if (iss_private_key_is_elsewhere (key))
    return sign_elsewhere (content, signer, key, at, error);

  in = BIO_new_mem_buf (size > 0 ? data : "", (int) size);
  message = prepare (signer, iss_private_key_get_pkey (key), at, &info);
  if (in != NULL && message != NULL && CMS_final (message, in, NULL, CMS_BINARY) == 1)
    bytes = encode_message (message);

  if (bytes == NULL)
    iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The private key does not sign"));

  /* Signing happens in a worker, which lives as long as the program: give back
   * the random generator that OpenSSL made for it. */
  OPENSSL_thread_stop ();

  return bytes;
}

/**
 * iss_signed_data_verify:
 * @message: what iss_signed_data_sign() returned, or says so
 * @signers: (element-type IssCertificate): who may have signed; their certificates are pinned,
 *   byte for byte, and nothing else is asked of them
 * @limit: how many bytes the content may have, at most 16 MiB
 * @out_signer: (out) (optional) (transfer full): which of @signers did
 * @out_at: (out) (optional): when, as the signer said, Unix time
 * @error: return location for an error
 *
 * Everything that iss_signed_data_sign() does not write is refused: other digests, several
 * signers, content that is elsewhere, other encodings, data after the end, a single changed bit.
 * Nothing of the content is handed out before all of it was verified. An empty @signers
 * refuses everything.
 *
 * Errors: %ISS_ERROR_REFUSED for another signer, %ISS_ERROR_UNSUPPORTED for another kind of
 * message or digest, %ISS_ERROR_TOO_LARGE, %ISS_ERROR_MALFORMED if it is damaged or was changed.
 *
 * Returns: (transfer full): the content
 */
GBytes *
iss_signed_data_verify (GBytes          *message,
                        GPtrArray       *signers,
                        gsize            limit,
                        IssCertificate **out_signer,
                        gint64          *out_at,
                        GError         **error)
{
  g_autoptr(CMS_ContentInfo) parsed = NULL;
  g_autoptr(IssCertificate) embedded = NULL;
  g_autoptr(GBytes) content = NULL;
  CMS_SignerInfo *info;
  gint64 at = 0;

  g_return_val_if_fail (message != NULL && signers != NULL, NULL);
  g_return_val_if_fail (limit <= ISS_SIGNED_DATA_MAX_CONTENT, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  parsed = read_message (message, limit, &embedded, error);
  if (parsed == NULL)
    return NULL;

  if (!is_among (embedded, signers))
    {
      refuse (error, ISS_ERROR_REFUSED,
              _("The message is signed with a certificate that is not allowed to sign it"));
      return NULL;
    }

  info = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (parsed), 0);
  if (!check_signer (embedded, error) || !check_digest (info, error))
    return NULL;

  content = read_content (parsed, limit, error);
  if (content == NULL)
    return NULL;

  if (!read_time (info, &at) ||
      !is_as_written (message, content, embedded, at, CMS_SignerInfo_get0_signature (info)) ||
      !is_signed_by (parsed, embedded))
    {
      refuse (error, ISS_ERROR_MALFORMED, _("The message was changed since it was signed"));
      return NULL;
    }

  ERR_clear_error ();
  if (out_signer != NULL)
    *out_signer = g_steal_pointer (&embedded);
  if (out_at != NULL)
    *out_at = at;

  return g_steal_pointer (&content);
}

/**
 * iss_signed_data_read_signer:
 * @message: a signed message
 * @limit: how many bytes its content may have, at most 16 MiB
 * @error: return location for an error
 *
 * Says whose certificate lies in @message. Nothing is verified: it is for asking a person
 * whether that is who should have signed, and for naming who did not.
 *
 * Errors: as iss_signed_data_verify().
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
iss_signed_data_read_signer (GBytes  *message,
                             gsize    limit,
                             GError **error)
{
  g_autoptr(CMS_ContentInfo) parsed = NULL;
  IssCertificate *embedded = NULL;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (limit <= ISS_SIGNED_DATA_MAX_CONTENT, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  parsed = read_message (message, limit, &embedded, error);

  return parsed != NULL ? embedded : NULL;
}
