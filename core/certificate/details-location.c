/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-location.h"

#include "core/base/text.h"
#include "core/certificate/details-name.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>

/* RFC 5280 section 4.2.1.13, by number of bit */
static const char *const reasons[] =
{
  N_("Unused"),
  N_("Key Compromise"),
  N_("CA Compromise"),
  N_("Affiliation Changed"),
  N_("Superseded"),
  N_("Cessation of Operation"),
  N_("Certificate Hold"),
  N_("Privilege Withdrawn"),
  N_("AA Compromise"),
};

static void
add_relative_name (IssDetailsText                  *text,
                   const STACK_OF(X509_NAME_ENTRY) *entries)
{
  for (int i = 0; i < sk_X509_NAME_ENTRY_num (entries); i++)
    {
      const X509_NAME_ENTRY *entry = sk_X509_NAME_ENTRY_value (entries, i);
      g_autofree char *oid = iss_details_name_dup_oid (X509_NAME_ENTRY_get_object (entry));
      const char *word = iss_oid_name_get_attribute (oid);
      g_autofree char *value = iss_details_name_dup_string (X509_NAME_ENTRY_get_data (entry));

      iss_details_text_add_format (text, 3, "%s = %s", word != NULL ? word : oid, value);
    }
}

static void
add_point (IssDetailsText   *text,
           int               number,
           const DIST_POINT *point)
{
  iss_details_text_add_format (text, 0, _("[%d]CRL Distribution Point:"), number);

  if (point->distpoint != NULL)
    {
      iss_details_text_add (text, 1, _("Distribution Point Name:"));
      if (point->distpoint->type == 0)
        {
          iss_details_text_add (text, 2, _("Full Name:"));
          iss_details_name_add_generals (text, 3, point->distpoint->name.fullname);
        }
      else
        {
          iss_details_text_add (text, 2, _("Name Relative to CRL Issuer:"));
          add_relative_name (text, point->distpoint->name.relativename);
        }
    }

  if (point->reasons != NULL)
    {
      g_autoptr(GString) words = g_string_new (NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
        {
          if (ASN1_BIT_STRING_get_bit (point->reasons, (int) i) == 1)
            g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", _(reasons[i]));
        }
      iss_details_text_add_format (text, 1, _("CRL Reason=%s"), words->str);
    }

  if (point->CRLissuer != NULL)
    {
      iss_details_text_add (text, 1, _("CRL Issuer:"));
      iss_details_name_add_generals (text, 2, point->CRLissuer);
    }
}

/**
 * iss_details_location_crl:
 * @text: where to
 * @data: (nullable): DER of CRL distribution points or of freshest CRL
 *   (RFC 5280 sections 4.2.1.13 and 4.2.1.15)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_crl (IssDetailsText *text,
                          gconstpointer   data,
                          gsize           size)
{
  CRL_DIST_POINTS *points = iss_details_name_decode (ASN1_ITEM_rptr (CRL_DIST_POINTS), data, size);

  if (points == NULL)
    return FALSE;

  for (int i = 0; i < sk_DIST_POINT_num (points); i++)
    add_point (text, i + 1, sk_DIST_POINT_value (points, i));
  CRL_DIST_POINTS_free (points);

  return TRUE;
}

static gboolean
add_access (IssDetailsText *text,
            const char     *title,
            gconstpointer   data,
            gsize           size)
{
  AUTHORITY_INFO_ACCESS *access =
    iss_details_name_decode (ASN1_ITEM_rptr (AUTHORITY_INFO_ACCESS), data, size);

  if (access == NULL)
    return FALSE;

  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num (access); i++)
    {
      const ACCESS_DESCRIPTION *description = sk_ACCESS_DESCRIPTION_value (access, i);
      g_autofree char *oid = iss_details_name_dup_oid (description->method);
      g_autofree char *method = iss_details_name_dup_labelled (iss_oid_name_get_other (oid), oid);

      iss_details_text_add_format (text, 0, "[%d]%s:", i + 1, title);
      iss_details_text_add_format (text, 1, _("Access Method=%s"), method);
      iss_details_text_add (text, 1, _("Alternative Name:"));
      iss_details_name_add_general (text, 2, description->location);
    }

  AUTHORITY_INFO_ACCESS_free (access);

  return TRUE;
}

/**
 * iss_details_location_authority:
 * @text: where to
 * @data: (nullable): DER of authority information access (RFC 5280 section 4.2.2.1)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_authority (IssDetailsText *text,
                                gconstpointer   data,
                                gsize           size)
{
  return add_access (text, _("Authority Info Access"), data, size);
}

/**
 * iss_details_location_subject:
 * @text: where to
 * @data: (nullable): DER of subject information access (RFC 5280 section 4.2.2.2)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_subject (IssDetailsText *text,
                              gconstpointer   data,
                              gsize           size)
{
  return add_access (text, _("Subject Info Access"), data, size);
}

/**
 * iss_details_location_issuer_key:
 * @text: where to
 * @data: (nullable): DER of an authority key identifier (RFC 5280 section 4.2.1.1)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_issuer_key (IssDetailsText *text,
                                 gconstpointer   data,
                                 gsize           size)
{
  g_autoptr(AUTHORITY_KEYID) key = iss_details_name_decode (ASN1_ITEM_rptr (AUTHORITY_KEYID),
                                                            data, size);

  if (key == NULL)
    return FALSE;

  if (key->keyid != NULL)
    {
      gsize length = (gsize) MAX (ASN1_STRING_length (key->keyid), 0);
      g_autofree char *hex = iss_text_hex (ASN1_STRING_get0_data (key->keyid),
                                           MIN (length, 1024), FALSE);

      iss_details_text_add_format (text, 0, _("KeyID=%s"), hex);
    }

  if (key->issuer != NULL)
    {
      iss_details_text_add (text, 0, _("Certificate Issuer:"));
      iss_details_name_add_generals (text, 1, key->issuer);
    }

  if (key->serial != NULL)
    {
      gsize length = (gsize) MAX (ASN1_STRING_length (key->serial), 0);
      g_autofree char *hex = iss_text_hex (ASN1_STRING_get0_data (key->serial),
                                           MIN (length, 1024), FALSE);
      gboolean is_negative = ASN1_STRING_type (key->serial) == V_ASN1_NEG_INTEGER;

      iss_details_text_add_format (text, 0, _("Certificate SerialNumber=%s%s"),
                                   is_negative ? "-" : "", hex);
    }

  return TRUE;
}

/**
 * iss_details_location_key:
 * @text: where to
 * @data: (nullable): DER of a subject key identifier (RFC 5280 section 4.2.1.2),
 *   or of any other octet string
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_key (IssDetailsText *text,
                          gconstpointer   data,
                          gsize           size)
{
  g_autoptr(ASN1_OCTET_STRING) key = iss_details_name_decode (ASN1_ITEM_rptr (ASN1_OCTET_STRING),
                                                              data, size);
  g_autofree char *hex = NULL;
  gsize length;

  if (key == NULL)
    return FALSE;

  length = (gsize) MAX (ASN1_STRING_length (key), 0);
  hex = iss_text_hex (ASN1_STRING_get0_data (key), MIN (length, 1024), FALSE);
  iss_details_text_add (text, 0, hex);

  return TRUE;
}

/**
 * iss_details_location_names:
 * @text: where to
 * @data: (nullable): DER of subject or issuer alternative names (RFC 5280
 *   sections 4.2.1.6 and 4.2.1.7)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_location_names (IssDetailsText *text,
                            gconstpointer   data,
                            gsize           size)
{
  g_autoptr(GENERAL_NAMES) names = iss_details_name_decode (ASN1_ITEM_rptr (GENERAL_NAMES),
                                                            data, size);

  if (names == NULL)
    return FALSE;

  iss_details_name_add_generals (text, 0, names);

  return TRUE;
}
