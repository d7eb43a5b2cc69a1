/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-trash.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* Deleting on servers, looking into their trash, and restoring from it: jobs. */

IssJob         *iss_pool_trash_delete_new   (GPtrArray         *servers,
                                             IssStoreName       store,
                                             GPtrArray         *certificates,
                                             gboolean           force,
                                             gboolean           what_if)
                                             G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): names of the trash entries there, once it is done */
const char *const *iss_pool_trash_get_deleted (IssJob          *job,
                                             IssServer         *server);

IssJob         *iss_pool_trash_list_new     (GPtrArray         *servers)
                                             G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
IssAgentTrash  *iss_pool_trash_get_listed   (IssJob            *job,
                                             IssServer         *server);

/* server -> GStrv of entries */
IssJob         *iss_pool_trash_restore_new  (GHashTable        *entries,
                                             gboolean           what_if)
                                             G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
