/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pkcs7-writer.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

static gboolean
fill (PKCS7     *pkcs7,
      GPtrArray *certificates)
{
  if (!PKCS7_set_type (pkcs7, NID_pkcs7_signed) || !PKCS7_content_new (pkcs7, NID_pkcs7_data))
    return FALSE;

  /* Nothing is signed: there is no content either. */
  PKCS7_set_detached (pkcs7, 1);

  for (guint i = 0; i < certificates->len; i++)
    {
      if (!PKCS7_add_certificate (pkcs7, iss_certificate_get_x509 (certificates->pdata[i])))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_pkcs7_writer_write:
 * @certificates: (element-type IssCertificate): at least one
 * @error: return location for an error
 *
 * Writes a .p7b file in DER: SignedData without content or signature
 * (RFC 2315 section 9.1, “degenerate case”).
 *
 * Returns: (transfer full): the file
 */
GBytes *
iss_pkcs7_writer_write (GPtrArray  *certificates,
                        GError    **error)
{
  g_autoptr(PKCS7) pkcs7 = PKCS7_new ();
  guint8 *encoded = NULL;
  GBytes *file;
  int size = -1;

  g_return_val_if_fail (certificates != NULL && certificates->len > 0, NULL);

  if (pkcs7 != NULL && fill (pkcs7, certificates))
    size = i2d_PKCS7 (pkcs7, &encoded);
  if (size <= 0)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The PKCS#7 file cannot be made"));
      return NULL;
    }

  ERR_clear_error ();
  file = g_bytes_new (encoded, (gsize) size);
  OPENSSL_free (encoded);
  return file;
}
