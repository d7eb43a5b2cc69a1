/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/store/root-folder.h"
#include "core/store/row-table.h"

G_BEGIN_DECLS

/* What an agent reads from a server's folder for its caller, each in a thread.
 * Changes nothing and takes no lock. */

void          iss_agent_look_rows_async        (IssRootFolder             *root,
                                                IssStoreName               store,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);
IssRowTable  *iss_agent_look_rows_finish       (GAsyncResult              *result,
                                                GError                   **error)
                                                G_GNUC_WARN_UNUSED_RESULT;

void          iss_agent_look_observe_async     (IssRootFolder             *root,
                                                GPtrArray                 *asked,
                                                gint64                     now,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);   /* a{sv} */
/* (aya{sv}); ISS_N_STORES = any */
void          iss_agent_look_certificate_async (IssRootFolder             *root,
                                                IssStoreName               store,
                                                GBytes                    *sha256,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);
/* aa(uss) */
void          iss_agent_look_judge_async       (IssRootFolder             *root,
                                                const IssCertificateType  *type,
                                                GPtrArray                 *certificates,
                                                const char                *server_name,
                                                const char *const         *sip_domains,
                                                gint64                     now,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);
/* not floating */
GVariant     *iss_agent_look_variant_finish    (GAsyncResult              *result,
                                                GError                   **error)
                                                G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
