/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/assignment/assignments.h"
#include "core/certificate/certificate.h"
#include "core/store/key-access.h"

G_BEGIN_DECLS

/* GetKeyAccess and SetKeyAccess: both ends. */
GVariant      *iss_agent_key_access_run_get   (const IssAgentContext *context,
                                               GVariant              *parameters,
                                               GCancellable          *cancellable,
                                               GError               **error);
GVariant      *iss_agent_key_access_run_set   (const IssAgentContext *context,
                                               GVariant              *parameters,
                                               GCancellable          *cancellable,
                                               GError               **error);

/* The value is an IssKeyAccess */
IssAgentCall  *iss_agent_key_access_call_get  (GBytes                *sha256)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* The value is an IssKeyAccess, too: as it is then */
IssAgentCall  *iss_agent_key_access_call_set  (GBytes                *sha256,
                                               const char *const     *allow,
                                               const char *const     *deny,
                                               gboolean               what_if)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
