/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/chain.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_FINDING_ERROR   = 1,   /* refuses; values cross the wire */
  ISS_FINDING_WARNING = 2,   /* must be confirmed */
  ISS_FINDING_NOTE    = 3
} IssFindingSeverity;

/* One thing a suitability check has to say. Boxed, immutable. */
typedef struct
{
  IssFindingSeverity  severity;
  char               *code;     /* stable word for machines: "no-key", "expired", "weak-key", … */
  char               *text;     /* one sentence: what, and what to do */
} IssFinding;

#define ISS_TYPE_FINDING (iss_finding_get_type ())

GType        iss_finding_get_type  (void);
IssFinding  *iss_finding_new       (IssFindingSeverity  severity,
                                    const char         *code,
                                    const char         *text) G_GNUC_WARN_UNUSED_RESULT;
IssFinding  *iss_finding_copy      (const IssFinding   *self) G_GNUC_WARN_UNUSED_RESULT;
void         iss_finding_free      (IssFinding         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssFinding, iss_finding_free)

/**
 * IssSuitabilityRules:
 *
 * What one certificate type asks of a certificate.
 */
typedef struct
{
  guint     min_rsa_bits;      /* an error below; 0 = no rule */
  guint     good_rsa_bits;     /* a warning below */
  gboolean  rsa_only;
  gboolean  must_sign;         /* keyUsage must allow digitalSignature */
  gboolean  server_auth;       /* EKU must allow server authentication, where there is one */
  /* a SIP domain in subject or SAN, unless used for another type there */
  gboolean  sip_domain;
} IssSuitabilityRules;

/**
 * IssSuitabilityFacts:
 *
 * What the server knows about the certificate. Everything borrowed.
 */
typedef struct
{
  IssCertificate    *certificate;
  IssChain          *chain;              /* (nullable): not looked at */
  gboolean           has_key;
  gboolean           key_matches;
  const char        *server_name;
  const char *const *sip_domains;        /* (nullable) */
  gboolean           used_for_another_type;
  gint64             now;
} IssSuitabilityFacts;

GPtrArray   *iss_suitability_check   (const IssSuitabilityRules *rules,
                                      const IssSuitabilityFacts *facts) G_GNUC_WARN_UNUSED_RESULT;
gboolean     iss_suitability_refuses (GPtrArray *findings);
gboolean     iss_suitability_warns   (GPtrArray *findings);

G_END_DECLS
