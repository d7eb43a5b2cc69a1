/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/overview.h"

G_BEGIN_DECLS

/* seconds before its end that a certificate is warned of */
#define ISS_OVERVIEW_SOON (30 * 24 * 3600)

/* element-type IssOverviewFact */
GPtrArray  *iss_overview_fact_find    (IssPool          *pool,
                                       gint64            now,
                                       GTimeZone        *zone) G_GNUC_WARN_UNUSED_RESULT;
void        iss_overview_fact_free    (IssOverviewFact  *self);

G_END_DECLS
