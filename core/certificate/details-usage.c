/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-usage.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/details-name.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <time.h>

#define IPV4_SIZE 4
#define IPV6_SIZE 16

/* RFC 5280 section 4.2.1.3, by number of bit */
static const char *const key_usages[] =
{
  N_("Digital Signature"),
  N_("Non-Repudiation"),
  N_("Key Encipherment"),
  N_("Data Encipherment"),
  N_("Key Agreement"),
  N_("Certificate Signing"),
  N_("CRL Signing"),
  N_("Encipher Only"),
  N_("Decipher Only"),
};

static const char *const netscape_types[] =
{
  N_("SSL Client Authentication"),
  N_("SSL Server Authentication"),
  N_("SMIME"),
  N_("Signature"),
  N_("Reserved"),
  N_("SSL CA"),
  N_("SMIME CA"),
  N_("Signature CA"),
};

/* "Digital Signature, Key Encipherment (a0)" */
static gboolean
add_bits (IssDetailsText     *text,
          gconstpointer       data,
          gsize               size,
          const char *const  *words,
          guint               n_words)
{
  g_autoptr(ASN1_BIT_STRING) bits = iss_details_name_decode (ASN1_ITEM_rptr (ASN1_BIT_STRING),
                                                             data, size);
  g_autoptr(GString) line = g_string_new (NULL);
  g_autofree char *hex = NULL;
  gsize length;

  if (bits == NULL)
    return FALSE;

  for (guint i = 0; i < n_words; i++)
    {
      if (ASN1_BIT_STRING_get_bit (bits, (int) i) == 1)
        g_string_append_printf (line, "%s%s", line->len > 0 ? ", " : "", _(words[i]));
    }

  length = (gsize) MAX (ASN1_STRING_length (bits), 0);
  hex = iss_text_hex (ASN1_STRING_get0_data (bits), MIN (length, 16), FALSE);
  g_string_append_printf (line, "%s(%s)", line->len > 0 ? " " : "", length > 0 ? hex : "00");
  iss_details_text_add (text, 0, line->str);

  return TRUE;
}

/**
 * iss_details_usage_key:
 * @text: where to
 * @data: (nullable): DER of the extension (RFC 5280 section 4.2.1.3)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_key (IssDetailsText *text,
                       gconstpointer   data,
                       gsize           size)
{
  return add_bits (text, data, size, key_usages, G_N_ELEMENTS (key_usages));
}

/**
 * iss_details_usage_netscape:
 * @text: where to
 * @data: (nullable): DER of a Netscape certificate type
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_netscape (IssDetailsText *text,
                            gconstpointer   data,
                            gsize           size)
{
  return add_bits (text, data, size, netscape_types, G_N_ELEMENTS (netscape_types));
}

/**
 * iss_details_usage_extended:
 * @text: where to
 * @data: (nullable): DER of the extension (RFC 5280 section 4.2.1.12)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_extended (IssDetailsText *text,
                            gconstpointer   data,
                            gsize           size)
{
  g_autoptr(EXTENDED_KEY_USAGE) usages =
    iss_details_name_decode (ASN1_ITEM_rptr (EXTENDED_KEY_USAGE), data, size);

  if (usages == NULL)
    return FALSE;

  for (int i = 0; i < sk_ASN1_OBJECT_num (usages); i++)
    {
      g_autofree char *oid = iss_details_name_dup_oid (sk_ASN1_OBJECT_value (usages, i));
      const char *word = iss_oid_name_get_purpose (oid);
      g_autofree char *line =
        iss_details_name_dup_labelled (word != NULL ? word : _("Unknown Key Usage"), oid);

      iss_details_text_add (text, 0, line);
    }

  return TRUE;
}

/**
 * iss_details_usage_basic:
 * @text: where to
 * @data: (nullable): DER of basic constraints (RFC 5280 section 4.2.1.9)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_basic (IssDetailsText *text,
                         gconstpointer   data,
                         gsize           size)
{
  g_autoptr(BASIC_CONSTRAINTS) constraints =
    iss_details_name_decode (ASN1_ITEM_rptr (BASIC_CONSTRAINTS), data, size);
  g_autofree char *length = NULL;

  if (constraints == NULL)
    return FALSE;

  iss_details_text_add (text, 0, constraints->ca ? _("Subject Type=CA")
                                                 : _("Subject Type=End Entity"));
  if (constraints->pathlen != NULL)
    length = iss_details_name_dup_integer (constraints->pathlen);
  iss_details_text_add_format (text, 0, _("Path Length Constraint=%s"),
                               length != NULL ? length : _("None"));
  if (constraints->pathlen != NULL && !constraints->ca)
    iss_details_text_set_fault (text, _("It limits a path below a certificate that issues none"));
  else if (constraints->pathlen != NULL &&
           ASN1_STRING_type (constraints->pathlen) != V_ASN1_INTEGER)
    iss_details_text_set_fault (text, _("It limits the path to a negative number of certificates"));

  return TRUE;
}

/* RFC 5280 section 4.2.1.10: an address and a mask as in RFC 4632, one bits before zero bits */
static gboolean
is_range (const ASN1_OCTET_STRING *address)
{
  const int length = ASN1_STRING_length (address);
  const guint8 *mask = ASN1_STRING_get0_data (address) + length / 2;
  gboolean ended = FALSE;

  if (length != 2 * IPV4_SIZE && length != 2 * IPV6_SIZE)
    return FALSE;

  for (int i = 0; i < length / 2 * 8; i++)
    {
      const gboolean is_one = (mask[i / 8] & (0x80 >> (i % 8))) != 0;

      if (is_one && ended)
        return FALSE;

      ended = !is_one;
    }

  return TRUE;
}

static void
add_subtrees (IssDetailsText                  *text,
              const char                      *word,
              const STACK_OF(GENERAL_SUBTREE) *subtrees)
{
  int n = sk_GENERAL_SUBTREE_num (subtrees);

  if (n <= 0)
    {
      iss_details_text_add_format (text, 0, _("%s=None"), word);
      return;
    }

  iss_details_text_add_format (text, 0, "%s:", word);
  for (int i = 0; i < n; i++)
    {
      const GENERAL_SUBTREE *subtree = sk_GENERAL_SUBTREE_value (subtrees, i);
      g_autofree char *minimum = iss_details_name_dup_integer (subtree->minimum);
      g_autofree char *maximum = iss_details_name_dup_integer (subtree->maximum);

      iss_details_text_add_format (text, 1, _("[%d]Subtrees (%s..%s):"), i + 1,
                                   *minimum != '\0' ? minimum : "0",
                                   *maximum != '\0' ? maximum : _("Max"));
      iss_details_name_add_general (text, 2, subtree->base);
      if (subtree->base->type == GEN_IPADD && !is_range (subtree->base->d.iPAddress))
        iss_details_text_set_fault (text, _("A range of addresses in it is none: it has no mask, "
                                            "or one with holes"));
    }
}

/**
 * iss_details_usage_names:
 * @text: where to
 * @data: (nullable): DER of name constraints (RFC 5280 section 4.2.1.10)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_names (IssDetailsText *text,
                         gconstpointer   data,
                         gsize           size)
{
  NAME_CONSTRAINTS *constraints = iss_details_name_decode (ASN1_ITEM_rptr (NAME_CONSTRAINTS),
                                                           data, size);

  if (constraints == NULL)
    return FALSE;

  add_subtrees (text, _("Permitted"), constraints->permittedSubtrees);
  add_subtrees (text, _("Excluded"), constraints->excludedSubtrees);
  NAME_CONSTRAINTS_free (constraints);

  return TRUE;
}

static gboolean
add_time (IssDetailsText             *text,
          const char                 *word,
          const ASN1_GENERALIZEDTIME *time)
{
  g_autofree char *shown = NULL;
  struct tm tm;

  if (time == NULL)
    return TRUE;

  if (ASN1_TIME_to_tm (time, &tm) != 1)
    {
      ERR_clear_error ();
      return FALSE;
    }

  shown = iss_time_text_iso (timegm (&tm));
  iss_details_text_add_format (text, 0, "%s=%s", word, shown);

  return TRUE;
}

/**
 * iss_details_usage_period:
 * @text: where to
 * @data: (nullable): DER of a private key usage period (RFC 3280 section 4.2.1.4)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_usage_period (IssDetailsText *text,
                          gconstpointer   data,
                          gsize           size)
{
  PKEY_USAGE_PERIOD *period = iss_details_name_decode (ASN1_ITEM_rptr (PKEY_USAGE_PERIOD),
                                                       data, size);
  gboolean is_good;

  if (period == NULL)
    return FALSE;

  is_good = add_time (text, _("Not Before"), period->notBefore) &&
            add_time (text, _("Not After"), period->notAfter);
  PKEY_USAGE_PERIOD_free (period);

  return is_good;
}
