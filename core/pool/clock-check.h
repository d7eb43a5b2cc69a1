/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_CLOCK_CHECK_WARNING 5     /* seconds that a clock may be off before it is said */
#define ISS_CLOCK_CHECK_LIMIT 60      /* and before no roll is begun */

/* Whether the servers' clocks agree with this computer's: tokens are refused when they do
 * not, and a roll at an instant happens at as many. */

/* "7 s ahead" */
char      *iss_clock_check_dup_text     (gdouble      offset) G_GNUC_WARN_UNUSED_RESULT;
/* whether a roll there waits until it is set right: here, and for the replicator */
gboolean   iss_clock_check_is_far       (gdouble      offset);
/* (nullable): those that are too far off, or NULL */
char      *iss_clock_check_dup_warning  (IssPool     *pool,
                                         gdouble     *out_worst,
                                         guint       *out_n_measured) G_GNUC_WARN_UNUSED_RESULT;
/* NEEDS_CONFIRMATION where a roll would come at another time than is meant */
gboolean   iss_clock_check_roll         (GPtrArray   *servers,
                                         gboolean     force,
                                         GError     **error);

G_END_DECLS
