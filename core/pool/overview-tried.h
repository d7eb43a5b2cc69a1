/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/overview.h"

G_BEGIN_DECLS

/* What this program itself has tried or asked, where that is not as it should be. */

/* element-type IssOverviewFact */
void  iss_overview_tried_add  (IssPool    *pool,
                               gint64      now,
                               GTimeZone  *zone,
                               GPtrArray  *facts);

G_END_DECLS
