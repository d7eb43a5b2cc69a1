/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: details-extension, details-location, details-name, details-other, details-policy,
 * details-sct, details-usage. */
#include "core/certificate/details.h"

#include "core/base/text.h"
#include "core/certificate/details-extension.h"
#include "core/certificate/details-text.h"
#include "core/certificate/maker.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

#define START 1767225600 /* 1 January 2026 */
#define END 253402300799 /* 31 December 9999, 23:59:59 */

#define BAD "This extension is not what its type says: its bytes are shown as they are"

static const char configuration[] =
  "[req]\n"
  "distinguished_name = dn\n"
  "prompt = no\n"
  "string_mask = utf8only\n"
  "utf8 = yes\n"
  "[dn]\n"
  "C = US\n"
  "O = Contoso <b>& Co</b>\n"
  "CN = auth.contoso.example\n"
  "[good]\n"
  "basicConstraints = critical, CA:TRUE, pathlen:3\n"
  "keyUsage = critical, digitalSignature, keyEncipherment\n"
  "extendedKeyUsage = serverAuth, 1.2.3.4\n"
  "subjectAltName = @names\n"
  "issuerAltName = DNS:ca.contoso.example\n"
  "nameConstraints = permitted;DNS:.contoso.example, excluded;IP:10.0.0.0/255.0.0.0\n"
  "policyConstraints = requireExplicitPolicy:3, inhibitPolicyMapping:0\n"
  "certificatePolicies = 1.2.3.5, 2.5.29.32.0, @policy\n"
  "policyMappings = 1.2.3.6:1.2.3.7\n"
  "crlDistributionPoints = first, second\n"
  "freshestCRL = URI:http://crl.contoso.example/delta.crl\n"
  "authorityInfoAccess = OCSP;URI:http://ocsp.contoso.example, "
  "caIssuers;URI:http://contoso.example/ca.crt\n"
  "subjectInfoAccess = 1.3.6.1.5.5.7.48.5;URI:http://contoso.example/repository\n"
  "subjectKeyIdentifier = 0123456789abcdef\n"
  "authorityKeyIdentifier = keyid:always, issuer:always\n"
  "inhibitAnyPolicy = 7\n"
  "tlsfeature = status_request, status_request_v2\n"
  "nsComment = \"made, by hand\"\n"
  "nsCertType = client, sslCA\n"
  "noCheck = ignored\n"
  "2.5.29.9 = ASN1:SEQUENCE:attributes\n"
  "1.3.6.1.4.1.311.20.2 = ASN1:BMP:WebServer\n"
  "1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:template\n"
  "1.3.6.1.4.1.311.21.10 = ASN1:SEQUENCE:applications\n"
  "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:131073\n"
  "1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCTETSTRING:c0ffee\n"
  "1.3.6.1.4.1.311.25.2 = ASN1:SEQUENCE:ntds\n"
  "1.3.6.1.4.1.11129.2.4.2 = ASN1:FORMAT:HEX,OCTETSTRING:"
  "0035003300000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
  "000001999c82cc00000004030004aabbccdd\n"
  "1.2.840.113549.1.9.15 = ASN1:SEQUENCE:smime\n"
  "1.2.3.4.5 = DER:0c0541422043440a\n"
  "[names]\n"
  "DNS.1 = sip.contoso.example\n"
  "email.1 = admin@contoso.example\n"
  "URI.1 = https://contoso.example/?a=1&b=2\n"
  "IP.1 = 192.0.2.1\n"
  "IP.2 = 2001:db8::1\n"
  "RID.1 = 1.2.3.8\n"
  "dirName.1 = directory\n"
  "otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:alice@contoso.example\n"
  "otherName.2 = 1.2.3.9;INTEGER:5\n"
  "[directory]\n"
  "O = Contoso\n"
  "CN = directory\n"
  "[policy]\n"
  "policyIdentifier = 1.2.3.10\n"
  "CPS.1 = http://contoso.example/cps\n"
  "userNotice.1 = @notice\n"
  "[notice]\n"
  "explicitText = Do not rely on this\n"
  "organization = Contoso\n"
  "noticeNumbers = 1, 2\n"
  "[first]\n"
  "fullname = URI:http://crl.contoso.example/a.crl, URI:http://crl.contoso.example/b.crl\n"
  "reasons = keyCompromise, superseded\n"
  "CRLissuer = dirName:directory\n"
  "[second]\n"
  "relativename = relative\n"
  "[relative]\n"
  "CN = crl 2\n"
  "[attributes]\n"
  "a = SEQUENCE:title\n"
  "[title]\n"
  "a = OID:2.5.4.12\n"
  "b = SET:titles\n"
  "[titles]\n"
  "a = UTF8:Head\n"
  "[template]\n"
  "a = OID:1.3.6.1.4.1.311.21.8.1\n"
  "b = INTEGER:100\n"
  "c = INTEGER:3\n"
  "[applications]\n"
  "a = SEQUENCE:application\n"
  "[application]\n"
  "a = OID:1.3.6.1.5.5.7.3.1\n"
  "[ntds]\n"
  "a = IMPLICIT:0, SEQUENCE:sid\n"
  "[sid]\n"
  "a = OID:1.3.6.1.4.1.311.25.2.1\n"
  "b = EXPLICIT:0, OCTETSTRING:S-1-5-21-1\n"
  "[smime]\n"
  "a = SEQUENCE:capability\n"
  "[capability]\n"
  "a = OID:2.16.840.1.101.3.4.1.42\n"
  /* Each is something, but not what its type says; the last but one has a byte too many. */
  "[bad]\n"
  "2.5.29.9 = DER:0500\n"
  "2.5.29.15 = DER:0500\n"
  "2.5.29.16 = DER:0500\n"
  "2.5.29.17 = DER:3003820901\n"
  "2.5.29.18 = DER:04\n"
  "2.5.29.19 = DER:02\n"
  "2.5.29.30 = DER:0500\n"
  "2.5.29.31 = DER:0500\n"
  "2.5.29.32 = DER:30023000\n"
  "2.5.29.33 = DER:0500\n"
  "2.5.29.36 = DER:0500\n"
  "2.5.29.37 = DER:3003020101\n"
  "2.5.29.46 = DER:0500\n"
  "2.5.29.54 = DER:0500\n"
  "1.3.6.1.5.5.7.1.1 = DER:0500\n"
  "1.3.6.1.5.5.7.1.11 = DER:0500\n"
  "1.3.6.1.5.5.7.1.24 = DER:3003020180\n"
  "1.3.6.1.5.5.7.48.1.5 = DER:0501\n"
  "1.3.6.1.4.1.11129.2.4.2 = DER:0404000300ff\n"
  "1.3.6.1.4.1.311.20.2 = DER:1e0141\n"
  "1.3.6.1.4.1.311.21.1 = DER:0201ff\n"
  "1.3.6.1.4.1.311.21.2 = DER:0500\n"
  "1.3.6.1.4.1.311.21.7 = DER:300406022a03020100\n"
  "1.3.6.1.4.1.311.21.10 = DER:0500\n"
  "1.3.6.1.4.1.311.25.2 = DER:0500\n"
  "1.2.840.113549.1.9.15 = DER:0500\n"
  "2.16.840.1.113730.1.1 = DER:0500\n"
  "2.16.840.1.113730.1.13 = DER:1605616200\n"
  "[odd]\n"
  "2.5.29.17 = DER:3000\n"
  "2.5.29.37 = DER:3000\n"
  "2.5.29.15 = DER:030100\n";

typedef struct
{
  const char *oid;
  const char *label;
  const char *value;
  const char *text;
} Case;

/* The words are the snap-in's. */
static const Case good[] =
{
  { "2.5.29.19", "Basic Constraints", "Subject Type=CA, Path Length Constraint=3",
    "Subject Type=CA\nPath Length Constraint=3" },
  { "2.5.29.15", "Key Usage", "Digital Signature, Key Encipherment (a0)",
    "Digital Signature, Key Encipherment (a0)" },
  { "2.5.29.37", "Enhanced Key Usage",
    "Server Authentication (1.3.6.1.5.5.7.3.1), Unknown Key Usage (1.2.3.4)",
    "Server Authentication (1.3.6.1.5.5.7.3.1)\nUnknown Key Usage (1.2.3.4)" },
  { "2.5.29.17", "Subject Alternative Name", NULL,
    "DNS Name=sip.contoso.example\n"
    "RFC822 Name=admin@contoso.example\n"
    "URL=https://contoso.example/?a=1&b=2\n"
    "IP Address=192.0.2.1\n"
    "IP Address=2001:db8::1\n"
    "Registered ID=1.2.3.8\n"
    "Directory Address:\n"
    "    CN = directory\n"
    "    O = Contoso\n"
    "Other Name:\n"
    "    Principal Name=alice@contoso.example\n"
    "Other Name:\n"
    "    1.2.3.9=020105" },
  { "2.5.29.18", "Issuer Alternative Name", "DNS Name=ca.contoso.example",
    "DNS Name=ca.contoso.example" },
  { "2.5.29.30", "Name Constraints", NULL,
    "Permitted:\n    [1]Subtrees (0..Max):\n        DNS Name=.contoso.example\n"
    "Excluded:\n    [1]Subtrees (0..Max):\n        IP Address=10.0.0.0\n        Mask=255.0.0.0" },
  { "2.5.29.36", "Policy Constraints", NULL,
    "Required Explicit Policy Skip Certs=3\nInhibit Policy Mapping Skip Certs=0" },
  { "2.5.29.32", "Certificate Policies", NULL,
    "[1]Certificate Policy:\n"
    "    Policy Identifier=1.2.3.5\n"
    "[2]Certificate Policy:\n"
    "    Policy Identifier=All issuance policies\n"
    "[3]Certificate Policy:\n"
    "    Policy Identifier=1.2.3.10\n"
    "    [3,1]Policy Qualifier Info:\n"
    "        Policy Qualifier Id=CPS\n"
    "        Qualifier:\n"
    "            http://contoso.example/cps\n"
    "    [3,2]Policy Qualifier Info:\n"
    "        Policy Qualifier Id=User Notice\n"
    "        Qualifier:\n"
    "            Notice Reference:\n"
    "                Organization=Contoso\n"
    "                Notice Number=1, 2\n"
    "            Notice Text=Do not rely on this" },
  { "2.5.29.33", "Policy Mappings", NULL, "[1]Issuer Domain=1.2.3.6\n    Subject Domain=1.2.3.7" },
  { "2.5.29.31", "CRL Distribution Points", NULL,
    "[1]CRL Distribution Point:\n"
    "    Distribution Point Name:\n"
    "        Full Name:\n"
    "            URL=http://crl.contoso.example/a.crl\n"
    "            URL=http://crl.contoso.example/b.crl\n"
    "    CRL Reason=Key Compromise, Superseded\n"
    "    CRL Issuer:\n"
    "        Directory Address:\n"
    "            CN = directory\n"
    "            O = Contoso\n"
    "[2]CRL Distribution Point:\n"
    "    Distribution Point Name:\n"
    "        Name Relative to CRL Issuer:\n"
    "            CN = crl 2" },
  { "2.5.29.46", "Freshest CRL", NULL,
    "[1]CRL Distribution Point:\n"
    "    Distribution Point Name:\n"
    "        Full Name:\n"
    "            URL=http://crl.contoso.example/delta.crl" },
  { "1.3.6.1.5.5.7.1.1", "Authority Information Access", NULL,
    "[1]Authority Info Access:\n"
    "    Access Method=On-line Certificate Status Protocol (1.3.6.1.5.5.7.48.1)\n"
    "    Alternative Name:\n"
    "        URL=http://ocsp.contoso.example\n"
    "[2]Authority Info Access:\n"
    "    Access Method=Certification Authority Issuer (1.3.6.1.5.5.7.48.2)\n"
    "    Alternative Name:\n"
    "        URL=http://contoso.example/ca.crt" },
  { "1.3.6.1.5.5.7.1.11", "Subject Information Access", NULL,
    "[1]Subject Info Access:\n"
    "    Access Method=CA Repository (1.3.6.1.5.5.7.48.5)\n"
    "    Alternative Name:\n"
    "        URL=http://contoso.example/repository" },
  { "2.5.29.14", "Subject Key Identifier", "0123456789abcdef", "0123456789abcdef" },
  { "2.5.29.54", "Inhibit Any Policy", "Skip Certs=7", "Skip Certs=7" },
  { "1.3.6.1.5.5.7.1.24", "TLS Feature", NULL,
    "Certificate Status Request (5)\nMultiple Certificate Status Request (17)" },
  { "2.16.840.1.113730.1.13", "Netscape Comment", "made, by hand", "made, by hand" },
  { "2.16.840.1.113730.1.1", "Netscape Cert Type", "SSL Client Authentication, SSL CA (84)",
    "SSL Client Authentication, SSL CA (84)" },
  { "1.3.6.1.5.5.7.48.1.5", "OCSP No Revocation Checking", "Yes", "Yes" },
  { "2.5.29.9", "Subject Directory Attributes", "T: Head", "T:\n    Head" },
  { "1.3.6.1.4.1.311.20.2", "Certificate Template Name", "WebServer", "WebServer" },
  { "1.3.6.1.4.1.311.21.7", "Certificate Template Information", NULL,
    "Template=1.3.6.1.4.1.311.21.8.1\nMajor Version Number=100\nMinor Version Number=3" },
  { "1.3.6.1.4.1.311.21.10", "Application Policies", NULL,
    "[1]Application Certificate Policy:\n    Policy Identifier=Server Authentication" },
  { "1.3.6.1.4.1.311.21.1", "CA Version", "V1.2", "V1.2" },
  { "1.3.6.1.4.1.311.21.2", "Previous CA Certificate Hash", "c0ffee", "c0ffee" },
  { "1.3.6.1.4.1.311.25.2", "NTDS CA Security", NULL,
    "Other Name:\n    NTDS Object SID=S-1-5-21-1" },
  { "1.3.6.1.4.1.11129.2.4.2", "SCT List", NULL,
    "[1]Signed Certificate Timestamp:\n"
    "    Version=V1\n"
    "    Log ID=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
    "    Time=2025-09-30T21:24:01Z\n"
    "    Signature Algorithm=sha256ECDSA\n"
    "    Signature:\n"
    "        aa bb cc dd" },
  { "1.2.840.113549.1.9.15", "SMIME Capabilities", NULL,
    "[1]SMIME Capability:\n    Object ID=2.16.840.1.101.3.4.1.42" },
  { "1.2.3.4.5", "1.2.3.4.5", "0c 05 41 42 20 43 44 0a",
    "0c 05 41 42 20 43 44 0a                          ..AB CD." },
};

static IssCertificate *
make_by_openssl (const char *section)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_write (folder, "openssl.cnf", configuration, -1);
  g_autofree char *line = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;

  line = g_strdup_printf ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                          "-config openssl.cnf -extensions %s -days 3650 -set_serial -5 "
                          "-keyout out.key -outform DER -out out.crt", section);
  der = iss_openssl_tool_make_file (folder, line, "out.crt");
  certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);

  return certificate;
}

static IssDetails *
make_details (const char *section)
{
  g_autoptr(IssCertificate) certificate = make_by_openssl (section);

  return iss_details_new (certificate, NULL, 0, NULL);
}

static IssCertificate *
make_certificate (const char        *name,
                  const char *const *dns_names)
{
  const IssMakerSpec spec = { name, dns_names, START, END, 1024, FALSE, TRUE, "leaf" };
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, &spec, NULL, NULL, NULL, &error);

  g_assert_no_error (error);

  return certificate;
}

static void
assert_value (IssDetails *details,
              const char *name,
              const char *value)
{
  const IssDetailsField *field = iss_details_find (details, name);

  g_assert_nonnull (field);
  g_assert_cmpstr (field->value, ==, value);
}

static void
test_extensions (void)
{
  g_autoptr(IssDetails) details = make_details ("good");

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const IssDetailsField *field = iss_details_find (details, good[i].oid);

      g_test_message ("%s", good[i].label);
      g_assert_nonnull (field);
      g_assert_cmpstr (field->label, ==, good[i].label);
      g_assert_cmpstr (field->text, ==, good[i].text);
      g_assert_cmpstr (field->whole, ==, good[i].text);
      if (good[i].value != NULL)
        g_assert_cmpstr (field->value, ==, good[i].value);
      g_assert_cmpstr (field->note, ==, NULL);
      g_assert_cmpint (field->kind, ==, ISS_DETAILS_EXTENSION);
      g_assert_cmpint (field->critical, ==, i < 2);
    }
}

/* The issuer's key identifier depends on the key: only its form is compared. */
static void
test_issuer_key (void)
{
  g_autoptr(IssDetails) details = make_details ("good");
  const IssDetailsField *field = iss_details_find (details, "2.5.29.35");

  g_assert_true (g_regex_match_simple ("^KeyID=[0-9a-f]+\nCertificate Issuer:\n"
                                       "    Directory Address:\n"
                                       "        CN = auth.contoso.example\n"
                                       "        O = Contoso <b>& Co</b>\n"
                                       "        C = US\n"
                                       "Certificate SerialNumber=-05$",
                                       field->text, 0, 0));
}

static void
test_malformed (void)
{
  g_autoptr(IssDetails) details = make_details ("bad");
  guint n = 0;

  for (guint i = 0; i < iss_details_get_n_fields (details); i++)
    {
      const IssDetailsField *field = iss_details_get_field (details, i);

      /* The tool adds key identifiers of its own. */
      if (field->kind != ISS_DETAILS_EXTENSION || strcmp (field->oid, "2.5.29.14") == 0 ||
          strcmp (field->oid, "2.5.29.35") == 0)
        continue;

      g_test_message ("%s: %s", field->oid, field->text);
      g_assert_cmpstr (field->note, ==, BAD);
      g_assert_true (g_regex_match_simple ("^([0-9a-f]{2} )+ +[ -~]+$", field->text, 0, 0));
      n++;
    }

  g_assert_cmpuint (n, ==, 28);
}

/* What no tool would make: nothing at all, half of something, more than there should be. */
static void
test_bytes (void)
{
  static const struct { const char *bytes; gsize size; } bytes[] =
    {
      { NULL, 0 }, { "\x30", 1 }, { "\x30\x80", 2 }, { "\x04\x05\x01", 3 },
      { "\x04\x84\xff\xff\xff\xff", 6 }, { "\x05\x00\x00", 3 }, { "\x03\x00", 2 },
      { "\x13\x01\x41\x00", 4 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (bytes); j++)
        {
          g_autoptr(IssDetailsText) text = iss_details_text_new ();

          g_assert_false (iss_details_extension_decode (good[i].oid, bytes[j].bytes,
                                                        bytes[j].size, text));
        }

      g_assert_cmpint (iss_details_extension_is_known (good[i].oid), ==,
                       strcmp (good[i].oid, "1.2.3.4.5") != 0);
    }
}

/* What can be read and is against the rules is read, and said to be. */
static void
test_faults (void)
{
  static const struct
    {
      const char *oid;
      const char *hex;
      const char *fault;   /* (nullable) */
    } cases[] =
    {
      { "2.5.29.19", "3003020100", "below a certificate that issues none" },
      { "2.5.29.19", "30060101ff020100", NULL },
      { "2.5.29.19", "30060101ff0201ff", "a negative number" },
      { "2.5.29.54", "0201ff", "is negative" },
      { "2.5.29.54", "020105", NULL },
      { "2.5.29.36", "3003800100", NULL },
      { "2.5.29.36", "30038001ff", "is negative" },
      { "2.5.29.36", "30038101ff", "is negative" },
      { "2.5.29.30", "300ea00c300a8708c0a80000ffff0000", NULL },
      { "2.5.29.30", "300ea00c300a8708c0a80000ffffffff", NULL },
      { "2.5.29.30", "300ea00c300a8708c0a80000ff00ff00", "has no mask, or one with holes" },
      { "2.5.29.30", "300ea10c300a8708c0a80000fffe0100", "has no mask, or one with holes" },
      { "2.5.29.30", "300aa00830068704c0a80000", "has no mask, or one with holes" },
      { "2.5.29.30", "300da00b30098707c0a80000ffff00", "has no mask, or one with holes" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssDetailsText) text = iss_details_text_new ();
      g_autoptr(GBytes) bytes = iss_text_parse_hex (cases[i].hex);
      const char *fault;

      g_test_message ("%s: %s", cases[i].oid, cases[i].hex);
      g_assert_true (iss_details_extension_decode (cases[i].oid, g_bytes_get_data (bytes, NULL),
                                                   g_bytes_get_size (bytes), text));
      fault = iss_details_text_get_fault (text);
      g_assert_true ((fault != NULL) == (cases[i].fault != NULL));
      if (fault != NULL)
        g_assert_nonnull (strstr (fault, cases[i].fault));
    }
}

static void
test_odd (void)
{
  g_autoptr(IssDetails) details = make_details ("odd");

  assert_value (details, "2.5.29.17", "(empty)");
  assert_value (details, "2.5.29.37", "(empty)");
  assert_value (details, "2.5.29.15", "(00)");
}

static void
test_version_1 (void)
{
  g_autoptr(IssDetails) details = make_details ("odd");
  const IssDetailsField *field;

  assert_value (details, "version", "V3");
  assert_value (details, "serial-number", "-05");
  assert_value (details, "signature-algorithm", "sha256ECDSA");
  assert_value (details, "signature-hash-algorithm", "sha256");
  assert_value (details, "issuer", "auth.contoso.example, Contoso <b>& Co</b>, US");
  assert_value (details, "public-key", "EC (256 Bits)");
  assert_value (details, "public-key-parameters", "prime256v1 (1.2.840.10045.3.1.7)");
  assert_value (details, "thumbprint-algorithm", "sha1");

  field = iss_details_find (details, "subject");
  g_assert_cmpstr (field->text, ==, "CN = auth.contoso.example\nO = Contoso <b>& Co</b>\nC = US");
  g_assert_cmpint (field->kind, ==, ISS_DETAILS_VERSION_1);

  field = iss_details_find (details, "public-key");
  g_assert_cmpuint (strlen (field->whole), ==, 65 * 3 - 1);
  g_assert_true (g_str_has_prefix (field->whole, "04 "));
}

static void
test_properties (void)
{
  static const IssDetailsProperty properties[] =
    {
      { "friendly-name", "Friendly name", "auth\u202e 2026" },
      { "description", "Description", "" },
    };
  g_autoptr(IssCertificate) certificate = make_certificate ("auth.contoso.example", NULL);
  IssDetails *details = iss_details_new (certificate, properties, 2, NULL);
  const IssDetailsField *field = iss_details_find (details, "thumbprint");
  g_auto(GStrv) purposes = iss_details_dup_purposes (details);

  g_assert_cmpint (field->kind, ==, ISS_DETAILS_PROPERTY);
  g_assert_cmpuint (strlen (field->value), ==, 40);
  g_assert_cmpstr (field->value, ==, field->whole);
  g_assert_cmpuint (strlen (iss_details_find (details, "sha256")->value), ==, 64);
  assert_value (details, "friendly-name", "auth\ufffd 2026");
  assert_value (details, "description", "");
  g_assert_null (iss_details_find (details, "no such field"));
  g_assert_cmpstr (purposes[0], ==, "Server Authentication");
  g_assert_cmpstr (purposes[1], ==, "Client Authentication");
  g_assert_null (purposes[2]);

  g_assert_finalize_object (details);
}

/* A name without anything in it, and the last second there is, east of Greenwich. */
static void
test_edges (void)
{
  g_autoptr(IssCertificate) certificate = make_certificate ("", NULL);
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (2 * 60 * 60);
  g_autoptr(IssDetails) details = iss_details_new (certificate, NULL, 0, zone);

  assert_value (details, "subject", "(empty)");
  assert_value (details, "valid-from", "1 January 2026, 02:00 (UTC+2)");
  assert_value (details, "valid-to", "31 December 9999, 23:59 (UTC)");
  g_assert_cmpstr (iss_details_find (details, "valid-to")->text, ==,
                   "31 December 9999, 23:59 (UTC)\n9999-12-31T23:59:59Z");
}

static void
test_names (void)
{
  static const char *const names[] = { "a\u202eb.example", "<b>\n", NULL };
  g_autoptr(IssCertificate) certificate = make_certificate ("<b>\u202e", names);
  g_autoptr(IssDetails) details = iss_details_new (certificate, NULL, 0, NULL);

  assert_value (details, "subject", "<b>\ufffd");
  g_assert_cmpstr (iss_details_find (details, "2.5.29.17")->whole, ==,
                   "DNS Name=a\u00e2\ufffd\u00aeb.example\nDNS Name=<b>\ufffd");
}

static void
test_many_names (void)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) shown = NULL;
  g_auto(GStrv) whole = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssDetails) details = NULL;
  const IssDetailsField *field;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%05u.contoso.example", i);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);

  certificate = make_certificate ("many", (const char *const *) names);
  details = iss_details_new (certificate, NULL, 0, NULL);
  field = iss_details_find (details, "2.5.29.17");
  shown = g_strsplit (field->text, "\n", -1);
  whole = g_strsplit (field->whole, "\n", -1);

  g_assert_cmpuint (g_strv_length (shown), ==, ISS_DETAILS_TEXT_MAX_SHOWN + 1);
  g_assert_cmpstr (shown[255], ==, "DNS Name=host00255.contoso.example");
  g_assert_cmpstr (shown[256], ==, "… and 9744 more");
  g_assert_cmpuint (g_strv_length (whole), ==, 10000);
  g_assert_cmpstr (whole[9999], ==, "DNS Name=host09999.contoso.example");
  g_assert_cmpint (g_utf8_strlen (field->value, -1), ==, 256);
}

static void
test_shown (void)
{
  static const struct { IssDetailsKind kind; gboolean critical; const char *shown; } cases[] =
    {
      { ISS_DETAILS_VERSION_1, FALSE, "11000" },
      { ISS_DETAILS_EXTENSION, FALSE, "10100" },
      { ISS_DETAILS_EXTENSION, TRUE, "10110" },
      { ISS_DETAILS_PROPERTY, FALSE, "10001" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IssDetailsField field = { .kind = cases[i].kind, .critical = cases[i].critical };

      for (guint j = 0; j < ISS_DETAILS_N_SHOWS; j++)
        g_assert_cmpint (iss_details_field_is_shown (&field, (IssDetailsShow) j), ==,
                         cases[i].shown[j] == '1');
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/details/extensions", test_extensions);
  g_test_add_func ("/details/issuer-key", test_issuer_key);
  g_test_add_func ("/details/malformed", test_malformed);
  g_test_add_func ("/details/bytes", test_bytes);
  g_test_add_func ("/details/faults", test_faults);
  g_test_add_func ("/details/odd", test_odd);
  g_test_add_func ("/details/version-1", test_version_1);
  g_test_add_func ("/details/properties", test_properties);
  g_test_add_func ("/details/edges", test_edges);
  g_test_add_func ("/details/names", test_names);
  g_test_add_func ("/details/many-names", test_many_names);
  g_test_add_func ("/details/shown", test_shown);

  return g_test_run ();
}
