/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-extension.h"

#include "core/certificate/details-location.h"
#include "core/certificate/details-other.h"
#include "core/certificate/details-policy.h"
#include "core/certificate/details-sct.h"
#include "core/certificate/details-usage.h"

#include <string.h>

typedef gboolean (* Decode) (IssDetailsText *text,
                             gconstpointer   data,
                             gsize           size);

static const struct
{
  const char *oid;
  Decode      decode;
} decoders[] =
{
  { "2.5.29.9", iss_details_other_directory },
  { "2.5.29.14", iss_details_location_key },
  { "2.5.29.15", iss_details_usage_key },
  { "2.5.29.16", iss_details_usage_period },
  { "2.5.29.17", iss_details_location_names },
  { "2.5.29.18", iss_details_location_names },
  { "2.5.29.19", iss_details_usage_basic },
  { "2.5.29.30", iss_details_usage_names },
  { "2.5.29.31", iss_details_location_crl },
  { "2.5.29.32", iss_details_policy_certificate },
  { "2.5.29.33", iss_details_policy_mappings },
  { "2.5.29.35", iss_details_location_issuer_key },
  { "2.5.29.36", iss_details_policy_constraints },
  { "2.5.29.37", iss_details_usage_extended },
  { "2.5.29.46", iss_details_location_crl },
  { "2.5.29.54", iss_details_policy_inhibit_any },
  { "1.3.6.1.5.5.7.1.1", iss_details_location_authority },
  { "1.3.6.1.5.5.7.1.11", iss_details_location_subject },
  { "1.3.6.1.5.5.7.1.24", iss_details_other_tls },
  { "1.3.6.1.5.5.7.48.1.5", iss_details_other_null },
  { "1.3.6.1.4.1.11129.2.4.2", iss_details_sct_list },
  { "1.3.6.1.4.1.11129.2.4.3", iss_details_other_null },
  { "1.3.6.1.4.1.311.20.2", iss_details_other_string },
  { "1.3.6.1.4.1.311.21.1", iss_details_other_version },
  { "1.3.6.1.4.1.311.21.2", iss_details_location_key },
  { "1.3.6.1.4.1.311.21.7", iss_details_other_template },
  { "1.3.6.1.4.1.311.21.10", iss_details_policy_application },
  { "1.3.6.1.4.1.311.25.2", iss_details_location_names },
  { "1.2.840.113549.1.9.15", iss_details_other_smime },
  { "2.16.840.1.113730.1.1", iss_details_usage_netscape },
  { "2.16.840.1.113730.1.2", iss_details_other_string },
  { "2.16.840.1.113730.1.3", iss_details_other_string },
  { "2.16.840.1.113730.1.4", iss_details_other_string },
  { "2.16.840.1.113730.1.7", iss_details_other_string },
  { "2.16.840.1.113730.1.8", iss_details_other_string },
  { "2.16.840.1.113730.1.12", iss_details_other_string },
  { "2.16.840.1.113730.1.13", iss_details_other_string },
};

static Decode
find (const char *oid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (decoders); i++)
    {
      if (strcmp (decoders[i].oid, oid) == 0)
        return decoders[i].decode;
    }

  return NULL;
}

/**
 * iss_details_extension_is_known:
 * @oid: a dotted object identifier
 *
 * Returns: whether iss_details_extension_decode() knows what is in such an extension
 */
gboolean
iss_details_extension_is_known (const char *oid)
{
  g_return_val_if_fail (oid != NULL, FALSE);

  return find (oid) != NULL;
}

/**
 * iss_details_extension_decode:
 * @oid: the dotted object identifier of an extension
 * @data: (nullable): what is in its OCTET STRING
 * @size: its size
 * @text: an empty text
 *
 * Writes what an extension says, in the snap-in's words.
 *
 * Returns: whether it is known and could be decoded; if not, @text is to be
 *   thrown away
 */
gboolean
iss_details_extension_decode (const char     *oid,
                              gconstpointer   data,
                              gsize           size,
                              IssDetailsText *text)
{
  Decode decode;

  g_return_val_if_fail (oid != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  decode = find (oid);

  return decode != NULL && decode (text, data, size);
}
