/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-wire.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* Numbers are 32 bits, big end first. An answer is
 *   magic, size of the rest
 * and then
 *   0, code, message                                   or
 *   1, format, integrity,
 *      number of certificates, (DER, friendly name)…,
 *      number of keys, (PKCS#8)…           or
 *   2
 * where DER, PKCS#8 and text are a length and so many bytes. Nothing follows. */

#define MAGIC 0x49535031u   /* "ISP1" */
#define FAILURE 0
#define BUNDLE 1
#define SOUND 2

/* The codes about files and messages. The others are about connections and stores: they are not
 * for what was read to say. */
#define LAST_CODE ISS_ERROR_REFUSED

#define MAX_MESSAGE 1024
#define MAX_NAME 256
#define MAX_CERTIFICATES 10000
#define MAX_KEYS 256

/* Counts when there is nowhere to write yet. */
typedef struct
{
  guint8 *at;     /* (nullable) */
  gsize   size;
} Writer;

typedef struct
{
  const guint8 *at;
  gsize         left;
} Reader;

static void
write_number (Writer  *writer,
              guint32  number)
{
  const guint32 big = GUINT32_TO_BE (number);

  if (writer->at != NULL)
    memcpy (writer->at + writer->size, &big, sizeof big);
  writer->size += sizeof big;
}

static void
write_bytes (Writer        *writer,
             gconstpointer  data,
             gsize          size)
{
  write_number (writer, (guint32) size);
  if (writer->at != NULL && size > 0)
    memcpy (writer->at + writer->size, data, size);
  writer->size += size;
}

static void
write_failure (Writer       *writer,
               const GError *failure)
{
  guint32 code = ISS_ERROR_FAILED;

  if (failure->domain == ISS_ERROR && failure->code <= LAST_CODE)
    code = (guint32) failure->code;

  write_number (writer, FAILURE);
  write_number (writer, code);
  write_bytes (writer, failure->message, strlen (failure->message));
}

static void
write_bundle (Writer    *writer,
              IssBundle *bundle,
              GPtrArray *keys)
{
  guint n_certificates = iss_bundle_get_n_certificates (bundle);

  write_number (writer, BUNDLE);
  write_number (writer, (guint32) iss_bundle_get_format (bundle));
  write_number (writer, (guint32) iss_bundle_get_integrity (bundle));

  write_number (writer, n_certificates);
  for (guint i = 0; i < n_certificates; i++)
    {
      GBytes *der = iss_certificate_get_der (iss_bundle_get_certificate (bundle, i));
      const char *name = iss_bundle_get_friendly_name (bundle, i);
      gsize size;
      gconstpointer data = g_bytes_get_data (der, &size);

      write_bytes (writer, data, size);
      write_bytes (writer, name, name != NULL ? strlen (name) : 0);
    }

  write_number (writer, keys->len);
  for (guint i = 0; i < keys->len; i++)
    {
      gsize size;
      gconstpointer data = iss_secret_get_data (keys->pdata[i], &size);

      write_bytes (writer, data, size);
    }
}

static GPtrArray *
dup_keys (IssBundle  *bundle,
          GError    **error)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_secret_unref);

  for (guint i = 0; i < iss_bundle_get_n_keys (bundle); i++)
    {
      IssSecret *pkcs8 = iss_private_key_dup_pkcs8 (iss_bundle_get_key (bundle, i), error);

      if (pkcs8 == NULL)
        return NULL;

      g_ptr_array_add (keys, pkcs8);
    }

  return g_steal_pointer (&keys);
}

static void
write_answer (Writer       *writer,
              IssBundle    *bundle,
              GPtrArray    *keys,
              const GError *failure)
{
  if (failure != NULL)
    write_failure (writer, failure);
  else
    write_bundle (writer, bundle, keys);
}

/**
 * iss_parser_wire_pack:
 * @bundle: (nullable): what is in the file
 * @failure: (nullable): or why it cannot be read
 *
 * Returns: (transfer full): the answer, in locked memory from the first byte on
 */
IssSecret *
iss_parser_wire_pack (IssBundle    *bundle,
                      const GError *failure)
{
  g_autoptr(GPtrArray) keys = NULL;
  g_autoptr(GError) own_failure = NULL;
  Writer measure = { NULL, 0 };
  Writer writer = { NULL, 0 };
  IssSecret *answer;
  gpointer data;

  g_return_val_if_fail ((bundle != NULL) != (failure != NULL), NULL);

  if (failure == NULL)
    {
      keys = dup_keys (bundle, &own_failure);
      failure = own_failure;
    }

  write_answer (&measure, bundle, keys, failure);
  answer = iss_secret_new_sized (ISS_PARSER_WIRE_HEADER_SIZE + measure.size, &data);
  writer.at = data;
  write_number (&writer, MAGIC);
  write_number (&writer, (guint32) measure.size);
  write_answer (&writer, bundle, keys, failure);

  return answer;
}

/**
 * iss_parser_wire_pack_sound:
 *
 * Returns: (transfer full): the answer when there was nothing to be read out of a message: it can
 *   be decoded
 */
IssSecret *
iss_parser_wire_pack_sound (void)
{
  gpointer data;
  IssSecret *answer = iss_secret_new_sized (ISS_PARSER_WIRE_HEADER_SIZE + sizeof (guint32), &data);
  Writer writer = { data, 0 };

  write_number (&writer, MAGIC);
  write_number (&writer, sizeof (guint32));
  write_number (&writer, SOUND);

  return answer;
}

static gboolean
read_number (Reader  *reader,
             guint32  max,
             guint32 *out_number)
{
  guint32 big;

  if (reader->left < sizeof big)
    return FALSE;

  memcpy (&big, reader->at, sizeof big);
  reader->at += sizeof big;
  reader->left -= sizeof big;
  *out_number = GUINT32_FROM_BE (big);

  return *out_number <= max;
}

static gboolean
read_bytes (Reader        *reader,
            const guint8 **out_data,
            gsize         *out_size)
{
  guint32 size;

  if (!read_number (reader, ISS_PARSER_WIRE_MAX_ANSWER, &size) || size > reader->left)
    return FALSE;

  *out_data = reader->at;
  *out_size = size;
  reader->at += size;
  reader->left -= size;

  return TRUE;
}

/* TRUE when there was one; *out_failure is what it says. */
static gboolean
read_failure (Reader  *reader,
              GError **out_failure)
{
  g_autofree char *message = NULL;
  const guint8 *text;
  guint32 code;
  gsize size;

  if (!read_number (reader, LAST_CODE, &code) ||
      !read_bytes (reader, &text, &size) || size == 0 || reader->left != 0)
    return FALSE;

  message = iss_text_sanitise ((const char *) text, (gssize) size, MAX_MESSAGE);
  g_set_error_literal (out_failure, ISS_ERROR, (int) code, message);

  return TRUE;
}

static gboolean
read_certificate (Reader    *reader,
                  IssBundle *bundle)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autofree char *name = NULL;
  const guint8 *data, *text;
  gsize size, text_size;

  if (!read_bytes (reader, &data, &size) || !read_bytes (reader, &text, &text_size))
    return FALSE;

  der = g_bytes_new (data, size);
  certificate = iss_certificate_new_from_der (der, NULL);
  if (certificate == NULL)
    return FALSE;

  name = iss_text_sanitise ((const char *) text, (gssize) text_size, MAX_NAME);
  iss_bundle_add_certificate (bundle, certificate, *name != '\0' ? name : NULL);

  return TRUE;
}

static gboolean
read_key (Reader    *reader,
          IssBundle *bundle)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssSecret) pkcs8 = NULL;
  const guint8 *data;
  gsize size;

  if (!read_bytes (reader, &data, &size))
    return FALSE;

  pkcs8 = iss_secret_new (data, size);
  key = iss_private_key_new_from_pkcs8 (pkcs8, NULL);
  if (key == NULL)
    return FALSE;

  iss_bundle_add_key (bundle, key);

  return TRUE;
}

static IssBundle *
read_bundle (Reader *reader)
{
  g_autoptr(IssBundle) bundle = NULL;
  guint32 format, integrity, n_certificates, n_keys;

  if (!read_number (reader, ISS_FORMAT_LAST, &format) ||
      !read_number (reader, ISS_INTEGRITY_LAST, &integrity) ||
      !read_number (reader, MAX_CERTIFICATES, &n_certificates))
    return NULL;

  bundle = iss_bundle_new ((IssFormat) format, (IssIntegrity) integrity);
  for (guint i = 0; i < n_certificates; i++)
    {
      if (!read_certificate (reader, bundle))
        return NULL;
    }

  if (!read_number (reader, MAX_KEYS, &n_keys) || n_certificates + n_keys == 0)
    return NULL;

  for (guint i = 0; i < n_keys; i++)
    {
      if (!read_key (reader, bundle))
        return NULL;
    }

  return reader->left == 0 ? g_steal_pointer (&bundle) : NULL;
}

/**
 * iss_parser_wire_read_header:
 * @header: %ISS_PARSER_WIRE_HEADER_SIZE bytes
 * @out_size: (out): how many bytes follow, at most %ISS_PARSER_WIRE_MAX_ANSWER
 *
 * Returns: whether it is the beginning of an answer
 */
gboolean
iss_parser_wire_read_header (const guint8 *header,
                             gsize        *out_size)
{
  Reader reader = { header, ISS_PARSER_WIRE_HEADER_SIZE };
  guint32 magic, size;

  g_return_val_if_fail (header != NULL, FALSE);

  if (!read_number (&reader, G_MAXUINT32, &magic) || magic != MAGIC ||
      !read_number (&reader, ISS_PARSER_WIRE_MAX_ANSWER, &size))
    return FALSE;

  *out_size = size;

  return TRUE;
}

/**
 * iss_parser_wire_get_failed:
 *
 * Returns: (transfer none): what is known of a reader that crashed, was ended, or answers
 *   nonsense
 */
const char *
iss_parser_wire_get_failed (void)
{
  return _("The file made its reader fail; nothing was changed");
}

/**
 * iss_parser_wire_unpack:
 * @answer: what follows the header
 * @error: return location for an error
 *
 * Checks every count and length, reads each certificate and key anew, and cleans every text.
 *
 * Errors: what the answer says, or %ISS_ERROR_FAILED if it is not an answer.
 *
 * Returns: (transfer full): what is in the file, or %NULL with @error set
 */
IssBundle *
iss_parser_wire_unpack (IssSecret  *answer,
                        GError    **error)
{
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) failure = NULL;
  Reader reader;
  guint32 kind;

  g_return_val_if_fail (answer != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  reader.at = iss_secret_get_data (answer, &reader.left);
  if (read_number (&reader, BUNDLE, &kind))
    {
      if (kind == BUNDLE)
        bundle = read_bundle (&reader);
      else if (!read_failure (&reader, &failure))
        g_clear_error (&failure);
    }

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (bundle == NULL)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, iss_parser_wire_get_failed ());

  return g_steal_pointer (&bundle);
}

/**
 * iss_parser_wire_unpack_sound:
 * @answer: what follows the header
 * @failed: what to say if it is not an answer
 * @error: return location for an error
 *
 * Errors: what the answer says, or %ISS_ERROR_FAILED if it is not an answer.
 *
 * Returns: whether it says that what was looked at is sound, and nothing else
 */
gboolean
iss_parser_wire_unpack_sound (IssSecret   *answer,
                              const char  *failed,
                              GError     **error)
{
  g_autoptr(GError) failure = NULL;
  Reader reader;
  guint32 kind;

  g_return_val_if_fail (answer != NULL, FALSE);
  g_return_val_if_fail (failed != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  reader.at = iss_secret_get_data (answer, &reader.left);
  if (read_number (&reader, SOUND, &kind))
    {
      if (kind == SOUND && reader.left == 0)
        return TRUE;
      if (kind == FAILURE && read_failure (&reader, &failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, failed);

  return FALSE;
}
