/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/* "next: roll of OAuthTokenIssuer, 12 July 2027, 00:00 (UTC+2)": what happens next on a pool, as
 * its servers were last seen. */
char        *iss_next_roll_dup_text (IssPool    *pool,
                                     gint64      now,
                                     GTimeZone  *zone) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): of which type; borrowed from what a server was last seen to use */
const char  *iss_next_roll_get_type (IssPool    *pool);

G_END_DECLS
