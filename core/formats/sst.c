/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/sst.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* All numbers are 32 bits, little-endian. First version 0 and "CERT", then elements: what it
 * is, how it is encoded, how long it is, and then its bytes. Properties come before the
 * certificate they belong to. The last is an element of zeros. */
#define HEADER_SIZE 8
#define ELEMENT_SIZE 12
#define MAGIC "CERT"

#define ID_END 0
#define ID_FRIENDLY_NAME 11   /* CERT_FRIENDLY_NAME_PROP_ID: UTF-16LE with a final zero */
#define ID_CERTIFICATE 32
#define ID_CRL 33
#define ID_CTL 34

#define ENCODING_X509 1

#define MAX_CERTIFICATES 10000
#define MAX_ELEMENTS 200000
#define MAX_FRIENDLY_NAME 256   /* characters */

typedef struct
{
  const guint8 *at;
  gsize         left;
} Reader;

typedef struct
{
  guint32       id;
  const guint8 *data;
  gsize         size;
} Element;

static guint32
take_number (Reader *self)
{
  guint32 number;

  memcpy (&number, self->at, sizeof number);
  self->at += sizeof number;
  self->left -= sizeof number;

  return GUINT32_FROM_LE (number);
}

static gboolean
take_element (Reader   *self,
              Element  *out_element,
              GError  **error)
{
  guint32 encoding, size;

  if (self->left < ELEMENT_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The serialized store is cut short"));
      return FALSE;
    }

  out_element->id = take_number (self);
  encoding = take_number (self);
  size = take_number (self);

  if (size > self->left)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The serialized store is cut short"));
      return FALSE;
    }

  if (out_element->id == ID_CERTIFICATE && (encoding & ENCODING_X509) == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("A certificate in the serialized store is encoded in a way (%u) that is not "
                     "supported"), encoding);
      return FALSE;
    }

  out_element->data = self->at;
  out_element->size = size;
  self->at += size;
  self->left -= size;

  return TRUE;
}

/* What is no name is left out: nobody vouches for it. */
static char *
dup_friendly_name (const Element *element)
{
  g_autofree gunichar2 *units = NULL;
  g_autofree char *text = NULL;
  glong n = (glong) (element->size / 2);

  if (n == 0 || n > 2 * MAX_FRIENDLY_NAME)
    return NULL;

  units = g_new0 (gunichar2, n);
  memcpy (units, element->data, (gsize) n * 2);
  for (glong i = 0; i < n; i++)
    units[i] = GUINT16_FROM_LE (units[i]);

  text = g_utf16_to_utf8 (units, n, NULL, NULL, NULL);
  if (text == NULL || *text == '\0')
    return NULL;

  return iss_text_sanitise (text, -1, MAX_FRIENDLY_NAME);
}

static void
add_number (GByteArray *file,
            guint32     number)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (file, (const guint8 *) &little, sizeof little);
}

static void
add_element (GByteArray    *file,
             guint32        id,
             const guint8  *data,
             gsize          size)
{
  add_number (file, id);
  add_number (file, ENCODING_X509);
  add_number (file, (guint32) size);
  g_byte_array_append (file, data, (guint) size);
}

static void
add_friendly_name (GByteArray *file,
                   const char *name)
{
  glong n;
  g_autofree gunichar2 *units = g_utf8_to_utf16 (name, -1, NULL, &n, NULL);

  if (units == NULL)
    return;

  for (glong i = 0; i < n; i++)
    units[i] = GUINT16_TO_LE (units[i]);

  add_element (file, ID_FRIENDLY_NAME, (const guint8 *) units, (gsize) (n + 1) * 2);
}

/**
 * iss_sst_looks_like:
 * @data: some bytes
 * @size: how many
 *
 * Returns: whether they begin like a serialized store
 */
gboolean
iss_sst_looks_like (const guint8 *data,
                    gsize         size)
{
  static const guint8 header[HEADER_SIZE] = { 0, 0, 0, 0, 'C', 'E', 'R', 'T' };

  return size >= HEADER_SIZE && memcmp (data, header, HEADER_SIZE) == 0;
}

/**
 * iss_sst_read_certificates:
 * @data: a serialized store
 * @size: its size
 * @bundle: where the certificates go, with their friendly names
 * @error: return location for an error
 *
 * Other properties, revocation and trust lists are passed over.
 *
 * Returns: whether there were certificates; if not, @bundle may have changed
 */
gboolean
iss_sst_read_certificates (const guint8  *data,
                           gsize          size,
                           IssBundle     *bundle,
                           GError       **error)
{
  Reader reader = { data, size };
  g_autofree char *friendly_name = NULL;
  guint n_certificates = 0;
  guint n = 0;

  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), FALSE);

  if (!iss_sst_looks_like (data, size))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("This is not a serialized store"));
      return FALSE;
    }

  reader.at += HEADER_SIZE;
  reader.left -= HEADER_SIZE;

  for (;;)
    {
      Element element;

      if (!take_element (&reader, &element, error))
        return FALSE;

      if (element.id == ID_END)
        break;

      if (++n > MAX_ELEMENTS)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The serialized store has more than %d parts"), MAX_ELEMENTS);
          return FALSE;
        }

      if (element.id == ID_FRIENDLY_NAME)
        {
          g_free (friendly_name);
          friendly_name = dup_friendly_name (&element);
        }
      else if (element.id == ID_CERTIFICATE)
        {
          g_autoptr(GBytes) der = g_bytes_new (element.data, element.size);
          g_autoptr(IssCertificate) certificate = NULL;

          if (++n_certificates > MAX_CERTIFICATES)
            {
              g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                           _("The file holds more than %d certificates"), MAX_CERTIFICATES);
              return FALSE;
            }

          certificate = iss_certificate_new_from_der (der, error);
          if (certificate == NULL)
            {
              g_prefix_error (error, _("Certificate %d: "), (int) n_certificates);
              return FALSE;
            }

          iss_bundle_add_certificate (bundle, certificate, friendly_name);
          g_clear_pointer (&friendly_name, g_free);
        }
      else if (element.id == ID_CRL || element.id == ID_CTL)
        {
          g_clear_pointer (&friendly_name, g_free);
        }
    }

  if (reader.left > 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("There is data after the end of the serialized store"));
      return FALSE;
    }

  if (n_certificates == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("There is no certificate in this file"));
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_sst_write:
 * @bundle: at least one certificate; private keys are left out
 * @error: return location for an error: %ISS_ERROR_TOO_LARGE
 *
 * Writes a serialized store: every certificate, and its friendly name before it.
 *
 * Returns: (transfer full): the file
 */
GBytes *
iss_sst_write (IssBundle  *bundle,
               GError    **error)
{
  g_autoptr(GByteArray) file = g_byte_array_new ();
  guint n;

  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), NULL);
  g_return_val_if_fail (iss_bundle_get_n_certificates (bundle) > 0, NULL);

  n = iss_bundle_get_n_certificates (bundle);
  add_number (file, 0);
  g_byte_array_append (file, (const guint8 *) MAGIC, 4);

  for (guint i = 0; i < n && file->len <= ISS_CERTIFICATE_FILE_MAX_SIZE; i++)
    {
      GBytes *der = iss_certificate_get_der (iss_bundle_get_certificate (bundle, i));
      const char *name = iss_bundle_get_friendly_name (bundle, i);
      gsize size;
      const guint8 *data = g_bytes_get_data (der, &size);

      if (name != NULL)
        add_friendly_name (file, name);
      add_element (file, ID_CERTIFICATE, data, size);
    }

  add_number (file, ID_END);
  add_number (file, 0);
  add_number (file, 0);

  if (file->len > ISS_CERTIFICATE_FILE_MAX_SIZE || n > MAX_CERTIFICATES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("A serialized store would be larger than %d MiB"),
                   ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}
