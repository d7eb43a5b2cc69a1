/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-assign.h"
#include "core/pool/job.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

/* Assign a certificate for types on several servers. Made on the whole pool for
 * a pool-wide type, and successful everywhere that answers, it also becomes what
 * is agreed: iss_pool_assign_record says so in the topology file. */

IssJob    *iss_pool_assign_new_change (IssPool                *pool,
                                       GPtrArray              *servers,
                                       const IssAssignRequest *request) G_GNUC_WARN_UNUSED_RESULT;
IssJob    *iss_pool_assign_new        (IssPool            *pool,
                                       GPtrArray          *servers,
                                       const char *const  *types,
                                       GBytes             *sha256,
                                       gboolean            force,
                                       gboolean            what_if) G_GNUC_WARN_UNUSED_RESULT;
IssJob    *iss_pool_assign_new_remove (IssPool            *pool,
                                       GPtrArray          *servers,
                                       const char         *type,
                                       IssSlot             slot,
                                       gboolean            force,
                                       gboolean            what_if) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssServer): nothing there will run it at its instant */
GPtrArray *iss_pool_assign_dup_unattended (IssJob         *job) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_pool_assign_record     (IssWorkspace       *workspace,
                                       IssPool            *pool,
                                       IssJob             *job,
                                       const char         *by,
                                       gboolean           *out_agreed,
                                       GError            **error);

G_END_DECLS
