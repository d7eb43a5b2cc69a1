/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/overview.h"

G_BEGIN_DECLS

/* The facts of an overview as of another instant. For overview.c alone. */

/* element-type IssOverviewFact */
GPtrArray  *iss_overview_forecast_find  (IssPool    *pool,
                                         gint64      now,
                                         gint64      at,
                                         GTimeZone  *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
