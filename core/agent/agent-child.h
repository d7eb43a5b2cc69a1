/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/agent/launch.h"

G_BEGIN_DECLS

#define ISS_TYPE_AGENT_CHILD (iss_agent_child_get_type ())

/* The process at the other end of a connection: the agent of a local server,
 * or ssh. Keeps the last that it says on stderr, and sees it off. */
G_DECLARE_FINAL_TYPE (IssAgentChild, iss_agent_child, ISS, AGENT_CHILD, GObject)

IssAgentChild *iss_agent_child_spawn          (IssConnectionAddress  *address,
                                               const IssLaunch       *launch,
                                               GError               **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

GIOStream     *iss_agent_child_get_stream     (IssAgentChild         *self);
/* (nullable): what ssh was shown */
const char    *iss_agent_child_get_host_key   (IssAgentChild         *self);
/* its stream is closed: it has 5 s */
void           iss_agent_child_dismiss        (IssAgentChild         *self);
void           iss_agent_child_kill           (IssAgentChild         *self);

/* Waits for its end (2 s, then it is killed); the error says why it came. */
void           iss_agent_child_explain_async  (IssAgentChild         *self,
                                               GAsyncReadyCallback    callback,
                                               gpointer               user_data);
GError        *iss_agent_child_explain_finish (IssAgentChild         *self,
                                               GAsyncResult          *result)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
