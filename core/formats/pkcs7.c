/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pkcs7.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <string.h>

#define MAX_CERTIFICATES 10000

/* 1.2.840.113549.1.7: PKCS#7 */
static const guint8 arc[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07 };

/**
 * iss_pkcs7_looks_like:
 * @data: some bytes
 * @size: how many
 *
 * Returns: whether they begin like PKCS#7 in DER or BER
 */
gboolean
iss_pkcs7_looks_like (const guint8 *data,
                      gsize         size)
{
  const guint8 *at = data;
  long length;
  int tag, xclass;

  if (size < 20 || data[0] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return FALSE;

  /* A length that goes beyond the end is somebody else's matter. */
  ASN1_get_object (&at, &length, &tag, &xclass, (long) size);
  ERR_clear_error ();

  return at > data && (gsize) (data + size - at) > sizeof arc + 2 &&
         at[0] == V_ASN1_OBJECT && at[1] == sizeof arc + 1 &&
         memcmp (at + 2, arc, sizeof arc) == 0;
}

/**
 * iss_pkcs7_read_certificates:
 * @data: PKCS#7
 * @size: its size
 * @bundle: where the certificates go
 * @error: return location for an error
 *
 * Returns: whether there were certificates; if not, @bundle may have changed
 */
gboolean
iss_pkcs7_read_certificates (const guint8  *data,
                             gsize          size,
                             IssBundle     *bundle,
                             GError       **error)
{
  g_autoptr(PKCS7) pkcs7 = NULL;
  const guint8 *end = data;
  STACK_OF(X509) *certificates;

  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), FALSE);

  pkcs7 = d2i_PKCS7 (NULL, &end, (long) size);
  if (pkcs7 == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED, _("The PKCS#7 file is damaged"));
      return FALSE;
    }

  if (end != data + size)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("There is data after the end of the PKCS#7 file"));
      return FALSE;
    }

  if (!PKCS7_type_is_signed (pkcs7))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("This PKCS#7 file does not hold certificates but an encrypted or "
                             "plain message"));
      return FALSE;
    }

  /* The content of a ContentInfo is optional (RFC 2315 section 7). */
  certificates = pkcs7->d.sign != NULL ? pkcs7->d.sign->cert : NULL;
  if (sk_X509_num (certificates) <= 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("There is no certificate in this file"));
      return FALSE;
    }

  if (sk_X509_num (certificates) > MAX_CERTIFICATES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The file holds more than %d certificates"), MAX_CERTIFICATES);
      return FALSE;
    }

  for (int i = 0; i < sk_X509_num (certificates); i++)
    {
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GBytes) der = NULL;
      guint8 *encoded = NULL;
      int encoded_size = i2d_X509 (sk_X509_value (certificates, i), &encoded);

      if (encoded_size < 0)
        {
          iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED, _("A certificate is damaged"));
          return FALSE;
        }

      der = g_bytes_new (encoded, (gsize) encoded_size);
      OPENSSL_free (encoded);

      certificate = iss_certificate_new_from_der (der, error);
      if (certificate == NULL)
        {
          g_prefix_error (error, _("Certificate %d: "), i + 1);
          return FALSE;
        }

      iss_bundle_add_certificate (bundle, certificate, NULL);
    }

  return TRUE;
}
