/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-key-access.h"
#include "core/agent/agent-properties.h"
#include "core/base/secret.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* What is said about one certificate on servers, where its key is there, and who may read it:
 * jobs. */

IssJob              *iss_pool_properties_new        (GPtrArray         *servers,
                                                     GBytes            *sha256,
                                                     const IssAgentPropertyChanges *changes,
                                                     gboolean           force,
                                                     gboolean           what_if)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* allow and deny both empty: only looks */
IssJob              *iss_pool_properties_new_access (GPtrArray         *servers,
                                                     GBytes            *sha256,
                                                     const char *const *allow,
                                                     const char *const *deny,
                                                     gboolean           what_if)
                                                     G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): as the server said when it was done */
const IssKeyAccess  *iss_pool_properties_get_access (IssJob            *job,
                                                     IssServer         *server);

/* ties the certificate to a key in a token; pin: (nullable): the server's own */
IssJob              *iss_pool_properties_new_key_uri (GPtrArray        *servers,
                                                     GBytes            *sha256,
                                                     const char        *uri,
                                                     IssSecret         *pin,
                                                     gboolean           what_if)
                                                     G_GNUC_WARN_UNUSED_RESULT;
/* and unties it; nothing in the token changes */
IssJob              *iss_pool_properties_new_forget_key_uri
                                                    (GPtrArray         *servers,
                                                     GBytes            *sha256,
                                                     gboolean           what_if)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
