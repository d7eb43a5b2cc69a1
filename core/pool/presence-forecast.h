/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence.h"

G_BEGIN_DECLS

/* A presence as of another instant, in words: "On 14 July 2027: fe03 signs with an expired
 * certificate." */

/* "On 14 July 2027" */
char  *iss_presence_forecast_dup_when    (gint64         at,
                                          GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
/* of one current column, without a full stop */
char  *iss_presence_forecast_dup_column  (IssPresence   *presence,
                                          guint          column,
                                          GTimeZone     *zone,
                                          gboolean      *out_good) G_GNUC_WARN_UNUSED_RESULT;
char  *iss_presence_forecast_dup_line    (IssPresence   *presence,
                                          gint64         at,
                                          GTimeZone     *zone,
                                          gboolean      *out_good) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
