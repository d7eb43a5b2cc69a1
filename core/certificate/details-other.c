/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-other.h"

#include "core/base/text.h"
#include "core/certificate/der-walk.h"
#include "core/certificate/details-name.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>

#define TAG_INTEGER 0x02
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31

#define MAX_CHARACTERS 4096

static IssDerWalk
walk (gconstpointer data,
      gsize         size)
{
  return (IssDerWalk) { data, size };
}

/**
 * iss_details_other_string:
 * @text: where to
 * @data: (nullable): DER of one string of any type: a template's name, a
 *   Netscape comment
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_string (IssDetailsText *text,
                          gconstpointer   data,
                          gsize           size)
{
  IssDerWalk all = walk (data, size);
  IssDerWalk content;
  g_autofree char *string = NULL;
  guint8 tag;

  if (!iss_der_walk_next (&all, &tag, &content) || all.size > 0)
    return FALSE;

  string = iss_der_walk_string (tag, &content, MAX_CHARACTERS);
  if (string == NULL)
    return FALSE;

  iss_details_text_add (text, 0, string);

  return TRUE;
}

/* A version fits into 32 bits. */
static gboolean
read_number (IssDerWalk *from,
             guint32    *out_number)
{
  IssDerWalk content;
  guint64 number = 0;

  if (!iss_der_walk_expect (from, TAG_INTEGER, &content) || content.size == 0 ||
      content.size > 5 || (content.data[0] & 0x80) != 0)
    return FALSE;

  for (gsize i = 0; i < content.size; i++)
    number = number << 8 | content.data[i];

  if (number > G_MAXUINT32)
    return FALSE;

  *out_number = (guint32) number;

  return TRUE;
}

/**
 * iss_details_other_template:
 * @text: where to
 * @data: (nullable): DER of a certificate template ([MS-WCCE] 2.2.2.7.7.2): its
 *   OID, major and minor version
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_template (IssDetailsText *text,
                            gconstpointer   data,
                            gsize           size)
{
  IssDerWalk all = walk (data, size);
  IssDerWalk fields;
  IssDerWalk content;
  g_autofree char *oid = NULL;
  guint32 number;

  if (!iss_der_walk_expect (&all, TAG_SEQUENCE, &fields) || all.size > 0 ||
      !iss_der_walk_expect (&fields, TAG_OID, &content))
    return FALSE;

  oid = iss_der_walk_oid (&content);
  if (oid == NULL)
    return FALSE;

  iss_details_text_add_format (text, 0, _("Template=%s"), oid);

  if (fields.size > 0)
    {
      if (!read_number (&fields, &number))
        return FALSE;
      iss_details_text_add_format (text, 0, _("Major Version Number=%u"), number);
    }

  if (fields.size > 0)
    {
      if (!read_number (&fields, &number))
        return FALSE;
      iss_details_text_add_format (text, 0, _("Minor Version Number=%u"), number);
    }

  return fields.size == 0;
}

/**
 * iss_details_other_version:
 * @text: where to
 * @data: (nullable): DER of a CA version ([MS-WCCE] 2.2.2.7.7.1): the number of
 *   its certificate, above it that of its key
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_version (IssDetailsText *text,
                           gconstpointer   data,
                           gsize           size)
{
  IssDerWalk all = walk (data, size);
  guint32 version;

  if (!read_number (&all, &version) || all.size > 0)
    return FALSE;

  iss_details_text_add_format (text, 0, "V%u.%u", version & 0xffff, version >> 16);

  return TRUE;
}

/**
 * iss_details_other_null:
 * @text: where to
 * @data: (nullable): DER of an extension that says all by being there
 * @size: its size
 *
 * Returns: whether it is that
 */
gboolean
iss_details_other_null (IssDetailsText *text,
                        gconstpointer   data,
                        gsize           size)
{
  const guint8 *bytes = data;

  if (size != 2 || bytes[0] != 0x05 || bytes[1] != 0)
    return FALSE;

  iss_details_text_add (text, 0, _("Yes"));

  return TRUE;
}

/**
 * iss_details_other_smime:
 * @text: where to
 * @data: (nullable): DER of S/MIME capabilities (RFC 4262)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_smime (IssDetailsText *text,
                         gconstpointer   data,
                         gsize           size)
{
  IssDerWalk all = walk (data, size);
  IssDerWalk list;
  guint n = 0;

  if (!iss_der_walk_expect (&all, TAG_SEQUENCE, &list) || all.size > 0)
    return FALSE;

  while (list.size > 0)
    {
      IssDerWalk capability;
      IssDerWalk content;
      g_autofree char *oid = NULL;

      if (!iss_der_walk_expect (&list, TAG_SEQUENCE, &capability) ||
          !iss_der_walk_expect (&capability, TAG_OID, &content))
        return FALSE;

      oid = iss_der_walk_oid (&content);
      if (oid == NULL)
        return FALSE;

      iss_details_text_add_format (text, 0, _("[%u]SMIME Capability:"), ++n);
      iss_details_text_add_format (text, 1, _("Object ID=%s"), oid);
      if (capability.size > 0)
        {
          g_autofree char *hex = iss_text_hex (capability.data,
                                               MIN (capability.size, MAX_CHARACTERS / 2), FALSE);

          iss_details_text_add_format (text, 1, _("Parameters=%s"), hex);
        }
    }

  return TRUE;
}

/**
 * iss_details_other_tls:
 * @text: where to
 * @data: (nullable): DER of TLS features (RFC 7633)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_tls (IssDetailsText *text,
                       gconstpointer   data,
                       gsize           size)
{
  IssDerWalk all = walk (data, size);
  IssDerWalk list;

  if (!iss_der_walk_expect (&all, TAG_SEQUENCE, &list) || all.size > 0)
    return FALSE;

  while (list.size > 0)
    {
      guint32 number;

      if (!read_number (&list, &number))
        return FALSE;

      if (number == 5)
        iss_details_text_add (text, 0, _("Certificate Status Request (5)"));
      else if (number == 17)
        iss_details_text_add (text, 0, _("Multiple Certificate Status Request (17)"));
      else
        iss_details_text_add_format (text, 0, "%u", number);
    }

  return TRUE;
}

/**
 * iss_details_other_directory:
 * @text: where to
 * @data: (nullable): DER of subject directory attributes (RFC 5280 section 4.2.1.8)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_other_directory (IssDetailsText *text,
                             gconstpointer   data,
                             gsize           size)
{
  IssDerWalk all = walk (data, size);
  IssDerWalk list;

  if (!iss_der_walk_expect (&all, TAG_SEQUENCE, &list) || all.size > 0)
    return FALSE;

  while (list.size > 0)
    {
      IssDerWalk attribute;
      IssDerWalk content;
      IssDerWalk values;
      g_autofree char *oid = NULL;
      const char *word;

      if (!iss_der_walk_expect (&list, TAG_SEQUENCE, &attribute) ||
          !iss_der_walk_expect (&attribute, TAG_OID, &content) ||
          !iss_der_walk_expect (&attribute, TAG_SET, &values))
        return FALSE;

      oid = iss_der_walk_oid (&content);
      if (oid == NULL)
        return FALSE;

      word = iss_oid_name_get_attribute (oid);
      iss_details_text_add_format (text, 0, "%s:", word != NULL ? word : oid);
      while (values.size > 0)
        {
          const guint8 *start = values.data;
          g_autofree char *string = NULL;
          guint8 tag;

          if (!iss_der_walk_next (&values, &tag, &content))
            return FALSE;

          string = iss_der_walk_string (tag, &content, MAX_CHARACTERS);
          if (string != NULL)
            iss_details_text_add (text, 1, string);
          else
            iss_details_text_add_hex (text, 1, start, (gsize) (values.data - start));
        }
    }

  return TRUE;
}
