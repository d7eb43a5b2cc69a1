/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

#define ISS_SIGHTING_FRESH 300   /* seconds that a look of an earlier run counts as now */

/* How old what was seen of a server is, and how that is said. */

gboolean  iss_sighting_is_stale     (IssServer   *server,
                                     gint64       now);
/* (nullable): "seen 13:41, not answering since 13:58" */
char     *iss_sighting_dup_age      (IssServer   *server,
                                     gint64       now,
                                     GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
/* "fe03 has not answered since 13:58" */
char     *iss_sighting_dup_silence  (IssServer   *server,
                                     gint64       now,
                                     GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
