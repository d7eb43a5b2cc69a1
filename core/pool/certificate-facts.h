/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details.h"
#include "core/pool/pool.h"
#include "core/pool/verdict.h"

G_BEGIN_DECLS

/**
 * IssCertificatePlace:
 *
 * What was seen of the certificate on one server of the pool. Strings belong to
 * the facts.
 */
typedef struct
{
  const char  *server;     /* "fe01" */
  const char  *sentence;   /* "in store", "does not have it", with its age where it is old */
  IssVerdict   verdict;    /* AGREES = it is there, MISSING, UNKNOWN */
  IssRung      rung;
  gboolean     stale;
} IssCertificatePlace;

#define ISS_TYPE_CERTIFICATE_FACTS (iss_certificate_facts_get_type ())

/* What a console says of one certificate on one server: the certificate dialog's
 * General and Details pages, and issuantctl show-certificate. A value: it does
 * not follow the server. */
G_DECLARE_FINAL_TYPE (IssCertificateFacts, iss_certificate_facts, ISS, CERTIFICATE_FACTS, GObject)

IssCertificateFacts  *iss_certificate_facts_new           (IssServer       *server,
                                                           IssPool         *pool,
                                                           IssCertificate  *certificate,
                                                           GVariant        *properties,
                                                           gint64           now,
                                                           GTimeZone       *zone)
                                                           G_GNUC_WARN_UNUSED_RESULT;

IssCertificate       *iss_certificate_facts_get_certificate (IssCertificateFacts *self);
IssDetails           *iss_certificate_facts_get_details   (IssCertificateFacts  *self);
const char           *iss_certificate_facts_get_title     (IssCertificateFacts  *self);
const char           *iss_certificate_facts_get_issued_by (IssCertificateFacts  *self);
const char           *iss_certificate_facts_get_valid_from (IssCertificateFacts *self);
const char           *iss_certificate_facts_get_valid_to  (IssCertificateFacts  *self);
/* (nullable): why it is not valid now, a sentence */
const char           *iss_certificate_facts_get_fault     (IssCertificateFacts  *self);
const char *const    *iss_certificate_facts_get_purposes  (IssCertificateFacts  *self);
gboolean              iss_certificate_facts_has_key       (IssCertificateFacts  *self);
/* sentences; (nullable): of no interest in this store */
const char           *iss_certificate_facts_get_key       (IssCertificateFacts  *self);
const char           *iss_certificate_facts_get_use       (IssCertificateFacts  *self);
const char           *iss_certificate_facts_get_store     (IssCertificateFacts  *self);   /* nick */

/* none outside Personal */
guint                 iss_certificate_facts_get_n_places  (IssCertificateFacts  *self);
const IssCertificatePlace *iss_certificate_facts_get_place (IssCertificateFacts *self,
                                                           guint                 index);

G_END_DECLS
