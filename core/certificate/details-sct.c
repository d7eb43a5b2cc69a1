/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-sct.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/der-walk.h"

#include <glib/gi18n-lib.h>

#define TAG_OCTET_STRING 0x04
#define LOG_ID_SIZE 32

#define MILLISECONDS_A_SECOND 1000

/* TLS presentation language: big endian numbers, and vectors after their length. */
static gboolean
take (IssDerWalk *from,
      gsize       size,
      IssDerWalk *out_content)
{
  if (from->size < size)
    return FALSE;

  *out_content = (IssDerWalk) { from->data, size };
  from->data += size;
  from->size -= size;

  return TRUE;
}

static gboolean
take_number (IssDerWalk *from,
             gsize       n_bytes,
             guint64    *out_number)
{
  IssDerWalk content;
  guint64 number = 0;

  if (!take (from, n_bytes, &content))
    return FALSE;

  for (gsize i = 0; i < n_bytes; i++)
    number = number << 8 | content.data[i];
  *out_number = number;

  return TRUE;
}

static gboolean
take_vector (IssDerWalk *from,
             IssDerWalk *out_content)
{
  guint64 size;

  return take_number (from, 2, &size) && take (from, (gsize) size, out_content);
}

/* RFC 5246 section 7.4.1.4.1 */
static char *
dup_algorithm (guint64 hash,
               guint64 signature)
{
  static const char *const hashes[] = { "none", "md5", "sha1", "sha224", "sha256", "sha384",
                                        "sha512" };
  static const char *const signatures[] = { "anonymous", "RSA", "DSA", "ECDSA" };

  if (hash < G_N_ELEMENTS (hashes) && signature < G_N_ELEMENTS (signatures))
    return g_strconcat (hashes[hash], signatures[signature], NULL);

  return g_strdup_printf ("%u.%u", (guint) hash, (guint) signature);
}

static gboolean
add_timestamp (IssDetailsText *text,
               guint           number,
               IssDerWalk      sct)
{
  IssDerWalk log_id;
  IssDerWalk extensions;
  IssDerWalk signature;
  g_autofree char *time = NULL;
  g_autofree char *log_hex = NULL;
  g_autofree char *algorithm = NULL;
  guint64 version;
  guint64 timestamp;
  guint64 hash;
  guint64 kind;

  if (!take_number (&sct, 1, &version))
    return FALSE;

  iss_details_text_add_format (text, 0, _("[%u]Signed Certificate Timestamp:"), number);
  iss_details_text_add_format (text, 1, _("Version=V%u"), (guint) version + 1);
  if (version != 0)
    {
      /* RFC 6962 section 3.2 has one, and RFC 9162 another extension. */
      iss_details_text_set_fault (text, _("A timestamp in it is of a version that there is not"));
      iss_details_text_add_hex (text, 1, sct.data, sct.size);
      return TRUE;
    }

  if (!take (&sct, LOG_ID_SIZE, &log_id) || !take_number (&sct, 8, &timestamp) ||
      timestamp > G_MAXINT64 || !take_vector (&sct, &extensions) ||
      !take_number (&sct, 1, &hash) || !take_number (&sct, 1, &kind) ||
      !take_vector (&sct, &signature) || sct.size > 0)
    return FALSE;

  log_hex = iss_text_hex (log_id.data, log_id.size, FALSE);
  time = iss_time_text_iso ((gint64) timestamp / MILLISECONDS_A_SECOND);
  algorithm = dup_algorithm (hash, kind);
  iss_details_text_add_format (text, 1, _("Log ID=%s"), log_hex);
  iss_details_text_add_format (text, 1, _("Time=%s"), time);
  iss_details_text_add_format (text, 1, _("Signature Algorithm=%s"), algorithm);
  if (hash == 0 || kind == 0)
    iss_details_text_set_fault (text, _("A timestamp in it is signed in a way that nobody can "
                                        "check"));
  if (extensions.size > 0)
    {
      iss_details_text_add (text, 1, _("Extensions:"));
      iss_details_text_add_hex (text, 2, extensions.data, extensions.size);
    }
  iss_details_text_add (text, 1, _("Signature:"));
  iss_details_text_add_hex (text, 2, signature.data, signature.size);

  return TRUE;
}

/**
 * iss_details_sct_list:
 * @text: where to
 * @data: (nullable): DER of the extension 1.3.6.1.4.1.11129.2.4.2
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_sct_list (IssDetailsText *text,
                      gconstpointer   data,
                      gsize           size)
{
  IssDerWalk all = { data, size };
  IssDerWalk octets;
  IssDerWalk list;
  guint n = 0;

  if (!iss_der_walk_expect (&all, TAG_OCTET_STRING, &octets) || all.size > 0 ||
      !take_vector (&octets, &list) || octets.size > 0)
    return FALSE;

  while (list.size > 0)
    {
      IssDerWalk sct;

      if (!take_vector (&list, &sct) || !add_timestamp (text, ++n, sct))
        return FALSE;
    }

  return TRUE;
}
