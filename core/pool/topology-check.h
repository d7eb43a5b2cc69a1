/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_TOPOLOGY_CHECK_MAX_SIP_DOMAINS 256
#define ISS_TOPOLOGY_CHECK_USE "seen-in-use."   /* before a certificate type */

/* Judges the text of a topology file; only topology.c calls it. */

gboolean  iss_topology_check_load      (GKeyFile    *key_file,
                                        const char  *text,
                                        const char  *file_name,
                                        GError     **error);
gboolean  iss_topology_check_is_sha256 (const char  *text);
gboolean  iss_topology_check_is_server (const char  *text);

G_END_DECLS
