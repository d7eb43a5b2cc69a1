/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-policy.h"

#include "core/certificate/details-name.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>

static void
add_notice (IssDetailsText   *text,
            const USERNOTICE *notice)
{
  if (notice->noticeref != NULL)
    {
      g_autofree char *organization = iss_details_name_dup_string (notice->noticeref->organization);
      g_autoptr(GString) numbers = g_string_new (NULL);

      iss_details_text_add (text, 3, _("Notice Reference:"));
      iss_details_text_add_format (text, 4, _("Organization=%s"), organization);
      for (int i = 0; i < sk_ASN1_INTEGER_num (notice->noticeref->noticenos); i++)
        {
          g_autofree char *number =
            iss_details_name_dup_integer (sk_ASN1_INTEGER_value (notice->noticeref->noticenos, i));

          g_string_append_printf (numbers, "%s%s", i > 0 ? ", " : "", number);
        }
      iss_details_text_add_format (text, 4, _("Notice Number=%s"), numbers->str);
    }

  if (notice->exptext != NULL)
    {
      g_autofree char *words = iss_details_name_dup_string (notice->exptext);

      iss_details_text_add_format (text, 3, _("Notice Text=%s"), words);
    }
}

static void
add_qualifier (IssDetailsText       *text,
               int                   policy,
               int                   number,
               const POLICYQUALINFO *qualifier)
{
  g_autofree char *oid = iss_details_name_dup_oid (qualifier->pqualid);
  const char *word = iss_oid_name_get_other (oid);
  int nid = OBJ_obj2nid (qualifier->pqualid);

  iss_details_text_add_format (text, 1, _("[%d,%d]Policy Qualifier Info:"), policy, number);
  iss_details_text_add_format (text, 2, _("Policy Qualifier Id=%s"), word != NULL ? word : oid);
  iss_details_text_add (text, 2, _("Qualifier:"));

  if (nid == NID_id_qt_cps)
    {
      g_autofree char *uri = iss_details_name_dup_string (qualifier->d.cpsuri);

      iss_details_text_add (text, 3, uri);
    }
  else if (nid == NID_id_qt_unotice)
    {
      add_notice (text, qualifier->d.usernotice);
    }
  else
    {
      unsigned char *der = NULL;
      int length = i2d_ASN1_TYPE (qualifier->d.other, &der);

      if (length > 0)
        iss_details_text_add_hex (text, 3, der, (gsize) length);
      OPENSSL_free (der);
    }
}

/* SkipCerts ::= INTEGER (0..MAX) */
static void
check_skip (IssDetailsText     *text,
            const ASN1_INTEGER *skip)
{
  if (ASN1_STRING_type (skip) != V_ASN1_INTEGER)
    iss_details_text_set_fault (text, _("A number of certificates in it is negative"));
}

static gboolean
add_policies (IssDetailsText *text,
              const char     *title,
              gboolean        are_purposes,
              gconstpointer   data,
              gsize           size)
{
  CERTIFICATEPOLICIES *policies = iss_details_name_decode (ASN1_ITEM_rptr (CERTIFICATEPOLICIES),
                                                           data, size);

  if (policies == NULL)
    return FALSE;

  for (int i = 0; i < sk_POLICYINFO_num (policies); i++)
    {
      const POLICYINFO *policy = sk_POLICYINFO_value (policies, i);
      g_autofree char *oid = iss_details_name_dup_oid (policy->policyid);
      const char *word = are_purposes ? iss_oid_name_get_purpose (oid)
                                      : iss_oid_name_get_other (oid);

      iss_details_text_add_format (text, 0, "[%d]%s:", i + 1, title);
      iss_details_text_add_format (text, 1, _("Policy Identifier=%s"), word != NULL ? word : oid);
      for (int j = 0; j < sk_POLICYQUALINFO_num (policy->qualifiers); j++)
        add_qualifier (text, i + 1, j + 1, sk_POLICYQUALINFO_value (policy->qualifiers, j));
    }

  CERTIFICATEPOLICIES_free (policies);

  return TRUE;
}

/**
 * iss_details_policy_certificate:
 * @text: where to
 * @data: (nullable): DER of certificate policies (RFC 5280 section 4.2.1.4)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_policy_certificate (IssDetailsText *text,
                                gconstpointer   data,
                                gsize           size)
{
  return add_policies (text, _("Certificate Policy"), FALSE, data, size);
}

/**
 * iss_details_policy_application:
 * @text: where to
 * @data: (nullable): DER of Microsoft's application policies, which look like
 *   certificate policies and name purposes
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_policy_application (IssDetailsText *text,
                                gconstpointer   data,
                                gsize           size)
{
  return add_policies (text, _("Application Certificate Policy"), TRUE, data, size);
}

/**
 * iss_details_policy_mappings:
 * @text: where to
 * @data: (nullable): DER of policy mappings (RFC 5280 section 4.2.1.5)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_policy_mappings (IssDetailsText *text,
                             gconstpointer   data,
                             gsize           size)
{
  POLICY_MAPPINGS *mappings = iss_details_name_decode (ASN1_ITEM_rptr (POLICY_MAPPINGS),
                                                       data, size);

  if (mappings == NULL)
    return FALSE;

  for (int i = 0; i < sk_POLICY_MAPPING_num (mappings); i++)
    {
      const POLICY_MAPPING *mapping = sk_POLICY_MAPPING_value (mappings, i);
      g_autofree char *issuer = iss_details_name_dup_oid (mapping->issuerDomainPolicy);
      g_autofree char *subject = iss_details_name_dup_oid (mapping->subjectDomainPolicy);

      iss_details_text_add_format (text, 0, _("[%d]Issuer Domain=%s"), i + 1, issuer);
      iss_details_text_add_format (text, 1, _("Subject Domain=%s"), subject);
    }

  sk_POLICY_MAPPING_pop_free (mappings, POLICY_MAPPING_free);

  return TRUE;
}

/**
 * iss_details_policy_constraints:
 * @text: where to
 * @data: (nullable): DER of policy constraints (RFC 5280 section 4.2.1.11)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_policy_constraints (IssDetailsText *text,
                                gconstpointer   data,
                                gsize           size)
{
  POLICY_CONSTRAINTS *constraints = iss_details_name_decode (ASN1_ITEM_rptr (POLICY_CONSTRAINTS),
                                                             data, size);

  if (constraints == NULL)
    return FALSE;

  if (constraints->requireExplicitPolicy != NULL)
    {
      g_autofree char *n = iss_details_name_dup_integer (constraints->requireExplicitPolicy);

      iss_details_text_add_format (text, 0, _("Required Explicit Policy Skip Certs=%s"), n);
      check_skip (text, constraints->requireExplicitPolicy);
    }

  if (constraints->inhibitPolicyMapping != NULL)
    {
      g_autofree char *n = iss_details_name_dup_integer (constraints->inhibitPolicyMapping);

      iss_details_text_add_format (text, 0, _("Inhibit Policy Mapping Skip Certs=%s"), n);
      check_skip (text, constraints->inhibitPolicyMapping);
    }

  POLICY_CONSTRAINTS_free (constraints);

  return TRUE;
}

/**
 * iss_details_policy_inhibit_any:
 * @text: where to
 * @data: (nullable): DER of inhibitAnyPolicy (RFC 5280 section 4.2.1.14)
 * @size: its size
 *
 * Returns: whether it could be decoded
 */
gboolean
iss_details_policy_inhibit_any (IssDetailsText *text,
                                gconstpointer   data,
                                gsize           size)
{
  g_autoptr(ASN1_INTEGER) skip = iss_details_name_decode (ASN1_ITEM_rptr (ASN1_INTEGER),
                                                          data, size);
  g_autofree char *n = NULL;

  if (skip == NULL)
    return FALSE;

  n = iss_details_name_dup_integer (skip);
  iss_details_text_add_format (text, 0, _("Skip Certs=%s"), n);
  check_skip (text, skip);

  return TRUE;
}
