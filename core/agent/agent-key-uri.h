/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"

G_BEGIN_DECLS

/* SetKeyUri: both ends. */
GVariant      *iss_agent_key_uri_run   (const IssAgentContext  *context,
                                        GVariant               *parameters,
                                        GCancellable           *cancellable,
                                        GError                **error);

/* The value is the URI as it is stored; "": none is */
IssAgentCall  *iss_agent_key_uri_call  (GBytes                 *sha256,
                                        const char             *uri,
                                        IssSecret              *pin,
                                        gboolean                what_if) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
