/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pem.h"

#include "core/base/error.h"
#include "core/formats/certificate-file.h"
#include "core/formats/pem-key.h"
#include "core/formats/pkcs7.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#define MAX_BLOCKS 10000
#define MAX_KEYS 64

/* What is being read. */
typedef struct
{
  IssBundle  *bundle;         /* borrowed */
  IssSecret  *password;       /* borrowed */
  IssPfxCost  cost;
  guint       n_blocks;
  guint       n_keys;
  gboolean    has_rubbish;
  gboolean    has_request;
  gboolean    has_crl;
} PemReader;

static gboolean
is_certificate (const IssPemBlock *block)
{
  return iss_pem_block_is (block, "CERTIFICATE") ||
         iss_pem_block_is (block, "X509 CERTIFICATE") ||
         iss_pem_block_is (block, "TRUSTED CERTIFICATE");
}

/* OpenSSL's TRUSTED CERTIFICATE is a certificate and then what it is trusted for:
 * only the first is anything to us. */
static GBytes *
without_trust (GBytes *der)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  const guint8 *at = data;
  long length;
  int tag, xclass;

  if (ASN1_get_object (&at, &length, &tag, &xclass, (long) size) != V_ASN1_CONSTRUCTED)
    {
      ERR_clear_error ();
      return g_bytes_ref (der);
    }

  return g_bytes_new_from_bytes (der, 0, (gsize) (at - data) + (gsize) length);
}

static gboolean
read_certificate (PemReader          *self,
                  const IssPemBlock  *block,
                  GError            **error)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) content = iss_pem_block_dup_bytes (block);

  if (content == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("It is not base64"));
      return FALSE;
    }

  if (iss_pem_block_is (block, "TRUSTED CERTIFICATE"))
    {
      GBytes *shorter = without_trust (content);

      g_bytes_unref (content);
      content = shorter;
    }

  certificate = iss_certificate_new_from_der (content, error);
  if (certificate == NULL)
    return FALSE;

  iss_bundle_add_certificate (self->bundle, certificate, NULL);

  return TRUE;
}

/* Some text, under the label of a private key: not even damaged, just text. What the old
 * way has encrypted may begin with anything. */
static gboolean
is_rubbish (const IssPemBlock *block)
{
  g_autoptr(IssSecret) content = NULL;
  g_autofree char *type = iss_pem_block_dup_header (block, "Proc-Type");
  const guint8 *data;
  gsize size;

  if (type != NULL)
    return FALSE;

  content = iss_pem_block_dup_secret (block);
  if (content == NULL)
    return FALSE;

  data = iss_secret_get_data (content, &size);

  return size > 0 && data[0] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED);
}

static gboolean
read_key (PemReader          *self,
          const IssPemBlock  *block,
          GError            **error)
{
  g_autoptr(IssPrivateKey) key = NULL;

  if (++self->n_keys > MAX_KEYS)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The file holds more than %d private keys"), MAX_KEYS);
      return FALSE;
    }

  if (is_rubbish (block))
    {
      self->has_rubbish = TRUE;
      return TRUE;
    }

  key = iss_pem_key_read (block, self->password, &self->cost, error);
  if (key == NULL)
    return FALSE;

  iss_bundle_add_key (self->bundle, key);

  return TRUE;
}

static gboolean
read_pkcs7 (PemReader          *self,
            const IssPemBlock  *block,
            GError            **error)
{
  g_autoptr(GBytes) content = iss_pem_block_dup_bytes (block);
  const guint8 *data;
  gsize size;

  if (content == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("It is not base64"));
      return FALSE;
    }

  data = g_bytes_get_data (content, &size);

  return iss_pkcs7_read_certificates (data, size, self->bundle, error);
}

static gboolean
read_block (PemReader          *self,
            const IssPemBlock  *block,
            GError            **error)
{
  if (is_certificate (block))
    return read_certificate (self, block, error);

  if (iss_pem_key_is (block))
    return read_key (self, block, error);

  if (iss_pem_block_is (block, "PKCS7") || iss_pem_block_is (block, "CMS"))
    return read_pkcs7 (self, block, error);

  if (iss_pem_block_is (block, "CERTIFICATE REQUEST") ||
      iss_pem_block_is (block, "NEW CERTIFICATE REQUEST"))
    self->has_request = TRUE;

  if (iss_pem_block_is (block, "X509 CRL"))
    self->has_crl = TRUE;

  /* EC PARAMETERS and whatever else: nothing that is looked for. */
  return TRUE;
}

/* A sentence for the file in which nothing was found. */
static const char *
describe_nothing (const PemReader *self)
{
  if (self->has_request)
    return _("This file holds a certificate request, not a certificate");

  if (self->has_crl)
    return _("This file holds a certificate revocation list, not a certificate");

  if (self->has_rubbish)
    return _("What is called a private key in this file is none, and there is no certificate in "
             "it");

  return _("There is no certificate in this file");
}

static gboolean
read_blocks (PemReader   *self,
             const char  *text,
             gsize        size,
             GError     **error)
{
  for (;;)
    {
      IssPemBlock block;
      IssPemBlockResult result = iss_pem_block_next (&text, &size, &block);

      if (result == ISS_PEM_BLOCK_NONE)
        return TRUE;

      if (++self->n_blocks > MAX_BLOCKS)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The file has more than %d blocks"), MAX_BLOCKS);
          return FALSE;
        }

      if (result == ISS_PEM_BLOCK_TORN)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       /* Translators: %u counts the blocks of a PEM file from 1 */
                       _("Block %u of the file is torn: its end is missing"), self->n_blocks);
          return FALSE;
        }

      if (!read_block (self, &block, error))
        {
          /* What is said about a password stands by itself. */
          if (error != NULL && !g_error_matches (*error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
            g_prefix_error (error, _("Block %u of the file: "), self->n_blocks);
          return FALSE;
        }
    }
}

/**
 * iss_pem_looks_like:
 * @bytes: a file
 *
 * Returns: whether a block of PEM begins in it
 */
gboolean
iss_pem_looks_like (GBytes *bytes)
{
  IssPemBlock block;
  gsize size;
  const char *text;

  g_return_val_if_fail (bytes != NULL, FALSE);

  text = g_bytes_get_data (bytes, &size);
  if (text == NULL)
    return FALSE;

  return iss_pem_block_next (&text, &size, &block) != ISS_PEM_BLOCK_NONE;
}

/**
 * iss_pem_has_encrypted_key:
 * @bytes: a file
 *
 * Derives nothing.
 *
 * Returns: whether a private key in it needs a password
 */
gboolean
iss_pem_has_encrypted_key (GBytes *bytes)
{
  IssPemBlock block;
  gsize size;
  const char *text;

  g_return_val_if_fail (bytes != NULL, FALSE);

  text = g_bytes_get_data (bytes, &size);
  if (text == NULL)
    return FALSE;

  while (iss_pem_block_next (&text, &size, &block) == ISS_PEM_BLOCK_FOUND)
    {
      if (iss_pem_key_is_encrypted (&block))
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_pem_read:
 * @bytes: a file
 * @password: (nullable): for encrypted private keys
 * @error: return location for an error
 *
 * Reads every certificate, private key and PKCS#7 block. Blocks of other kinds
 * are passed over; a torn block or one that does not hold what its label says is
 * %ISS_ERROR_MALFORMED with its number, and so is a file without any.
 *
 * Returns: (transfer full): what is in it, at least one certificate or private key
 */
IssBundle *
iss_pem_read (GBytes     *bytes,
              IssSecret  *password,
              GError    **error)
{
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) local_error = NULL;
  PemReader reader = { NULL };
  const char *text;
  gsize size;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &size);

  if (size > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("The file is larger than %d MiB"),
                   ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  bundle = iss_bundle_new (ISS_FORMAT_PEM, ISS_INTEGRITY_NONE);
  reader.bundle = bundle;
  reader.password = password;

  if (size > 0 && !read_blocks (&reader, text, size, &local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (iss_bundle_get_n_certificates (bundle) == 0 && iss_bundle_get_n_keys (bundle) == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, describe_nothing (&reader));
      return NULL;
    }

  return g_steal_pointer (&bundle);
}

/**
 * iss_pem_first_certificate:
 * @text: PEM text, as a store keeps it
 * @size: its size
 *
 * Finds and decodes the first certificate without looking into it: for lists of
 * many thousands.
 *
 * Returns: (transfer full) (nullable): its DER, or %NULL if there is none or it is torn
 */
GBytes *
iss_pem_first_certificate (const char *text,
                           gsize       size)
{
  IssPemBlock block;

  g_return_val_if_fail (text != NULL || size == 0, NULL);

  if (size == 0)
    return NULL;

  while (iss_pem_block_next (&text, &size, &block) == ISS_PEM_BLOCK_FOUND)
    {
      if (iss_pem_block_is (&block, "CERTIFICATE") || iss_pem_block_is (&block, "X509 CERTIFICATE"))
        return iss_pem_block_dup_bytes (&block);
    }

  return NULL;
}
