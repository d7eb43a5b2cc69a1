/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence.h"

G_BEGIN_DECLS

/* A presence in words: the one line that answers the question, and the whole
 * as text for a ticket. For presence.c alone. */

char  *iss_presence_line_dup        (IssPresence  *presence,
                                     gint64        now,
                                     GTimeZone    *zone,
                                     gboolean     *out_good) G_GNUC_WARN_UNUSED_RESULT;
char  *iss_presence_line_dup_ticket (IssPresence  *presence,
                                     const char   *pool,
                                     const char   *verdict,
                                     const char   *observer,
                                     gint64        now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
