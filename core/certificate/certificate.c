/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/certificate-fault.h"
#include "core/certificate/certificate-name.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

#define MAX_NAME_CHARACTERS 256
#define MAX_DISTINGUISHED_NAME_CHARACTERS 4096
#define MAX_DNS_NAMES 10000
#define MAX_SERIAL_SIZE 1024

/**
 * IssCertificate:
 *
 * One X.509 certificate, decoded once and never changed.
 *
 * Because it cannot change it may be shared between threads. Whatever depends
 * on the clock, such as expiry, is a question of those who know the time.
 * Texts in it come from outside: they are valid UTF-8 without invisible
 * characters and not longer than a limit, but otherwise what the issuer wrote.
 */
struct _IssCertificate
{
  GObject   parent_instance;

  /* Owned */
  GBytes   *der;
  X509     *x509;
  GBytes   *sha256;
  GBytes   *sha1;
  GBytes   *spki_sha256;
  char     *sha256_hex;
  char     *issued_to;
  char     *issued_by;
  char     *subject;
  char     *issuer;
  char     *serial;
  char    **dns_names;
  char     *key_algorithm;

  gint64    not_before;
  gint64    not_after;
  guint     key_bits;
  gboolean  may_sign;
  gboolean  is_ca;
  gboolean  is_self_issued;
};

G_DEFINE_FINAL_TYPE (IssCertificate, iss_certificate, G_TYPE_OBJECT)

static void
iss_certificate_finalize (GObject *object)
{
  IssCertificate *self = ISS_CERTIFICATE (object);

  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->x509, X509_free);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->sha1, g_bytes_unref);
  g_clear_pointer (&self->spki_sha256, g_bytes_unref);
  g_clear_pointer (&self->sha256_hex, g_free);
  g_clear_pointer (&self->issued_to, g_free);
  g_clear_pointer (&self->issued_by, g_free);
  g_clear_pointer (&self->subject, g_free);
  g_clear_pointer (&self->issuer, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->dns_names, g_strfreev);
  g_clear_pointer (&self->key_algorithm, g_free);

  G_OBJECT_CLASS (iss_certificate_parent_class)->finalize (object);
}

static void
iss_certificate_class_init (IssCertificateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_certificate_finalize;
}

static void
iss_certificate_init (IssCertificate *self)
{
}

static GBytes *
hash (GChecksumType  type,
      gconstpointer  data,
      gsize          size)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (type);
  gsize length = (gsize) g_checksum_type_get_length (type);
  g_autofree guint8 *digest = g_malloc (length);

  g_checksum_update (checksum, data, (gssize) size);
  g_checksum_get_digest (checksum, digest, &length);

  return g_bytes_new_take (g_steal_pointer (&digest), length);
}

/* OpenSSL has no pointer for an empty text. */
static char *
sanitise (const void *text,
          gssize      length,
          gsize       max_characters)
{
  return iss_text_sanitise (length > 0 ? text : "", length, max_characters);
}

/* A string whose bytes are not what its tag says is shown as the bytes it has:
 * a certificate with a spoilt name must still be seen to be deleted. */
static char *
dup_string (const ASN1_STRING *string,
            gsize              max_characters)
{
  g_autofree char *text = NULL;
  unsigned char *utf8 = NULL;
  int length = ASN1_STRING_to_UTF8 (&utf8, string);

  if (length < 0)
    {
      ERR_clear_error ();
      return sanitise (ASN1_STRING_get0_data (string), ASN1_STRING_length (string),
                       max_characters);
    }

  text = sanitise (utf8, length, max_characters);
  OPENSSL_free (utf8);

  return g_steal_pointer (&text);
}

/* The last common name is the most specific one (RFC 4514 writes names last
 * attribute first, and so do the consoles people know). */
static char *
dup_common_name (const X509_NAME *name)
{
  const ASN1_STRING *value = NULL;
  gboolean is_common_name = FALSE;

  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    {
      const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
      int nid = OBJ_obj2nid (X509_NAME_ENTRY_get_object (entry));

      if (nid == NID_commonName || !is_common_name)
        {
          value = X509_NAME_ENTRY_get_data (entry);
          is_common_name = is_common_name || nid == NID_commonName;
        }
    }

  if (value == NULL)
    return g_strdup ("");

  return dup_string (value, MAX_NAME_CHARACTERS);
}

static char *
dup_distinguished_name (const X509_NAME *name)
{
  g_autoptr(BIO) bio = BIO_new (BIO_s_mem ());
  char *text;
  long length;

  if (X509_NAME_print_ex (bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
    {
      ERR_clear_error ();
      return dup_common_name (name);
    }

  length = BIO_get_mem_data (bio, &text);

  return sanitise (text, length, MAX_DISTINGUISHED_NAME_CHARACTERS);
}

static gboolean
read_time (const ASN1_TIME *time,
           gint64          *out_instant)
{
  struct tm tm;

  if (time == NULL || ASN1_TIME_to_tm (time, &tm) != 1)
    {
      ERR_clear_error ();
      return FALSE;
    }

  *out_instant = timegm (&tm);

  return TRUE;
}

static char *
dup_serial (const ASN1_INTEGER *serial)
{
  int length = ASN1_STRING_length (serial);
  g_autofree char *hex = NULL;

  if (length < 0 || length > MAX_SERIAL_SIZE)
    return NULL;

  hex = iss_text_hex (ASN1_STRING_get0_data (serial), (gsize) length, FALSE);

  /* Negative numbers are against RFC 5280 section 4.1.2.2, and exist. */
  if (ASN1_STRING_type (serial) == V_ASN1_NEG_INTEGER)
    return g_strconcat ("-", hex, NULL);

  return g_steal_pointer (&hex);
}

/* An extension that cannot be decoded has no names that anybody could match. */
static char **
dup_dns_names (X509    *x509,
               GError **error)
{
  g_autoptr(GENERAL_NAMES) names = X509_get_ext_d2i (x509, NID_subject_alt_name, NULL, NULL);
  g_autoptr(GPtrArray) dns_names = g_ptr_array_new_with_free_func (g_free);

  ERR_clear_error ();

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);

      if (name->type != GEN_DNS)
        continue;

      if (dns_names->len >= MAX_DNS_NAMES)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The certificate has more than %d DNS names"), MAX_DNS_NAMES);
          return NULL;
        }

      g_ptr_array_add (dns_names, dup_string (name->d.dNSName, MAX_NAME_CHARACTERS));
    }

  g_ptr_array_add (dns_names, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&dns_names), FALSE);
}

static char *
dup_oid (const ASN1_OBJECT *object)
{
  char text[256];
  int length = OBJ_obj2txt (text, sizeof text, object, 1);

  if (length <= 0 || (gsize) length >= sizeof text)
    {
      ERR_clear_error ();
      return g_strdup ("");
    }

  return g_strdup (text);
}

static char *
dup_key_algorithm (const ASN1_OBJECT *object)
{
  static const struct { int nid; const char *name; } algorithms[] =
    {
      { NID_rsaEncryption, "RSA" },
      { NID_rsassaPss, "RSA-PSS" },
      { NID_X9_62_id_ecPublicKey, "EC" },
      { NID_ED25519, "Ed25519" },
      { NID_ED448, "Ed448" },
      { NID_X25519, "X25519" },
      { NID_X448, "X448" },
      { NID_dsa, "DSA" },
    };
  int nid = OBJ_obj2nid (object);

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      if (algorithms[i].nid == nid)
        return g_strdup (algorithms[i].name);
    }

  return dup_oid (object);
}

/* A key of a kind or with parameters that OpenSSL does not know has 0 bits; the
 * certificate is none the less one that can be listed and deleted. */
static gboolean
read_key (IssCertificate *self)
{
  X509_PUBKEY *public_key = X509_get_X509_PUBKEY (self->x509);
  ASN1_OBJECT *algorithm = NULL;
  unsigned char *spki = NULL;
  EVP_PKEY *pkey;
  int length;

  if (X509_PUBKEY_get0_param (&algorithm, NULL, NULL, NULL, public_key) != 1)
    return FALSE;

  length = i2d_X509_PUBKEY (public_key, &spki);
  if (length <= 0)
    return FALSE;

  self->spki_sha256 = hash (G_CHECKSUM_SHA256, spki, (gsize) length);
  OPENSSL_free (spki);

  self->key_algorithm = dup_key_algorithm (algorithm);

  pkey = X509_PUBKEY_get0 (public_key);
  if (pkey != NULL)
    self->key_bits = (guint) MAX (EVP_PKEY_get_bits (pkey), 0);

  ERR_clear_error ();

  return TRUE;
}

/* RFC 5280 section 4.2.1.3: without the extension any use is allowed. One that
 * is there twice or cannot be read allows none. */
static gboolean
read_may_sign (X509 *x509)
{
  int critical = 0;
  g_autoptr(ASN1_BIT_STRING) usage = X509_get_ext_d2i (x509, NID_key_usage, &critical, NULL);

  ERR_clear_error ();

  if (usage == NULL)
    return critical == -1;

  return ASN1_BIT_STRING_get_bit (usage, 0) == 1;
}

static gboolean
read_is_ca (X509 *x509)
{
  g_autoptr(BASIC_CONSTRAINTS) constraints = X509_get_ext_d2i (x509, NID_basic_constraints,
                                                               NULL, NULL);

  ERR_clear_error ();

  return constraints != NULL && constraints->ca != 0;
}

static gboolean
names_equal (const X509_NAME *a,
             const X509_NAME *b)
{
  const unsigned char *a_der;
  const unsigned char *b_der;
  size_t a_size;
  size_t b_size;

  return X509_NAME_get0_der (a, &a_der, &a_size) == 1 &&
         X509_NAME_get0_der (b, &b_der, &b_size) == 1 &&
         a_size == b_size && memcmp (a_der, b_der, a_size) == 0;
}

static IssDerWalk
get_alternative_names (X509 *x509)
{
  X509_EXTENSION *extension = X509_get_ext (x509, X509_get_ext_by_NID (x509, NID_subject_alt_name,
                                                                       -1));
  const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data (extension);
  IssDerWalk walk = { NULL, 0 };

  if (value != NULL)
    {
      walk.data = ASN1_STRING_get0_data (value);
      walk.size = (gsize) ASN1_STRING_length (value);
    }

  return walk;
}

static gboolean
read_names (IssCertificate  *self,
            GError         **error)
{
  const X509_NAME *subject = X509_get_subject_name (self->x509);
  const X509_NAME *issuer = X509_get_issuer_name (self->x509);

  self->dns_names = dup_dns_names (self->x509, error);
  if (self->dns_names == NULL)
    return FALSE;

  self->issued_to = iss_certificate_name_take_subject (dup_common_name (subject),
                                                       get_alternative_names (self->x509),
                                                       g_bytes_get_data (self->sha1, NULL));
  self->issued_by = iss_certificate_name_take_issuer (dup_common_name (issuer));
  self->subject = dup_distinguished_name (subject);
  self->issuer = dup_distinguished_name (issuer);
  self->is_self_issued = names_equal (subject, issuer);

  return TRUE;
}

/**
 * iss_certificate_new_from_der:
 * @der: one DER-encoded certificate, with nothing after it
 * @error: return location for an error
 *
 * Decodes a certificate. Odd ones that exist are taken: negative serial
 * numbers, empty subjects, keys of unknown kinds. No signature is checked.
 *
 * Errors: %ISS_ERROR_TOO_LARGE over %ISS_CERTIFICATE_MAX_SIZE bytes or 10,000
 * DNS names; %ISS_ERROR_MALFORMED if @der is no certificate, has something
 * after its end, times that are no times, a version that there is not, or two
 * extensions of one kind.
 *
 * Returns: (transfer full): the certificate, or %NULL with @error set
 */
IssCertificate *
iss_certificate_new_from_der (GBytes  *der,
                              GError **error)
{
  g_autoptr(IssCertificate) self = NULL;
  const unsigned char *data;
  const unsigned char *end;
  gsize size;

  g_return_val_if_fail (der != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = end = g_bytes_get_data (der, &size);

  if (size > ISS_CERTIFICATE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The certificate is larger than %d KiB"), ISS_CERTIFICATE_MAX_SIZE / 1024);
      return NULL;
    }

  /* 0x80 would be a length that BER allows and DER does not. */
  if (size < 2 || data[0] != 0x30 || data[1] == 0x80)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("This is not a certificate"));
      return NULL;
    }

  /* What others left in the queue must not be given as the reason here. */
  ERR_clear_error ();

  self = g_object_new (ISS_TYPE_CERTIFICATE, NULL);
  self->x509 = d2i_X509 (NULL, &end, (long) size);
  if (self->x509 == NULL)
    {
      iss_certificate_fault_take (error);
      return NULL;
    }

  ERR_clear_error ();

  if (end != data + size)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("There is something after the end of the certificate"));
      return NULL;
    }

  if (!iss_certificate_fault_check (self->x509, error))
    return NULL;

  if (!read_time (X509_get0_notBefore (self->x509), &self->not_before) ||
      !read_time (X509_get0_notAfter (self->x509), &self->not_after))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The certificate's validity is not made of two dates"));
      return NULL;
    }

  self->serial = dup_serial (X509_get0_serialNumber (self->x509));
  if (self->serial == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The certificate's serial number is too long"));
      return NULL;
    }

  if (!read_key (self))
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED,
                                   _("The certificate's public key cannot be read"));
      return NULL;
    }

  self->der = g_bytes_ref (der);
  self->sha256 = hash (G_CHECKSUM_SHA256, data, size);
  self->sha1 = hash (G_CHECKSUM_SHA1, data, size);
  if (!read_names (self, error))
    return NULL;

  self->sha256_hex = iss_text_hex (g_bytes_get_data (self->sha256, NULL),
                                   g_bytes_get_size (self->sha256), FALSE);
  self->may_sign = read_may_sign (self->x509);
  self->is_ca = read_is_ca (self->x509);

  /* OpenSSL decodes extensions when they are first asked for; asking now
   * leaves nothing to be written when threads share the certificate. */
  X509_check_purpose (self->x509, -1, -1);
  ERR_clear_error ();

  return g_steal_pointer (&self);
}

/**
 * iss_certificate_get_der:
 * @self: a certificate
 *
 * Returns: (transfer none): the bytes it was made from
 */
GBytes *
iss_certificate_get_der (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->der;
}

/**
 * iss_certificate_get_sha256:
 * @self: a certificate
 *
 * Returns: (transfer none): the SHA-256 of its DER, 32 bytes
 */
GBytes *
iss_certificate_get_sha256 (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->sha256;
}

/**
 * iss_certificate_get_sha1:
 * @self: a certificate
 *
 * Returns: (transfer none): the SHA-1 of its DER, 20 bytes: its thumbprint
 */
GBytes *
iss_certificate_get_sha1 (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->sha1;
}

/**
 * iss_certificate_get_spki_sha256:
 * @self: a certificate
 *
 * Returns: (transfer none): the SHA-256 of the DER of its SubjectPublicKeyInfo,
 *   32 bytes; the same for every certificate with this key
 */
GBytes *
iss_certificate_get_spki_sha256 (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->spki_sha256;
}

/**
 * iss_certificate_get_sha256_hex:
 * @self: a certificate
 *
 * Returns: (transfer none): iss_certificate_get_sha256() as 64 lower-case digits
 */
const char *
iss_certificate_get_sha256_hex (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->sha256_hex;
}

/**
 * iss_certificate_get_issued_to:
 * @self: a certificate
 *
 * Returns: (transfer none): the last common name of the subject, else its last
 *   attribute, else as iss_certificate_name_take_subject() says; never empty; for
 *   people, not for decisions
 */
const char *
iss_certificate_get_issued_to (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->issued_to;
}

/**
 * iss_certificate_get_issued_by:
 * @self: a certificate
 *
 * Returns: (transfer none): the last common name of the issuer, else its last
 *   attribute, else ""
 */
const char *
iss_certificate_get_issued_by (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->issued_by;
}

/**
 * iss_certificate_get_subject:
 * @self: a certificate
 *
 * Returns: (transfer none): the subject as RFC 4514 writes it, in UTF-8
 */
const char *
iss_certificate_get_subject (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->subject;
}

/**
 * iss_certificate_get_issuer:
 * @self: a certificate
 *
 * Returns: (transfer none): the issuer as RFC 4514 writes it, in UTF-8
 */
const char *
iss_certificate_get_issuer (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->issuer;
}

/**
 * iss_certificate_get_serial:
 * @self: a certificate
 *
 * Returns: (transfer none): the serial number in lower-case hex, two digits a
 *   byte, with "-" before it if the issuer wrote a negative one
 */
const char *
iss_certificate_get_serial (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->serial;
}

/**
 * iss_certificate_get_not_before:
 * @self: a certificate
 *
 * Returns: the first second in which it is valid, since 1970 in UTC
 */
gint64
iss_certificate_get_not_before (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), 0);

  return self->not_before;
}

/**
 * iss_certificate_get_not_after:
 * @self: a certificate
 *
 * Returns: the last second in which it is valid (RFC 5280 section 4.1.2.5
 *   counts it), since 1970 in UTC
 */
gint64
iss_certificate_get_not_after (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), 0);

  return self->not_after;
}

/**
 * iss_certificate_get_dns_names:
 * @self: a certificate
 *
 * Returns: (transfer none) (array zero-terminated=1): the DNS names of its
 *   subject alternative names, in their order; empty if there are none
 */
const char *const *
iss_certificate_get_dns_names (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return (const char *const *) self->dns_names;
}

/**
 * iss_certificate_get_key_algorithm:
 * @self: a certificate
 *
 * Returns: (transfer none): "RSA", "RSA-PSS", "EC", "Ed25519", "Ed448", "DSA",
 *   or a dotted OID
 */
const char *
iss_certificate_get_key_algorithm (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->key_algorithm;
}

/**
 * iss_certificate_get_key_bits:
 * @self: a certificate
 *
 * Returns: the size of its key in bits, 0 if the kind of key is not known
 */
guint
iss_certificate_get_key_bits (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), 0);

  return self->key_bits;
}

/**
 * iss_certificate_may_sign:
 * @self: a certificate
 *
 * Returns: whether its key usage allows digital signatures; without that
 *   extension everything is allowed (RFC 5280 section 4.2.1.3)
 */
gboolean
iss_certificate_may_sign (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), FALSE);

  return self->may_sign;
}

/**
 * iss_certificate_is_ca:
 * @self: a certificate
 *
 * Returns: whether its basic constraints make it a certification authority
 */
gboolean
iss_certificate_is_ca (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), FALSE);

  return self->is_ca;
}

/**
 * iss_certificate_is_self_issued:
 * @self: a certificate
 *
 * Returns: whether subject and issuer are the same bytes (RFC 5280 section 3.2)
 */
gboolean
iss_certificate_is_self_issued (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), FALSE);

  return self->is_self_issued;
}

/**
 * iss_certificate_dup_pem:
 * @self: a certificate
 *
 * Returns: (transfer full): its bytes as one PEM block, with a newline after it
 */
char *
iss_certificate_dup_pem (IssCertificate *self)
{
  g_autoptr(BIO) bio = NULL;
  gconstpointer data;
  char *text;
  gsize size;
  long length;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  bio = BIO_new (BIO_s_mem ());
  data = g_bytes_get_data (self->der, &size);
  PEM_write_bio (bio, PEM_STRING_X509, "", data, (long) size);
  length = BIO_get_mem_data (bio, &text);

  return g_strndup (text, (gsize) length);
}

/**
 * iss_certificate_get_x509:
 * @self: a certificate
 *
 * For core/certificate and core/formats only. Do not change it.
 *
 * Returns: (transfer none): OpenSSL's view of it
 */
X509 *
iss_certificate_get_x509 (IssCertificate *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE (self), NULL);

  return self->x509;
}
