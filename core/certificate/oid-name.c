/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *oid;
  const char *name;
} Name;

/* RFC 5280 section 4.2.1.12 and Microsoft's own. */
static const Name purposes[] =
{
  { "1.3.6.1.5.5.7.3.1", N_("Server Authentication") },
  { "1.3.6.1.5.5.7.3.2", N_("Client Authentication") },
  { "1.3.6.1.5.5.7.3.3", N_("Code Signing") },
  { "1.3.6.1.5.5.7.3.4", N_("Secure Email") },
  { "1.3.6.1.5.5.7.3.5", N_("IP security end system") },
  { "1.3.6.1.5.5.7.3.6", N_("IP security tunnel termination") },
  { "1.3.6.1.5.5.7.3.7", N_("IP security user") },
  { "1.3.6.1.5.5.7.3.8", N_("Time Stamping") },
  { "1.3.6.1.5.5.7.3.9", N_("OCSP Signing") },
  { "1.3.6.1.5.5.7.3.17", N_("IP Security IKE Intermediate") },
  { "1.3.6.1.5.5.8.2.2", N_("IP Security IKE Intermediate") },
  { "1.3.6.1.4.1.311.10.3.1", N_("Microsoft Trust List Signing") },
  { "1.3.6.1.4.1.311.10.3.4", N_("Encrypting File System") },
  { "1.3.6.1.4.1.311.10.3.4.1", N_("File Recovery") },
  { "1.3.6.1.4.1.311.10.3.11", N_("Key Recovery") },
  { "1.3.6.1.4.1.311.10.3.12", N_("Document Signing") },
  { "1.3.6.1.4.1.311.10.3.13", N_("Lifetime Signing") },
  { "1.3.6.1.4.1.311.10.12.1", N_("Any Application Policy") },
  { "1.3.6.1.4.1.311.20.2.1", N_("Certificate Request Agent") },
  { "1.3.6.1.4.1.311.20.2.2", N_("Smart Card Logon") },
  { "1.3.6.1.4.1.311.21.5", N_("Private Key Archival") },
  { "1.3.6.1.4.1.311.21.6", N_("Key Recovery Agent") },
  { "1.3.6.1.4.1.311.54.1.2", N_("Remote Desktop Authentication") },
  { "1.3.6.1.5.2.3.4", N_("PKINIT Client Authentication") },
  { "1.3.6.1.5.2.3.5", N_("KDC Authentication") },
  { "2.5.29.37.0", N_("All purposes") },
};

static const Name extensions[] =
{
  { "2.5.29.9", N_("Subject Directory Attributes") },
  { "2.5.29.14", N_("Subject Key Identifier") },
  { "2.5.29.15", N_("Key Usage") },
  { "2.5.29.16", N_("Private Key Usage Period") },
  { "2.5.29.17", N_("Subject Alternative Name") },
  { "2.5.29.18", N_("Issuer Alternative Name") },
  { "2.5.29.19", N_("Basic Constraints") },
  { "2.5.29.30", N_("Name Constraints") },
  { "2.5.29.31", N_("CRL Distribution Points") },
  { "2.5.29.32", N_("Certificate Policies") },
  { "2.5.29.33", N_("Policy Mappings") },
  { "2.5.29.35", N_("Authority Key Identifier") },
  { "2.5.29.36", N_("Policy Constraints") },
  { "2.5.29.37", N_("Enhanced Key Usage") },
  { "2.5.29.46", N_("Freshest CRL") },
  { "2.5.29.54", N_("Inhibit Any Policy") },
  { "1.3.6.1.5.5.7.1.1", N_("Authority Information Access") },
  { "1.3.6.1.5.5.7.1.11", N_("Subject Information Access") },
  { "1.3.6.1.5.5.7.1.24", N_("TLS Feature") },
  { "1.3.6.1.5.5.7.48.1.5", N_("OCSP No Revocation Checking") },
  { "1.3.6.1.4.1.11129.2.4.2", N_("SCT List") },
  { "1.3.6.1.4.1.11129.2.4.3", N_("Certificate Transparency Poison") },
  { "1.3.6.1.4.1.311.20.2", N_("Certificate Template Name") },
  { "1.3.6.1.4.1.311.21.1", N_("CA Version") },
  { "1.3.6.1.4.1.311.21.2", N_("Previous CA Certificate Hash") },
  { "1.3.6.1.4.1.311.21.7", N_("Certificate Template Information") },
  { "1.3.6.1.4.1.311.21.10", N_("Application Policies") },
  { "1.3.6.1.4.1.311.25.2", N_("NTDS CA Security") },
  { "1.2.840.113549.1.9.15", N_("SMIME Capabilities") },
  { "2.16.840.1.113730.1.1", N_("Netscape Cert Type") },
  { "2.16.840.1.113730.1.2", N_("Netscape Base URL") },
  { "2.16.840.1.113730.1.3", N_("Netscape Revocation URL") },
  { "2.16.840.1.113730.1.4", N_("Netscape CA Revocation URL") },
  { "2.16.840.1.113730.1.7", N_("Netscape Cert Renewal URL") },
  { "2.16.840.1.113730.1.8", N_("Netscape CA Policy URL") },
  { "2.16.840.1.113730.1.12", N_("Netscape SSL Server Name") },
  { "2.16.840.1.113730.1.13", N_("Netscape Comment") },
};

static const Name others[] =
{
  { "1.3.6.1.5.5.7.48.1", N_("On-line Certificate Status Protocol") },
  { "1.3.6.1.5.5.7.48.2", N_("Certification Authority Issuer") },
  { "1.3.6.1.5.5.7.48.3", N_("Time Stamping") },
  { "1.3.6.1.5.5.7.48.5", N_("CA Repository") },
  { "1.3.6.1.5.5.7.2.1", N_("CPS") },
  { "1.3.6.1.5.5.7.2.2", N_("User Notice") },
  { "2.5.29.32.0", N_("All issuance policies") },
  { "1.3.6.1.4.1.311.20.2.3", N_("Principal Name") },
  { "1.3.6.1.4.1.311.25.1", N_("DS Object Guid") },
  { "1.3.6.1.4.1.311.25.2.1", N_("NTDS Object SID") },
  { "1.3.6.1.5.5.7.8.5", N_("XMPP Address") },
  { "1.3.6.1.5.5.7.8.7", N_("Service Name") },
  { "1.3.6.1.5.5.7.8.9", N_("SMTP Mailbox") },
};

/* RFC 4514 section 3 and what Windows writes; not for translation. */
static const Name attributes[] =
{
  { "2.5.4.3", "CN" },
  { "2.5.4.4", "SN" },
  { "2.5.4.5", "SERIALNUMBER" },
  { "2.5.4.6", "C" },
  { "2.5.4.7", "L" },
  { "2.5.4.8", "S" },
  { "2.5.4.9", "STREET" },
  { "2.5.4.10", "O" },
  { "2.5.4.11", "OU" },
  { "2.5.4.12", "T" },
  { "2.5.4.13", "Description" },
  { "2.5.4.15", "BusinessCategory" },
  { "2.5.4.17", "PostalCode" },
  { "2.5.4.42", "G" },
  { "2.5.4.43", "I" },
  { "2.5.4.46", "dnQualifier" },
  { "2.5.4.65", "Pseudonym" },
  { "2.5.4.97", "organizationIdentifier" },
  { "0.9.2342.19200300.100.1.1", "UID" },
  { "0.9.2342.19200300.100.1.25", "DC" },
  { "1.2.840.113549.1.9.1", "E" },
};

static const char *
find (const Name *names,
      gsize       n,
      const char *oid)
{
  for (gsize i = 0; i < n; i++)
    {
      if (strcmp (names[i].oid, oid) == 0)
        return names[i].name;
    }

  return NULL;
}

/**
 * iss_oid_name_get_purpose:
 * @oid: a dotted object identifier of an extended key usage
 *
 * Returns: (nullable): the snap-in's word for it, translated
 */
const char *
iss_oid_name_get_purpose (const char *oid)
{
  const char *name;

  g_return_val_if_fail (oid != NULL, NULL);

  name = find (purposes, G_N_ELEMENTS (purposes), oid);

  return name != NULL ? _(name) : NULL;
}

/**
 * iss_oid_name_get_extension:
 * @oid: a dotted object identifier of an extension
 *
 * Returns: (nullable): the snap-in's word for it, translated
 */
const char *
iss_oid_name_get_extension (const char *oid)
{
  const char *name;

  g_return_val_if_fail (oid != NULL, NULL);

  name = find (extensions, G_N_ELEMENTS (extensions), oid);

  return name != NULL ? _(name) : NULL;
}

/**
 * iss_oid_name_get_other:
 * @oid: a dotted object identifier that stands in an extension: an access
 *   method, a policy, a qualifier, the kind of another name
 *
 * Returns: (nullable): the snap-in's word for it, translated
 */
const char *
iss_oid_name_get_other (const char *oid)
{
  const char *name;

  g_return_val_if_fail (oid != NULL, NULL);

  name = find (others, G_N_ELEMENTS (others), oid);

  return name != NULL ? _(name) : NULL;
}

/**
 * iss_oid_name_get_attribute:
 * @oid: a dotted object identifier of a name's attribute
 *
 * Returns: (nullable): what stands before the "=" in a name
 */
const char *
iss_oid_name_get_attribute (const char *oid)
{
  g_return_val_if_fail (oid != NULL, NULL);

  return find (attributes, G_N_ELEMENTS (attributes), oid);
}
