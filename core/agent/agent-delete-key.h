/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"

G_BEGIN_DECLS

/* DeleteKey: takes a private key from a server, for good, after it was exported. */

/* agent: whether no assignment uses it, and whether it may go */
gboolean       iss_agent_delete_key_check_unused  (IssRootFolder          *root,
                                                   IssCertificate         *certificate,
                                                   GError                **error);
gboolean       iss_agent_delete_key_check         (IssRootFolder          *root,
                                                   IssCertificate         *certificate,
                                                   GError                **error);
GVariant      *iss_agent_delete_key_run           (const IssAgentContext  *context,
                                                   GVariant               *parameters,
                                                   GCancellable           *cancellable,
                                                   GError                **error);

/* console; its value only says that it was done */
IssAgentCall  *iss_agent_delete_key_new_call      (GBytes                 *sha256,
                                                   gboolean                what_if)
                                                   G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
