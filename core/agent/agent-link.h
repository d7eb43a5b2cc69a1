/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/agent/launch.h"

G_BEGIN_DECLS

#define ISS_TYPE_AGENT_LINK (iss_agent_link_get_type ())

/* An open connection to an agent's process, on which methods can be called.
 * Knows nothing of what they mean. Signals "closed" (GError *reason), once, and
 * "changed". */
G_DECLARE_FINAL_TYPE (IssAgentLink, iss_agent_link, ISS, AGENT_LINK, GObject)

void           iss_agent_link_open_async  (IssConnectionAddress *address,
                                           const IssLaunch      *launch,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* hello: (ua{sv}) */
IssAgentLink  *iss_agent_link_open_finish (GAsyncResult         *result,
                                           GVariant            **out_hello,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): the ssh host key that it was made under */
const char    *iss_agent_link_get_host_key (IssAgentLink        *self);
/* monotonic, microseconds */
void           iss_agent_link_get_hello_times (IssAgentLink     *self,
                                           gint64               *out_sent,
                                           gint64               *out_received);

void           iss_agent_link_call_async  (IssAgentLink         *self,
                                           const char           *method,
                                           GVariant             *parameters,
                                           const char           *reply_type,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GVariant      *iss_agent_link_call_finish (IssAgentLink         *self,
                                           GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean       iss_agent_link_is_closed   (IssAgentLink         *self);
void           iss_agent_link_close       (IssAgentLink         *self,
                                           GError               *reason);

G_END_DECLS
