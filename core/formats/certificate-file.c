/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/certificate-file.h"

#include "core/base/error.h"
#include "core/formats/pem.h"
#include "core/formats/pfx-cipher.h"
#include "core/formats/pfx.h"
#include "core/formats/pkcs7.h"
#include "core/formats/sst.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

#define MAX_MAIL_HEADER (64 * 1024)

struct _IssCertificateFileHold
{
  IssPfxCipher *cipher;
};

/* The next element of @at, which may be cut short: sniffing looks at beginnings. */
static gboolean
enter (const guint8 **at,
       const guint8  *end,
       int           *out_tag,
       int           *out_class)
{
  const guint8 *before = *at;
  long length;

  if (before >= end)
    return FALSE;

  ASN1_get_object (at, &length, out_tag, out_class, (long) (end - before));
  ERR_clear_error ();

  return *at > before && *at < end;
}

/* Certificate, request and CRL all begin with two sequences; the next element
 * tells them apart (RFC 5280 section 4.1, RFC 2986 section 4, RFC 5280 section 5.1). */
static gboolean
looks_like_der (const guint8 *data,
                gsize         size)
{
  const guint8 *at = data;
  const guint8 *end = data + size;
  int tag, xclass;

  if (size < 16 || data[0] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED) ||
      !enter (&at, end, &tag, &xclass) ||
      *at != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return FALSE;

  return TRUE;
}

/* An algorithm of PKCS#5 or PKCS#12. */
static gboolean
is_password_based (const guint8 *at,
                   const guint8 *end)
{
  static const guint8 arc[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01 };

  return (gsize) (end - at) > sizeof arc + 3 && at[0] == V_ASN1_OBJECT &&
         memcmp (at + 2, arc, sizeof arc) == 0 &&
         (at[2 + sizeof arc] == 5 || at[2 + sizeof arc] == 12);
}

/* @at is where a certificate has its version. A list of requests: each begins with the one that is
 * asked for, and that with an algorithm (RFC 6960 section 4.1.1). */
static gboolean
is_ocsp_request (const guint8 *at,
                 const guint8 *end)
{
  int tag, xclass;

  for (guint i = 0; i < 3; i++)
    {
      if (*at != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED) || !enter (&at, end, &tag, &xclass))
        return FALSE;
    }

  return *at == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED);
}

/* What a mail program has saved (RFC 2045 section 4). */
static gboolean
is_mail (const guint8 *data,
         gsize         size)
{
  static const char field[] = "\nMIME-Version:";
  const gsize length = strlen (field);

  return (size >= length && memcmp (data, field + 1, length - 1) == 0) ||
         memmem (data, MIN (size, MAX_MAIL_HEADER), field, length) != NULL;
}

/* A DER file that is not a certificate, said by name if it can be. */
static const char *
describe_other (const guint8 *data,
                gsize         size)
{
  const guint8 *at = data;
  const guint8 *end = data + size;
  int tag, xclass;

  if (!enter (&at, end, &tag, &xclass) || tag != V_ASN1_SEQUENCE)
    return NULL;

  /* Version 0 or 1 and then an algorithm, a number, or octets: PKCS#8 (RFC 5958), RSA's own form
   * (RFC 8017 appendix A.1.2), or that of elliptic curves (RFC 5915). */
  if (at + 3 < end && at[0] == V_ASN1_INTEGER && at[1] == 1 && at[2] <= 1)
    return _("This file holds a private key without its certificate");

  /* RFC 6960 section 4.2.1 */
  if (at + 2 < end && at[0] == V_ASN1_ENUMERATED && at[1] == 1)
    return _("This file holds an OCSP response, not a certificate");

  if (at + 4 < end && memcmp (at, "\xa0\x03\x02\x01\x02", 5) == 0)
    return _("This file holds the inner part of a certificate, without the signature");

  if (!enter (&at, end, &tag, &xclass) || tag != V_ASN1_SEQUENCE)
    return NULL;

  if (is_ocsp_request (at, end))
    return _("This file holds an OCSP request, not a certificate");

  if (is_password_based (at, end))
    return _("This file holds an encrypted private key without its certificate");

  if (at + 3 < end && at[0] == V_ASN1_INTEGER && at[1] == 1 && at[2] == 0 &&
      at[3] == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return _("This file holds a certificate request, not a certificate");

  if (at + 3 < end && at[0] == V_ASN1_INTEGER && at[1] == 1 && at[2] == 1 &&
      at[3] == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return _("This file holds a certificate revocation list, not a certificate");

  return NULL;
}

static IssBundle *
read_der (GBytes  *bytes,
          GError **error)
{
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const char *other;

  /* First of all: the serial number of version 1 looks like the version of the others. */
  certificate = iss_certificate_new_from_der (bytes, &local_error);
  if (certificate == NULL)
    {
      other = describe_other (data, size);
      if (other != NULL)
        g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, other);
      else
        g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  bundle = iss_bundle_new (ISS_FORMAT_DER, ISS_INTEGRITY_NONE);
  iss_bundle_add_certificate (bundle, certificate, NULL);

  return g_steal_pointer (&bundle);
}

static IssBundle *
read_pkcs7 (GBytes  *bytes,
            GError **error)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!iss_pkcs7_read_certificates (data, size, bundle, error))
    return NULL;

  return g_steal_pointer (&bundle);
}

static IssBundle *
read_sst (GBytes  *bytes,
          GError **error)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!iss_sst_read_certificates (data, size, bundle, error))
    return NULL;

  return g_steal_pointer (&bundle);
}

static IssBundle *
refuse_unknown (GBytes  *bytes,
                GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const char *other = describe_other (data, size);

  if (other == NULL && is_mail (data, size))
    other = _("This file holds a mail message: save what is attached to it, and open that");
  if (other == NULL)
    other = _("This is not a certificate, PFX, PEM, PKCS#7 or SST file");

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, other);

  return NULL;
}

/**
 * iss_certificate_file_hold:
 * @error: return location for an error
 *
 * Loads what reading files takes from the disk: OpenSSL's configuration and its modules, the
 * legacy one among them where it is installed. While the hold lasts, files can be read by a
 * process that has given up the disk.
 *
 * Returns: (transfer full): the hold, or %NULL with @error set
 */
IssCertificateFileHold *
iss_certificate_file_hold (GError **error)
{
  g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (error);
  IssCertificateFileHold *self;
  guint8 byte;

  if (cipher == NULL)
    return NULL;

  /* The library context of everything else, its configuration, and its random numbers. */
  if (RAND_bytes (&byte, sizeof byte) != 1)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("OpenSSL cannot be used"));
      return NULL;
    }

  self = g_new0 (IssCertificateFileHold, 1);
  self->cipher = g_steal_pointer (&cipher);

  return self;
}

/**
 * iss_certificate_file_release:
 * @hold: (transfer full): a hold
 *
 * Gives it up.
 */
void
iss_certificate_file_release (IssCertificateFileHold *hold)
{
  g_return_if_fail (hold != NULL);

  iss_pfx_cipher_free (hold->cipher);
  g_free (hold);
}

/**
 * iss_certificate_file_sniff:
 * @bytes: a file
 *
 * Looks at how the content begins; the name of the file says nothing.
 *
 * Returns: what the file most likely is
 */
IssFormat
iss_certificate_file_sniff (GBytes *bytes)
{
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL, ISS_FORMAT_UNKNOWN);

  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    return ISS_FORMAT_UNKNOWN;

  if (iss_pfx_looks_like (bytes))
    return ISS_FORMAT_PFX;

  if (iss_pkcs7_looks_like (data, size))
    return ISS_FORMAT_PKCS7;

  if (iss_sst_looks_like (data, size))
    return ISS_FORMAT_SST;

  if (looks_like_der (data, size))
    return ISS_FORMAT_DER;

  if (iss_pem_looks_like (bytes))
    return ISS_FORMAT_PEM;

  return ISS_FORMAT_UNKNOWN;
}

/**
 * iss_certificate_file_needs_password:
 * @bytes: a file
 *
 * Cheap: nothing is derived. Some PFX files can be opened without a password all
 * the same; that is only known by trying.
 *
 * Returns: whether a password should be asked for
 */
gboolean
iss_certificate_file_needs_password (GBytes *bytes)
{
  g_return_val_if_fail (bytes != NULL, FALSE);

  switch (iss_certificate_file_sniff (bytes))
    {
    case ISS_FORMAT_PFX:
      return TRUE;

    case ISS_FORMAT_PEM:
      return iss_pem_has_encrypted_key (bytes);

    case ISS_FORMAT_UNKNOWN:
    case ISS_FORMAT_DER:
    case ISS_FORMAT_PKCS7:
    case ISS_FORMAT_SST:
      break;
    }

  return FALSE;
}

/**
 * iss_certificate_file_read:
 * @bytes: a file of any format
 * @password: (nullable): the password, for formats that have one
 * @error: return location for an error
 *
 * Reads the whole file or nothing. The errors name the one true cause and never
 * hold the password. On a server it is called in a process that has nothing to lose:
 * iss_parser_client_read().
 *
 * Returns: (transfer full): what is in it, at least one certificate or private key
 */
IssBundle *
iss_certificate_file_read (GBytes     *bytes,
                           IssSecret  *password,
                           GError    **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  if (g_bytes_get_size (bytes) == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("The file is empty"));
      return NULL;
    }

  if (g_bytes_get_size (bytes) > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("The file is larger than %d MiB"),
                   ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  switch (iss_certificate_file_sniff (bytes))
    {
    case ISS_FORMAT_PFX:
      return iss_pfx_read (bytes, password, error);

    case ISS_FORMAT_PEM:
      return iss_pem_read (bytes, password, error);

    case ISS_FORMAT_DER:
      return read_der (bytes, error);

    case ISS_FORMAT_PKCS7:
      return read_pkcs7 (bytes, error);

    case ISS_FORMAT_SST:
      return read_sst (bytes, error);

    case ISS_FORMAT_UNKNOWN:
      break;
    }

  return refuse_unknown (bytes, error);
}
