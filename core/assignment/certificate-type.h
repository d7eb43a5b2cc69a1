/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/suitability.h"

G_BEGIN_DECLS

/**
 * IssCertificateType:
 *
 * One line of the table of certificate types. The table is the only place that
 * knows a type; an entry lives for ever and is compared by pointer.
 */
typedef struct
{
  const char          *name;             /* "OAuthTokenIssuer": files, wire, options */
  const char          *label;            /* untranslated; see _get_label */
  const char          *group;            /* "Default certificate", "Edge", …: untranslated */
  gboolean             pool_wide;        /* the same certificate on every server */
  gboolean             rollable;
  gint64               token_lifetime;   /* seconds; 0 = issues no tokens */
  IssSuitabilityRules  rules;
} IssCertificateType;

guint                      iss_certificate_type_get_n     (void);
const IssCertificateType  *iss_certificate_type_get       (guint          index);
const IssCertificateType  *iss_certificate_type_find      (const char    *name);
const IssCertificateType  *iss_certificate_type_parse     (const char    *name,
                                                           GError       **error);
const char                *iss_certificate_type_get_label (const IssCertificateType *self);

G_END_DECLS
