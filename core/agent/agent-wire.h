/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/certificate/suitability.h"
#include "core/store/import.h"

G_BEGIN_DECLS

/* How the arguments of org.issuant.Agent1 look on the wire, for both ends, and
 * what is checked of them. Nothing that is read here is trusted. */

#define ISS_AGENT_WIRE_PATH "/org/issuant/Agent1"
#define ISS_AGENT_WIRE_INTERFACE "org.issuant.Agent1"

#define ISS_AGENT_WIRE_MAX_TEXT 1024
#define ISS_AGENT_WIRE_MAX_ASKED 256
#define ISS_AGENT_WIRE_MAX_ITEMS 4096
#define ISS_AGENT_WIRE_MAX_REPLY (16 * 1024 * 1024)

/* "" when not there */
char       *iss_agent_wire_dup_text        (GVariant     *dictionary,
                                            const char   *name,
                                            gsize         max_characters) G_GNUC_WARN_UNUSED_RESULT;
char       *iss_agent_wire_dup_typed       (const char   *text,
                                            const char   *what,
                                            glong         max_characters,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_agent_wire_get_boolean     (GVariant     *dictionary,
                                            const char   *name);
/* of ay, shared */
GBytes     *iss_agent_wire_dup_bytes       (GVariant     *bytes) G_GNUC_WARN_UNUSED_RESULT;
GVariant   *iss_agent_wire_new_bytes       (GBytes       *bytes);   /* floating ay */

/* The clear text of Import's sealed argument: the serialised form of (aybay). */
IssSecret  *iss_agent_wire_pack_import     (GBytes       *file,
                                            IssSecret    *password) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_agent_wire_unpack_import   (IssSecret    *clear,
                                            GBytes      **out_file,
                                            IssSecret   **out_password,
                                            GError      **error);

GVariant   *iss_agent_wire_new_hashes      (GPtrArray    *sha256);   /* GBytes -> floating aay */
/* aay -> GBytes */
GPtrArray  *iss_agent_wire_read_hashes     (GVariant     *hashes,
                                            guint         max,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

GVariant   *iss_agent_wire_new_findings    (GPtrArray    *findings);   /* floating a(uss) */
GPtrArray  *iss_agent_wire_read_findings   (GVariant     *findings,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* IssImportItem -> floating aa{sv} */
GVariant   *iss_agent_wire_new_items       (GPtrArray    *items);
GPtrArray  *iss_agent_wire_read_items      (GVariant     *items,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
