/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

/**
 * IssServerZone:
 *
 * An instant as the clocks on the wall of some servers show it.
 */
typedef struct
{
  char *servers;   /* "fe01 and fe02" */
  char *text;      /* "1 July 2027, 00:00 (UTC+2)" */
} IssServerZone;

/* (element-type IssServerZone): a line a zone; servers that have not told theirs are left out */
GPtrArray  *iss_server_zone_list (GPtrArray  *servers,
                                  gint64      instant) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
