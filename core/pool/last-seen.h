/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

/* What was last seen of each server, kept between runs of the programs: one
 * file a server in a cache folder. Losing it loses only ages. */

gboolean  iss_last_seen_save (const char  *folder,
                              IssServer   *server,
                              GError     **error);
gboolean  iss_last_seen_load (const char  *folder,
                              IssServer   *server,
                              GError     **error);

G_END_DECLS
