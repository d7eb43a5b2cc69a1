/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/suitability.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

#define DAY (24 * 60 * 60)
#define NOTE_DAYS 60
#define WARNING_DAYS 30

/**
 * IssFinding:
 *
 * One thing a suitability check has to say.
 */
G_DEFINE_BOXED_TYPE (IssFinding, iss_finding, iss_finding_copy, iss_finding_free)

/**
 * iss_finding_new:
 * @severity: how much it matters
 * @code: a stable word for machines
 * @text: one sentence for people
 *
 * Returns: (transfer full): the finding
 */
IssFinding *
iss_finding_new (IssFindingSeverity  severity,
                 const char         *code,
                 const char         *text)
{
  IssFinding *self;

  g_return_val_if_fail (code != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (IssFinding, 1);
  self->severity = severity;
  self->code = g_strdup (code);
  self->text = g_strdup (text);

  return self;
}

/**
 * iss_finding_copy:
 * @self: a finding
 *
 * Returns: (transfer full): another one that says the same
 */
IssFinding *
iss_finding_copy (const IssFinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return iss_finding_new (self->severity, self->code, self->text);
}

/**
 * iss_finding_free:
 * @self: (transfer full) (nullable): a finding
 */
void
iss_finding_free (IssFinding *self)
{
  if (self == NULL)
    return;

  g_free (self->code);
  g_free (self->text);
  g_free (self);
}

static void G_GNUC_PRINTF (4, 5)
add (GPtrArray          *findings,
     IssFindingSeverity  severity,
     const char         *code,
     const char         *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (findings, iss_finding_new (severity, code, text));
}

static void
check_key_present (GPtrArray                 *findings,
                   const IssSuitabilityFacts *facts)
{
  const char *server = facts->server_name != NULL ? facts->server_name : _("this server");

  if (!facts->has_key)
    add (findings, ISS_FINDING_ERROR, "no-key",
         _("no private key on %s: import it there with its key"), server);
  else if (!facts->key_matches)
    add (findings, ISS_FINDING_ERROR, "key-mismatch",
         _("the private key on %s belongs to another certificate: import it there again "
           "with its own key"), server);
}

static void
check_key (GPtrArray                 *findings,
           const IssSuitabilityRules *rules,
           IssCertificate            *certificate)
{
  const char *algorithm = iss_certificate_get_key_algorithm (certificate);
  gboolean is_rsa = strcmp (algorithm, "RSA") == 0;
  guint bits = iss_certificate_get_key_bits (certificate);

  if (rules->rsa_only && strcmp (algorithm, "RSA-PSS") == 0)
    add (findings, ISS_FINDING_ERROR, "not-rsa",
         _("its key is for RSASSA-PSS only: an ordinary RSA key is needed"));
  else if (rules->rsa_only && !is_rsa)
    add (findings, ISS_FINDING_ERROR, "not-rsa", _("%s key: an RSA key is needed"), algorithm);

  if (is_rsa && bits < rules->min_rsa_bits)
    add (findings, ISS_FINDING_ERROR, "small-key",
         _("%u-bit key: at least %u bits are needed"), bits, rules->min_rsa_bits);
  else if (is_rsa && bits < rules->good_rsa_bits)
    add (findings, ISS_FINDING_WARNING, "weak-key",
         _("%u-bit key: at least %u bits are better"), bits, rules->good_rsa_bits);

  if (rules->must_sign && !iss_certificate_may_sign (certificate))
    add (findings, ISS_FINDING_ERROR, "may-not-sign",
         _("its key usage does not allow digital signatures: request one that does"));
}

static void
check_validity (GPtrArray      *findings,
                IssCertificate *certificate,
                gint64          now)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  gint64 not_before = iss_certificate_get_not_before (certificate);
  gint64 not_after = iss_certificate_get_not_after (certificate);
  g_autofree char *begins = iss_time_text_date (not_before, utc);
  g_autofree char *ends = iss_time_text_date (not_after, utc);
  gint64 days;

  if (now > not_after)
    {
      add (findings, ISS_FINDING_ERROR, "expired", _("expired %s"), ends);
      return;
    }

  if (now < not_before)
    add (findings, ISS_FINDING_ERROR, "not-yet-valid", _("not valid before %s"), begins);

  if (not_after - now >= NOTE_DAYS * DAY)
    return;

  days = (not_after - now) / DAY;
  if (days == 0)
    {
      add (findings, ISS_FINDING_WARNING, "expires-soon", _("expires within a day, on %s"), ends);
      return;
    }

  add (findings, days < WARNING_DAYS ? ISS_FINDING_WARNING : ISS_FINDING_NOTE, "expires-soon",
       /* Translators: %s is a date */
       ngettext ("expires %s, in %d day", "expires %s, in %d days", (gulong) days),
       ends, (int) days);
}

/* The certificate's own dates have been told before: only what is above it is
 * news here. */
static void
check_chain (GPtrArray                 *findings,
             const IssSuitabilityFacts *facts)
{
  gint64 not_before = iss_certificate_get_not_before (facts->certificate);
  gint64 not_after = iss_certificate_get_not_after (facts->certificate);
  const char *message;

  if (facts->chain == NULL)
    return;

  message = iss_chain_get_message (facts->chain);

  switch (iss_chain_get_status (facts->chain))
    {
    case ISS_CHAIN_STATUS_TRUSTED:
      break;

    case ISS_CHAIN_STATUS_DISTRUSTED:
      add (findings, ISS_FINDING_ERROR, "distrusted", "%s", message);
      break;

    case ISS_CHAIN_STATUS_INCOMPLETE:
      add (findings, ISS_FINDING_ERROR, "incomplete-chain", "%s", message);
      break;

    case ISS_CHAIN_STATUS_EXPIRED:
      if (facts->now <= not_after)
        add (findings, ISS_FINDING_ERROR, "untrusted", "%s", message);
      break;

    case ISS_CHAIN_STATUS_NOT_YET_VALID:
      if (facts->now >= not_before)
        add (findings, ISS_FINDING_ERROR, "untrusted", "%s", message);
      break;

    case ISS_CHAIN_STATUS_UNTRUSTED_ROOT:
    case ISS_CHAIN_STATUS_BAD_SIGNATURE:
    case ISS_CHAIN_STATUS_MAY_NOT_ISSUE:
    case ISS_CHAIN_STATUS_OTHER:
    case ISS_CHAIN_N_STATUSES:
      add (findings, ISS_FINDING_ERROR, "untrusted", "%s", message);
      break;
    }
}

/* RFC 5280 section 4.2.1.12: without the extension every purpose is allowed. */
static gboolean
allows_server_auth (IssCertificate *certificate)
{
  int critical = 0;
  g_autoptr(EXTENDED_KEY_USAGE) usages =
    X509_get_ext_d2i (iss_certificate_get_x509 (certificate), NID_ext_key_usage, &critical, NULL);

  ERR_clear_error ();

  if (usages == NULL)
    return critical == -1;

  for (int i = 0; i < sk_ASN1_OBJECT_num (usages); i++)
    {
      int nid = OBJ_obj2nid (sk_ASN1_OBJECT_value (usages, i));

      if (nid == NID_server_auth || nid == NID_anyExtendedKeyUsage)
        return TRUE;
    }

  return FALSE;
}

static gsize
length_without_dot (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && name[length - 1] == '.' ? length - 1 : length;
}

/* The domain itself, anything below it (sip., auth., *.), or a wildcard that
 * stands for it; not a wildcard for a whole top-level domain. */
static gboolean
covers_domain (const char *name,
               const char *domain)
{
  gsize name_length = length_without_dot (name);
  gsize domain_length = length_without_dot (domain);
  const char *parent = strchr (domain, '.');

  if (domain_length == 0 || name_length == 0)
    return FALSE;

  if (name_length == domain_length)
    return g_ascii_strncasecmp (name, domain, domain_length) == 0;

  if (name_length > domain_length)
    return name[name_length - domain_length - 1] == '.' &&
           g_ascii_strncasecmp (name + name_length - domain_length, domain, domain_length) == 0;

  if (name[0] != '*' || name[1] != '.' || parent == NULL || strchr (name + 2, '.') == NULL)
    return FALSE;

  return name_length - 1 == (gsize) (domain + domain_length - parent) &&
         g_ascii_strncasecmp (name + 1, parent, name_length - 1) == 0;
}

/* All common names of the subject and all DNS names. */
static GStrv
dup_names (IssCertificate *certificate)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const X509_NAME *subject = X509_get_subject_name (iss_certificate_get_x509 (certificate));
  const char *const *dns_names = iss_certificate_get_dns_names (certificate);

  for (int i = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
       i >= 0;
       i = X509_NAME_get_index_by_NID (subject, NID_commonName, i))
    {
      X509_NAME_ENTRY *entry = X509_NAME_get_entry (subject, i);
      unsigned char *utf8 = NULL;
      int length = ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (entry));

      /* A NUL in a name must not make it end early. */
      if (length > 0 && memchr (utf8, '\0', (size_t) length) == NULL)
        {
          g_autofree char *name = iss_text_sanitise ((const char *) utf8, length, 256);

          g_strv_builder_add (builder, name);
        }

      OPENSSL_free (utf8);
    }

  ERR_clear_error ();

  g_strv_builder_addv (builder, (const char **) dns_names);

  return g_strv_builder_end (builder);
}

static void
check_sip_domain (GPtrArray                 *findings,
                  const IssSuitabilityFacts *facts)
{
  g_auto(GStrv) names = NULL;
  g_autofree char *domains = NULL;

  if (facts->used_for_another_type)
    return;

  if (facts->sip_domains == NULL || facts->sip_domains[0] == NULL)
    {
      add (findings, ISS_FINDING_NOTE, "sip-domain",
           _("the pool has no SIP domains to compare its names with: add them to the pool"));
      return;
    }

  names = dup_names (facts->certificate);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      for (gsize j = 0; facts->sip_domains[j] != NULL; j++)
        {
          if (covers_domain (names[i], facts->sip_domains[j]))
            return;
        }
    }

  domains = iss_text_join_names (facts->sip_domains);
  add (findings, ISS_FINDING_ERROR, "sip-domain",
       _("no SIP domain (%s) in its subject or alternative names: request one with it, "
         "or assign this one to another type first"), domains);
}

static int
compare_severity (gconstpointer a,
                  gconstpointer b)
{
  const IssFinding *first = *(const IssFinding *const *) a;
  const IssFinding *second = *(const IssFinding *const *) b;

  return (int) first->severity - (int) second->severity;
}

/**
 * iss_suitability_check:
 * @rules: what a certificate type asks
 * @facts: what the server knows
 *
 * Judges a certificate for a type. Codes: "no-key", "key-mismatch", "not-rsa",
 * "small-key", "weak-key", "may-not-sign", "expired", "not-yet-valid",
 * "expires-soon" (a note from 60 days before, a warning from 30), "distrusted",
 * "incomplete-chain", "untrusted", "not-server-auth", "sip-domain" (a note if the
 * pool has no SIP domains).
 *
 * Returns: (transfer full) (element-type IssFinding): errors first, then
 *   warnings, then notes; empty if there is nothing to say
 */
GPtrArray *
iss_suitability_check (const IssSuitabilityRules *rules,
                       const IssSuitabilityFacts *facts)
{
  g_autoptr(GPtrArray) findings = NULL;

  g_return_val_if_fail (rules != NULL, NULL);
  g_return_val_if_fail (facts != NULL && ISS_IS_CERTIFICATE (facts->certificate), NULL);

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);

  check_validity (findings, facts->certificate, facts->now);
  check_key_present (findings, facts);
  check_key (findings, rules, facts->certificate);
  check_chain (findings, facts);

  if (rules->server_auth && !allows_server_auth (facts->certificate))
    add (findings, ISS_FINDING_ERROR, "not-server-auth",
         _("its purposes do not include server authentication: request one that does"));

  if (rules->sip_domain)
    check_sip_domain (findings, facts);

  /* GLib's sort of arrays is stable. */
  g_ptr_array_sort (findings, compare_severity);

  return g_steal_pointer (&findings);
}

static gboolean
has_severity (GPtrArray          *findings,
              IssFindingSeverity  severity)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == severity)
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_suitability_refuses:
 * @findings: (element-type IssFinding): findings
 *
 * Returns: whether one of them is an error, so that the certificate may not be used
 */
gboolean
iss_suitability_refuses (GPtrArray *findings)
{
  g_return_val_if_fail (findings != NULL, TRUE);

  return has_severity (findings, ISS_FINDING_ERROR);
}

/**
 * iss_suitability_warns:
 * @findings: (element-type IssFinding): findings
 *
 * Returns: whether one of them is a warning, which must be confirmed
 */
gboolean
iss_suitability_warns (GPtrArray *findings)
{
  g_return_val_if_fail (findings != NULL, FALSE);

  return has_severity (findings, ISS_FINDING_WARNING);
}
