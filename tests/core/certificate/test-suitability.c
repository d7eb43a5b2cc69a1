/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/suitability.h"

#include "core/certificate/maker.h"

#include <string.h>

#define START 1767225600 /* 1 January 2026 */
#define DAY (24LL * 60 * 60)
#define END (START + 305 * DAY) /* 2 November 2026 */
#define NOW (START + 100 * DAY)

static const IssSuitabilityRules oauth_rules =
{
  .min_rsa_bits = 1024,
  .good_rsa_bits = 1040,
  .rsa_only = TRUE,
  .must_sign = TRUE,
  .server_auth = TRUE,
  .sip_domain = TRUE,
};

static const IssSuitabilityRules no_rules = { 0 };

static const char *const sip_domains[] = { "contoso.example", "eu.fabrikam.example", NULL };

/* Byte strings of the usual certificate and what takes their place. */
typedef struct
{
  const char *old;
  const char *new;
  gsize       size;
} Patch;

static const Patch rsa_to_pss = { "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
                                  "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 9 };
static const Patch rsa_to_unknown = { "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
                                      "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x7f", 9 };
static const Patch no_signing = { "\x04\x04\x03\x02\x07\x80", "\x04\x04\x03\x02\x06\x40", 6 };
static const Patch server_to_ocsp = { "\x2b\x06\x01\x05\x05\x07\x03\x01",
                                      "\x2b\x06\x01\x05\x05\x07\x03\x09", 8 };
static const Patch no_purposes = { "\x55\x1d\x25", "\x55\x1d\x7f", 3 };

typedef struct
{
  const char                *name;
  const IssSuitabilityRules *rules;
  const Patch               *patch;      /* (nullable) */
  guint                      rsa_bits;   /* 0: 1040 */
  gint64                     now;        /* 0: NOW */
  gboolean                   no_key;
  gboolean                   other_key;
  gboolean                   used;
  const char                *cn;         /* (nullable): auth.contoso.example */
  const char                *codes;      /* in their order */
  const char                *text;       /* (nullable): of the first */
} Case;

static const Case cases[] =
{
  { "good", &oauth_rules, .codes = "" },
  { "no key", &oauth_rules, .no_key = TRUE, .codes = "E:no-key",
    .text = "no private key on fe02: import it there with its key" },
  { "key of another", &oauth_rules, .other_key = TRUE, .codes = "E:key-mismatch" },
  { "no key is no mismatch", &oauth_rules, .no_key = TRUE, .other_key = TRUE,
    .codes = "E:no-key" },
  { "small", &oauth_rules, .rsa_bits = 512, .codes = "E:small-key",
    .text = "512-bit key: at least 1024 bits are needed" },
  { "weak", &oauth_rules, .rsa_bits = 1024, .codes = "W:weak-key" },
  { "RSASSA-PSS", &oauth_rules, .patch = &rsa_to_pss, .codes = "E:not-rsa",
    .text = "its key is for RSASSA-PSS only: an ordinary RSA key is needed" },
  { "unknown key", &oauth_rules, .patch = &rsa_to_unknown, .codes = "E:not-rsa" },
  { "unknown key, no rules", &no_rules, .patch = &rsa_to_unknown, .codes = "" },
  { "may not sign", &oauth_rules, .patch = &no_signing, .codes = "E:may-not-sign" },
  { "may not sign, no rules", &no_rules, .patch = &no_signing, .codes = "" },
  { "not for servers", &oauth_rules, .patch = &server_to_ocsp, .codes = "E:not-server-auth" },
  { "for every purpose", &oauth_rules, .patch = &no_purposes, .codes = "" },
  { "no SIP domain", &oauth_rules, .cn = "www.other.example", .codes = "E:sip-domain" },
  { "used for another type", &oauth_rules, .cn = "www.other.example", .used = TRUE, .codes = "" },
  { "no SIP domain, no rules", &no_rules, .cn = "www.other.example", .codes = "" },
  { "last second", &oauth_rules, .now = END, .codes = "W:expires-soon",
    .text = "expires within a day, on 2 November 2026" },
  { "expired", &oauth_rules, .now = END + 1, .codes = "E:expired",
    .text = "expired 2 November 2026" },
  { "not yet", &oauth_rules, .now = START - 1, .codes = "E:not-yet-valid",
    .text = "not valid before 1 January 2026" },
  { "60 days left", &oauth_rules, .now = END - 60 * DAY, .codes = "" },
  { "less than 60", &oauth_rules, .now = END - 60 * DAY + 1, .codes = "N:expires-soon",
    .text = "expires 2 November 2026, in 59 days" },
  { "30 days left", &oauth_rules, .now = END - 30 * DAY, .codes = "N:expires-soon" },
  { "less than 30", &oauth_rules, .now = END - 30 * DAY + 1, .codes = "W:expires-soon",
    .text = "expires 2 November 2026, in 29 days" },
  { "one day left", &oauth_rules, .now = END - DAY, .codes = "W:expires-soon",
    .text = "expires 2 November 2026, in 1 day" },
  { "errors first", &oauth_rules, .rsa_bits = 1024, .now = END - DAY, .no_key = TRUE,
    .codes = "E:no-key W:expires-soon W:weak-key" },
};

static IssCertificate *
make (const char        *common_name,
      const char *const *dns_names,
      guint              rsa_bits,
      const Patch       *patch)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssCertificate) usual = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;
  gconstpointer data;
  guint8 *copy;
  guint8 *place;
  gsize size;
  IssMakerSpec spec =
    {
      .subject_cn = common_name,
      .dns_names = dns_names,
      .not_before = START,
      .not_after = END,
      .rsa_bits = rsa_bits,
      .token_issuer = TRUE,
      .key_label = "leaf",
    };

  usual = iss_maker_make (maker, &spec, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  if (patch == NULL)
    return g_steal_pointer (&usual);

  data = g_bytes_get_data (iss_certificate_get_der (usual), &size);
  copy = g_memdup2 (data, size);
  place = memmem (copy, size, patch->old, patch->size);
  g_assert_nonnull (place);
  memcpy (place, patch->new, patch->size);
  der = g_bytes_new_take (copy, size);
  certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);

  return certificate;
}

/* "E:no-key W:weak-key" */
static char *
list_codes (GPtrArray *findings)
{
  g_autoptr(GString) codes = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      g_test_message ("  %s: %s", finding->code, finding->text);
      g_string_append_printf (codes, "%s%c:%s", i > 0 ? " " : "",
                              "?EWN"[finding->severity], finding->code);
    }

  return g_string_free (g_steal_pointer (&codes), FALSE);
}

static void
test_suitability_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GPtrArray) findings = NULL;
      g_autofree char *codes = NULL;
      IssSuitabilityFacts facts =
        {
          .has_key = !c->no_key,
          .key_matches = !c->other_key,
          .server_name = "fe02",
          .sip_domains = sip_domains,
          .used_for_another_type = c->used,
          .now = c->now != 0 ? c->now : NOW,
        };

      g_test_message ("%s", c->name);
      certificate = make (c->cn != NULL ? c->cn : "auth.contoso.example", NULL,
                          c->rsa_bits != 0 ? c->rsa_bits : 1040, c->patch);
      facts.certificate = certificate;
      findings = iss_suitability_check (c->rules, &facts);
      codes = list_codes (findings);

      g_assert_cmpstr (codes, ==, c->codes);
      g_assert_true (iss_suitability_refuses (findings) == (strstr (c->codes, "E:") != NULL));
      g_assert_true (iss_suitability_warns (findings) == (strstr (c->codes, "W:") != NULL));

      if (c->text != NULL)
        g_assert_cmpstr (((IssFinding *) g_ptr_array_index (findings, 0))->text, ==, c->text);
    }
}

static void
test_suitability_sip_domains (void)
{
  static const struct { const char *cn; const char *dns; gboolean good; } names[] =
    {
      { "contoso.example", NULL, TRUE },
      { "CONTOSO.Example", NULL, TRUE },
      { "contoso.example.", NULL, TRUE },
      { "sip.contoso.example", NULL, TRUE },
      { "*.contoso.example", NULL, TRUE },
      { "Server", "auth.contoso.example", TRUE },
      { "", "contoso.example", TRUE },
      { "*.fabrikam.example", NULL, TRUE },
      { "", "*.fabrikam.example", TRUE },
      { "fabrikam.example", NULL, FALSE },
      { "*.example", NULL, FALSE },
      { "notcontoso.example", NULL, FALSE },
      { "contoso.example.evil.test", NULL, FALSE },
      { "sip.contoso.examples", NULL, FALSE },
      { "Server", "www.other.example", FALSE },
      { ".", NULL, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *dns_names[] = { names[i].dns, NULL };
      g_autoptr(IssCertificate) certificate = make (names[i].cn, dns_names, 1040, NULL);
      g_autoptr(GPtrArray) findings = NULL;
      IssSuitabilityFacts facts =
        {
          .certificate = certificate,
          .has_key = TRUE,
          .key_matches = TRUE,
          .sip_domains = sip_domains,
          .now = NOW,
        };

      g_test_message ("“%s” “%s”", names[i].cn, names[i].dns != NULL ? names[i].dns : "");
      findings = iss_suitability_check (&oauth_rules, &facts);
      g_assert_true (iss_suitability_refuses (findings) == !names[i].good);
    }
}

static void
test_suitability_no_domains (void)
{
  g_autoptr(IssCertificate) certificate = make ("auth.contoso.example", NULL, 1040, NULL);
  g_autoptr(GPtrArray) findings = NULL;
  g_autofree char *codes = NULL;
  IssSuitabilityFacts facts =
    {
      .certificate = certificate,
      .has_key = TRUE,
      .key_matches = TRUE,
      .now = NOW,
    };

  findings = iss_suitability_check (&oauth_rules, &facts);
  codes = list_codes (findings);
  g_assert_cmpstr (codes, ==, "N:sip-domain");
}

static void
test_suitability_chain (void)
{
  g_autoptr(IssCertificate) certificate = make ("auth.contoso.example", NULL, 1040, NULL);
  g_autoptr(GPtrArray) itself = g_ptr_array_new ();
  struct { const char *name; gboolean trusted; gboolean distrusted; gint64 now; const char *codes; }
    chains[] =
    {
      { "trusted", TRUE, FALSE, NOW, "" },
      { "untrusted", FALSE, FALSE, NOW, "E:untrusted" },
      { "distrusted", TRUE, TRUE, NOW, "E:distrusted" },
      { "expired is told once", TRUE, FALSE, END + 1, "E:expired" },
      { "too early is told once", TRUE, FALSE, START - 1, "E:not-yet-valid" },
    };

  g_ptr_array_add (itself, certificate);

  for (gsize i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autoptr(IssChain) chain = NULL;
      g_autoptr(GPtrArray) findings = NULL;
      g_autofree char *codes = NULL;
      IssSuitabilityFacts facts =
        {
          .certificate = certificate,
          .has_key = TRUE,
          .key_matches = TRUE,
          .now = chains[i].now,
        };

      g_test_message ("%s", chains[i].name);
      chain = iss_chain_build (certificate, chains[i].trusted ? itself : NULL, NULL,
                               chains[i].distrusted ? itself : NULL, chains[i].now);
      facts.chain = chain;
      findings = iss_suitability_check (&no_rules, &facts);
      codes = list_codes (findings);
      g_assert_cmpstr (codes, ==, chains[i].codes);
    }
}

static void
test_suitability_incomplete_chain (void)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(IssPrivateKey) issuer_key = NULL;
  g_autoptr(IssCertificate) issuer = NULL;
  g_autoptr(IssCertificate) leaf = NULL;
  g_autoptr(IssChain) chain = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *codes = NULL;
  IssMakerSpec spec =
    {
      .subject_cn = "Contoso CA",
      .not_before = START,
      .not_after = END,
      .rsa_bits = 1024,
      .is_ca = TRUE,
      .key_label = "authority",
    };
  IssSuitabilityFacts facts = { .has_key = TRUE, .key_matches = TRUE, .now = NOW };

  issuer = iss_maker_make (maker, &spec, NULL, NULL, &issuer_key, &error);
  g_assert_no_error (error);
  spec.subject_cn = "leaf";
  spec.is_ca = FALSE;
  leaf = iss_maker_make (maker, &spec, issuer, issuer_key, NULL, &error);
  g_assert_no_error (error);

  chain = iss_chain_build (leaf, NULL, NULL, NULL, NOW);
  facts.certificate = leaf;
  facts.chain = chain;
  findings = iss_suitability_check (&no_rules, &facts);
  codes = list_codes (findings);
  g_assert_cmpstr (codes, ==, "E:incomplete-chain");
  g_assert_cmpstr (((IssFinding *) g_ptr_array_index (findings, 0))->text, ==,
                   iss_chain_get_message (chain));
}

static void
test_suitability_finding (void)
{
  g_autoptr(IssFinding) finding = iss_finding_new (ISS_FINDING_NOTE, "code", "text");
  g_autoptr(IssFinding) copy = g_boxed_copy (ISS_TYPE_FINDING, finding);

  g_assert_true (copy != finding);
  g_assert_cmpint ((int) copy->severity, ==, (int) ISS_FINDING_NOTE);
  g_assert_cmpstr (copy->code, ==, "code");
  g_assert_cmpstr (copy->text, ==, "text");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/suitability/cases", test_suitability_cases);
  g_test_add_func ("/suitability/sip-domains", test_suitability_sip_domains);
  g_test_add_func ("/suitability/no-domains", test_suitability_no_domains);
  g_test_add_func ("/suitability/chain", test_suitability_chain);
  g_test_add_func ("/suitability/incomplete-chain", test_suitability_incomplete_chain);
  g_test_add_func ("/suitability/finding", test_suitability_finding);

  return g_test_run ();
}
