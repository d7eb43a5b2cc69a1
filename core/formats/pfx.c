/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1.h>
#include <openssl/err.h>

/**
 * iss_pfx_looks_like:
 * @bytes: a file
 *
 * Returns: whether it begins like PKCS#12 (RFC 7292 section 4): version 3 and
 *   then a sequence
 */
gboolean
iss_pfx_looks_like (GBytes *bytes)
{
  gsize size;
  const guint8 *data;
  const guint8 *at;
  long length;
  int tag, xclass;

  g_return_val_if_fail (bytes != NULL, FALSE);

  data = at = g_bytes_get_data (bytes, &size);
  if (size < 16 || data[0] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return FALSE;

  ASN1_get_object (&at, &length, &tag, &xclass, (long) size);
  ERR_clear_error ();

  return at > data && data + size - at > 4 &&
         at[0] == V_ASN1_INTEGER && at[1] == 1 && at[2] == 3 &&
         at[3] == (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED);
}

/* Stub: the walk follows. */
IssBundle *
iss_pfx_read (GBytes     *bytes,
              IssSecret  *password,
              GError    **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED, _("PFX files cannot be read yet"));

  return NULL;
}
