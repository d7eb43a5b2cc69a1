/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-summary.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/certificate-name.h"
#include "core/certificate/certificate.h"
#include "core/certificate/der-walk.h"

#include <glib/gi18n-lib.h>
#include <openssl/evp.h>
#include <string.h>

#define TAG_BOOLEAN 0x01
#define TAG_INTEGER 0x02
#define TAG_BIT_STRING 0x03
#define TAG_OCTET_STRING 0x04
#define TAG_OID 0x06
#define TAG_IA5_STRING 0x16
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_CONTEXT(n) (0x80 | (n))
#define TAG_CONTEXT_CONSTRUCTED(n) (0xa0 | (n))

#define MAX_NAME_CHARACTERS 256
#define MAX_PURPOSES 100

typedef struct
{
  guint8      oid_size;
  guint8      oid[9];
  const char *name;      /* (nullable): of a curve it is not asked */
  guint       bits;      /* 0: depends on the key */
} Known;

static const Known algorithms[] =
{
  { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 }, "RSA", 0 },
  { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a }, "RSA-PSS", 0 },
  { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 }, "EC", 0 },
  { 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01 }, "DSA", 0 },
  { 3, { 0x2b, 0x65, 0x70 }, "Ed25519", 256 },
  { 3, { 0x2b, 0x65, 0x71 }, "Ed448", 456 },
  { 3, { 0x2b, 0x65, 0x6e }, "X25519", 253 },
  { 3, { 0x2b, 0x65, 0x6f }, "X448", 448 },
};

static const Known curves[] =
{
  { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 }, NULL, 256 },         /* P-256 */
  { 5, { 0x2b, 0x81, 0x04, 0x00, 0x22 }, NULL, 384 },                           /* P-384 */
  { 5, { 0x2b, 0x81, 0x04, 0x00, 0x23 }, NULL, 521 },                           /* P-521 */
  { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01 }, NULL, 192 },         /* P-192 */
  { 5, { 0x2b, 0x81, 0x04, 0x00, 0x21 }, NULL, 224 },                           /* P-224 */
  { 5, { 0x2b, 0x81, 0x04, 0x00, 0x0a }, NULL, 256 },                           /* secp256k1 */
  { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07 }, NULL, 256 },   /* BP-256 */
  { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b }, NULL, 384 },   /* BP-384 */
  { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d }, NULL, 512 },   /* BP-512 */
};

/* Spans of the certificate that are read after its shape is known. */
typedef struct
{
  IssDerWalk issuer;
  IssDerWalk subject;
  IssDerWalk spki;               /* the whole element */
  IssDerWalk key_algorithm;      /* content of the AlgorithmIdentifier */
  IssDerWalk key;                /* content of the BIT STRING */
  IssDerWalk alternative_names;  /* the values of extensions, empty if there is none */
  IssDerWalk constraints;
  IssDerWalk purposes;
  gboolean   has_purposes_twice;
  gint64     not_before;
  gint64     not_after;
} Parts;

static gboolean
is_equal (const IssDerWalk *span,
          const guint8     *data,
          gsize             size)
{
  return span->size == size && memcmp (span->data, data, size) == 0;
}

static const Known *
find_known (const Known      *table,
            gsize             n,
            const IssDerWalk *oid)
{
  for (gsize i = 0; i < n; i++)
    {
      if (is_equal (oid, table[i].oid, table[i].oid_size))
        return &table[i];
    }

  return NULL;
}

static gboolean
read_time (IssDerWalk *validity,
           gint64     *out_instant)
{
  IssDerWalk content;
  guint8 tag;

  return iss_der_walk_next (validity, &tag, &content)
         && iss_der_walk_time (tag, &content, out_instant);
}

static gboolean
read_validity (IssDerWalk *tbs,
               Parts      *parts)
{
  IssDerWalk validity;

  return iss_der_walk_expect (tbs, TAG_SEQUENCE, &validity)
         && read_time (&validity, &parts->not_before)
         && read_time (&validity, &parts->not_after)
         && validity.size == 0;
}

static gboolean
read_spki (IssDerWalk *tbs,
           Parts      *parts)
{
  const guint8 *start = tbs->data;
  IssDerWalk spki;

  if (!iss_der_walk_expect (tbs, TAG_SEQUENCE, &spki))
    return FALSE;

  parts->spki = (IssDerWalk) { start, (gsize) (tbs->data - start) };

  return iss_der_walk_expect (&spki, TAG_SEQUENCE, &parts->key_algorithm)
         && iss_der_walk_expect (&spki, TAG_BIT_STRING, &parts->key)
         && spki.size == 0;
}

/* The first of a kind is kept; a second one says nothing reliable, and the
 * kind then counts as not readable, like X509_get_ext_d2i() has it. */
static void
keep_extension (IssDerWalk       *kept,
                gboolean         *is_twice,
                const IssDerWalk *value)
{
  if (kept->data != NULL)
    *is_twice = TRUE;
  else
    *kept = *value;
}

static gboolean
read_extension (IssDerWalk *extensions,
                IssDerWalk *out_oid,
                IssDerWalk *out_value)
{
  IssDerWalk extension;
  IssDerWalk critical;

  if (!iss_der_walk_expect (extensions, TAG_SEQUENCE, &extension)
      || !iss_der_walk_expect (&extension, TAG_OID, out_oid))
    return FALSE;

  if (iss_der_walk_expect (&extension, TAG_BOOLEAN, &critical) && critical.size != 1)
    return FALSE;

  return iss_der_walk_expect (&extension, TAG_OCTET_STRING, out_value)
         && extension.size == 0;
}

/* RFC 5280, 4.2.1: alternative names 17, basic constraints 19, purposes 37 */
static gboolean
read_extensions (IssDerWalk explicit_tag,
                 Parts     *parts)
{
  gboolean is_twice[3] = { FALSE, FALSE, FALSE };
  IssDerWalk extensions;

  if (!iss_der_walk_expect (&explicit_tag, TAG_SEQUENCE, &extensions) || explicit_tag.size != 0)
    return FALSE;

  while (extensions.size > 0)
    {
      IssDerWalk oid;
      IssDerWalk value;

      if (!read_extension (&extensions, &oid, &value))
        return FALSE;

      if (oid.size != 3 || oid.data[0] != 0x55 || oid.data[1] != 0x1d)
        continue;

      if (oid.data[2] == 17)
        keep_extension (&parts->alternative_names, &is_twice[0], &value);
      else if (oid.data[2] == 19)
        keep_extension (&parts->constraints, &is_twice[1], &value);
      else if (oid.data[2] == 37)
        keep_extension (&parts->purposes, &is_twice[2], &value);
    }

  if (is_twice[0])
    parts->alternative_names.size = 0;
  if (is_twice[1])
    parts->constraints.size = 0;

  parts->has_purposes_twice = is_twice[2];

  return TRUE;
}

static gboolean
read_to_be_signed (IssDerWalk  tbs,
                   Parts      *parts)
{
  IssDerWalk ignored;

  if (iss_der_walk_expect (&tbs, TAG_CONTEXT_CONSTRUCTED (0), &ignored))
    {
      IssDerWalk version;

      if (!iss_der_walk_expect (&ignored, TAG_INTEGER, &version)
          || version.size != 1 || ignored.size != 0)
        return FALSE;
    }

  if (!iss_der_walk_expect (&tbs, TAG_INTEGER, &ignored) || ignored.size == 0
      || !iss_der_walk_expect (&tbs, TAG_SEQUENCE, &ignored)
      || !iss_der_walk_expect (&tbs, TAG_SEQUENCE, &parts->issuer)
      || !read_validity (&tbs, parts)
      || !iss_der_walk_expect (&tbs, TAG_SEQUENCE, &parts->subject)
      || !read_spki (&tbs, parts))
    return FALSE;

  /* The unique identifiers of both, which nobody uses. */
  (void) iss_der_walk_expect (&tbs, TAG_CONTEXT (1), &ignored);
  (void) iss_der_walk_expect (&tbs, TAG_CONTEXT (2), &ignored);

  if (iss_der_walk_expect (&tbs, TAG_CONTEXT_CONSTRUCTED (3), &ignored)
      && !read_extensions (ignored, parts))
    return FALSE;

  return tbs.size == 0;
}

static gboolean
read_certificate (IssDerWalk  whole,
                  Parts      *parts)
{
  IssDerWalk certificate;
  IssDerWalk tbs;
  IssDerWalk ignored;

  return iss_der_walk_expect (&whole, TAG_SEQUENCE, &certificate)
         && whole.size == 0
         && iss_der_walk_expect (&certificate, TAG_SEQUENCE, &tbs)
         && iss_der_walk_expect (&certificate, TAG_SEQUENCE, &ignored)
         && iss_der_walk_expect (&certificate, TAG_BIT_STRING, &ignored)
         && ignored.size > 0
         && certificate.size == 0
         && read_to_be_signed (tbs, parts);
}

/* A string whose bytes are not what its tag says is shown as the bytes it has:
 * a certificate with a spoilt name must still be seen to be deleted. */
static char *
dup_text (guint8            tag,
          const IssDerWalk *content)
{
  char *text = iss_der_walk_string (tag, content, MAX_NAME_CHARACTERS);

  if (text != NULL)
    return text;

  return iss_text_sanitise ((const char *) content->data, (gssize) content->size,
                            MAX_NAME_CHARACTERS);
}

/* The last common name is the most specific one; without any, the last attribute. */
static gboolean
read_name (IssDerWalk   name,
           char       **out_text)
{
  static const guint8 common_name[] = { 0x55, 0x04, 0x03 };
  IssDerWalk shown = { NULL, 0 };
  gboolean is_common_name = FALSE;
  guint8 shown_tag = 0;

  while (name.size > 0)
    {
      IssDerWalk set;

      if (!iss_der_walk_expect (&name, TAG_SET, &set) || set.size == 0)
        return FALSE;

      while (set.size > 0)
        {
          IssDerWalk attribute;
          IssDerWalk oid;
          IssDerWalk value;
          guint8 tag;

          if (!iss_der_walk_expect (&set, TAG_SEQUENCE, &attribute)
              || !iss_der_walk_expect (&attribute, TAG_OID, &oid)
              || !iss_der_walk_next (&attribute, &tag, &value)
              || attribute.size != 0)
            return FALSE;

          if (is_equal (&oid, common_name, sizeof common_name))
            is_common_name = TRUE;
          else if (is_common_name)
            continue;

          shown = value;
          shown_tag = tag;
        }
    }

  *out_text = shown.data != NULL ? dup_text (shown_tag, &shown) : g_strdup ("");

  return TRUE;
}

static gboolean
read_names (IssCertificateSummary *summary,
            const Parts           *parts)
{
  if (!read_name (parts->subject, &summary->issued_to)
      || !read_name (parts->issuer, &summary->issued_by))
    return FALSE;

  summary->is_self_issued = is_equal (&parts->subject, parts->issuer.data, parts->issuer.size);

  return TRUE;
}

static void
name (IssCertificateSummary *summary,
      const Parts           *parts)
{
  summary->issued_to = iss_certificate_name_take_subject (summary->issued_to,
                                                          parts->alternative_names,
                                                          summary->sha1);
  summary->issued_by = iss_certificate_name_take_issuer (summary->issued_by);
}

/* (nullable): %NULL if it cannot be read */
static char *
read_purposes (IssDerWalk value)
{
  g_autoptr(GString) purposes = g_string_new (NULL);
  IssDerWalk list;
  guint n = 0;

  if (!iss_der_walk_expect (&value, TAG_SEQUENCE, &list) || value.size != 0 || list.size == 0)
    return NULL;

  while (list.size > 0)
    {
      g_autofree char *purpose = NULL;
      IssDerWalk oid;

      if (++n > MAX_PURPOSES || !iss_der_walk_expect (&list, TAG_OID, &oid))
        return NULL;

      purpose = iss_der_walk_oid (&oid);
      if (purpose == NULL)
        return NULL;

      if (purposes->len > 0)
        g_string_append_c (purposes, ',');
      g_string_append (purposes, purpose);
    }

  return g_string_free (g_steal_pointer (&purposes), FALSE);
}

/* RFC 5280, 4.2.1.12: without the extension any purpose is allowed. A certificate whose purposes
 * nobody can read is on the disk none the less, and must be seen to be deleted. */
static char *
dup_purposes (const Parts *parts)
{
  char *purposes = NULL;

  if (parts->purposes.data == NULL)
    return g_strdup ("");

  if (!parts->has_purposes_twice)
    purposes = read_purposes (parts->purposes);

  return purposes != NULL ? purposes : g_strdup (ISS_CERTIFICATE_SUMMARY_UNREADABLE);
}

/* RFC 5280, 4.2.1.9: cA is FALSE unless it is said. */
static gboolean
read_is_ca (IssDerWalk value)
{
  IssDerWalk constraints;
  IssDerWalk is_ca;

  return iss_der_walk_expect (&value, TAG_SEQUENCE, &constraints)
         && value.size == 0
         && iss_der_walk_expect (&constraints, TAG_BOOLEAN, &is_ca)
         && is_ca.size == 1
         && is_ca.data[0] != 0;
}

/* 0 for a negative number, which no key has. */
static guint
count_bits (IssDerWalk integer)
{
  guint bits;

  if (integer.size == 0 || (integer.data[0] & 0x80) != 0)
    return 0;

  while (integer.size > 0 && integer.data[0] == 0)
    {
      integer.data++;
      integer.size--;
    }

  if (integer.size == 0)
    return 0;

  bits = (guint) (integer.size - 1) * 8;
  for (guint8 first = integer.data[0]; first != 0; first >>= 1)
    bits++;

  return bits;
}

/* RFC 8017, A.1.1: the modulus comes first in the key. */
static guint
read_rsa_bits (IssDerWalk key)
{
  IssDerWalk numbers;
  IssDerWalk modulus;
  IssDerWalk exponent;

  if (key.size < 1 || key.data[0] != 0)
    return 0;

  key.data++;
  key.size--;

  if (!iss_der_walk_expect (&key, TAG_SEQUENCE, &numbers) || key.size != 0
      || !iss_der_walk_expect (&numbers, TAG_INTEGER, &modulus)
      || !iss_der_walk_expect (&numbers, TAG_INTEGER, &exponent) || numbers.size != 0)
    return 0;

  return count_bits (modulus);
}

/* RFC 3279, 2.3.2: p comes first in the parameters. */
static guint
read_dsa_bits (IssDerWalk parameters)
{
  IssDerWalk numbers;
  IssDerWalk prime;

  if (!iss_der_walk_expect (&parameters, TAG_SEQUENCE, &numbers)
      || !iss_der_walk_expect (&numbers, TAG_INTEGER, &prime))
    return 0;

  return count_bits (prime);
}

/* RFC 5480, 2.1.1: a named curve, or parameters that nobody should use. */
static guint
read_curve_bits (IssDerWalk parameters)
{
  const Known *curve = NULL;
  IssDerWalk oid;

  if (iss_der_walk_expect (&parameters, TAG_OID, &oid))
    curve = find_known (curves, G_N_ELEMENTS (curves), &oid);

  return curve != NULL ? curve->bits : 0;
}

/* A key that is not understood has no known length; the certificate is none
 * the less one that can be listed and deleted. */
static gboolean
read_key (IssCertificateSummary *summary,
          const Parts           *parts)
{
  IssDerWalk parameters = parts->key_algorithm;
  const Known *algorithm;
  IssDerWalk oid;

  if (!iss_der_walk_expect (&parameters, TAG_OID, &oid))
    return FALSE;

  algorithm = find_known (algorithms, G_N_ELEMENTS (algorithms), &oid);
  if (algorithm == NULL)
    {
      summary->key_algorithm = iss_der_walk_oid (&oid);
      return summary->key_algorithm != NULL;
    }

  summary->key_algorithm = g_strdup (algorithm->name);

  if (algorithm->bits > 0)
    summary->key_bits = algorithm->bits;
  else if (g_str_equal (algorithm->name, "EC"))
    summary->key_bits = read_curve_bits (parameters);
  else if (g_str_equal (algorithm->name, "DSA"))
    summary->key_bits = read_dsa_bits (parameters);
  else
    summary->key_bits = read_rsa_bits (parts->key);

  return TRUE;
}

/* Fetched once: looking it up costs as much as the hashing. */
static const EVP_MD *
get_sha1 (void)
{
  static gsize md;

  if (g_once_init_enter (&md))
    g_once_init_leave (&md, (gsize) EVP_MD_fetch (NULL, "SHA1", NULL));

  return (const EVP_MD *) md;
}

static const EVP_MD *
get_sha256 (void)
{
  static gsize md;

  if (g_once_init_enter (&md))
    g_once_init_leave (&md, (gsize) EVP_MD_fetch (NULL, "SHA256", NULL));

  return (const EVP_MD *) md;
}

static gboolean
hash (IssCertificateSummary *summary,
      const IssDerWalk      *whole,
      const IssDerWalk      *spki)
{
  return EVP_Digest (whole->data, whole->size, summary->sha256, NULL, get_sha256 (), NULL) == 1
         && EVP_Digest (whole->data, whole->size, summary->sha1, NULL, get_sha1 (), NULL) == 1
         && EVP_Digest (spki->data, spki->size, summary->spki_sha256, NULL,
                        get_sha256 (), NULL) == 1;
}

/**
 * iss_certificate_summary_read:
 * @self: (out caller-allocates): what is read; untouched on failure
 * @der: one DER-encoded certificate, with nothing after it
 * @size: number of bytes
 * @error: return location for an error
 *
 * Reads what a list row needs. No signature is checked and no key is decoded;
 * what a row does not show may be nonsense. Where an #IssCertificate is made
 * of the same bytes, both say the same.
 *
 * Returns: whether it is a certificate; else %ISS_ERROR_MALFORMED, or
 *   %ISS_ERROR_TOO_LARGE over %ISS_CERTIFICATE_MAX_SIZE bytes
 */
gboolean
iss_certificate_summary_read (IssCertificateSummary  *self,
                              const guint8           *der,
                              gsize                   size,
                              GError                **error)
{
  g_auto(IssCertificateSummary) summary = { NULL };
  const IssDerWalk whole = { der, size };
  Parts parts = { { NULL, 0 } };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (der != NULL || size == 0, FALSE);

  if (size > ISS_CERTIFICATE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The certificate is larger than %d KiB"), ISS_CERTIFICATE_MAX_SIZE / 1024);
      return FALSE;
    }

  if (!read_certificate (whole, &parts)
      || !read_names (&summary, &parts)
      || !read_key (&summary, &parts))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("This is not a certificate, or it is damaged"));
      return FALSE;
    }

  summary.purposes = dup_purposes (&parts);
  summary.not_before = parts.not_before;
  summary.not_after = parts.not_after;
  summary.is_ca = read_is_ca (parts.constraints);

  if (!hash (&summary, &whole, &parts.spki))
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The thumbprint of a certificate cannot be computed"));
      return FALSE;
    }

  name (&summary, &parts);
  *self = summary;
  summary = (IssCertificateSummary) { NULL };

  return TRUE;
}

/**
 * iss_certificate_summary_clear:
 * @self: a summary that was read, or all zeros
 *
 * Frees what @self holds and leaves all zeros.
 */
void
iss_certificate_summary_clear (IssCertificateSummary *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->issued_to);
  g_free (self->issued_by);
  g_free (self->purposes);
  g_free (self->key_algorithm);
  *self = (IssCertificateSummary) { NULL };
}
