/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-fault.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1err.h>
#include <openssl/err.h>

/* (nullable): in words; what OpenSSL says of the rest can be read, or is no more than "damaged" */
static const char *
describe (int reason)
{
  switch (reason)
    {
    case ASN1_R_INVALID_UTF8STRING:
      return _("This is not a certificate: a text in it is not UTF-8, though it says so");

    case ASN1_R_MSTRING_NOT_UNIVERSAL:
    case ASN1_R_MSTRING_WRONG_TAG:
      return _("This is not a certificate: a name in it is not text of any kind that there is");

    case ASN1_R_WRONG_TAG:
      return _("This is not a certificate: a part of it is of another kind than certificates have "
               "there");

    case ASN1_R_TOO_LONG:
    case ASN1_R_HEADER_TOO_LONG:
    case ASN1_R_BAD_OBJECT_HEADER:
      return _("This is not a certificate, or it is cut short: a part of it ends after the file");

    default:
      return NULL;
    }
}

/**
 * iss_certificate_fault_take:
 * @error: return location for an error
 *
 * Sets @error to why OpenSSL could not decode a certificate, %ISS_ERROR_MALFORMED, and empties
 * this thread's OpenSSL queue.
 */
void
iss_certificate_fault_take (GError **error)
{
  unsigned long first = ERR_peek_error ();
  const char *text = ERR_GET_LIB (first) == ERR_LIB_ASN1 ? describe (ERR_GET_REASON (first)) : NULL;

  if (text == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED, _("This is not a certificate"));
      return;
    }

  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, text);
}

static gboolean
check_version (X509    *x509,
               GError **error)
{
  long version = X509_get_version (x509);

  if (version >= X509_VERSION_1 && version <= X509_VERSION_3)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("The certificate says that its version is %ld; there are 1, 2 and 3"),
               version == G_MAXLONG ? version : version + 1);
  return FALSE;
}

static gboolean
check_extensions (X509    *x509,
                  GError **error)
{
  g_autoptr(GHashTable) kinds = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                       (GDestroyNotify) g_bytes_unref, NULL);
  const int n = X509_get_ext_count (x509);

  for (int i = 0; i < n; i++)
    {
      const ASN1_OBJECT *kind = X509_EXTENSION_get_object (X509_get_ext (x509, i));
      char name[80];

      /* The object is @x509's, and stays as long as the table. */
      if (g_hash_table_add (kinds, g_bytes_new_static (OBJ_get0_data (kind), OBJ_length (kind))))
        continue;

      OBJ_obj2txt (name, sizeof name, kind, 0);
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The certificate has two extensions of one kind, %s, which may say different "
                     "things"), name);
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_certificate_fault_check:
 * @x509: what could be decoded
 * @error: return location for an error: %ISS_ERROR_MALFORMED
 *
 * OpenSSL decodes what no authority may issue and others refuse: versions that there are not
 * (RFC 5280 section 4.1.2.1), and an extension that is there twice (section 4.2).
 *
 * Returns: whether it is a certificate
 */
gboolean
iss_certificate_fault_check (X509    *x509,
                             GError **error)
{
  g_return_val_if_fail (x509 != NULL, FALSE);

  return check_version (x509, error) && check_extensions (x509, error);
}
