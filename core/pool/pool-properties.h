/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-key-access.h"
#include "core/agent/agent-properties.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* What is said about one certificate on servers, and who may read its key there: jobs. */

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

G_END_DECLS
