/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/* Delete: certificates into the trash, all or none; both ends. */

GVariant      *iss_agent_delete_run   (const IssAgentContext *context,
                                       GVariant              *parameters,
                                       GCancellable          *cancellable,
                                       GError               **error);

/* The value is a GStrv, the names of the trash entries; nothing in it with what-if */
IssAgentCall  *iss_agent_delete_call  (IssStoreName           store,
                                       GPtrArray             *certificates,
                                       gboolean               force,
                                       gboolean               what_if)
                                       G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
