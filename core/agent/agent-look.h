/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-method.h"
#include "core/store/row-table.h"

G_BEGIN_DECLS

/* What an agent reads from a server's folder for its caller, each in a thread.
 * Changes nothing and takes no lock. */

void          iss_agent_look_rows_async        (IssRootFolder             *root,
                                                IssStoreName               store,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);
IssRowTable  *iss_agent_look_rows_finish       (GAsyncResult              *result,
                                                GError                   **error)
                                                G_GNUC_WARN_UNUSED_RESULT;

void          iss_agent_look_observe_async     (IssRootFolder             *root,
                                                GPtrArray                 *asked,
                                                gint64                     now,
                                                GAsyncReadyCallback        callback,
                                                gpointer                   user_data);   /* a{sv} */
/* not floating */
GVariant     *iss_agent_look_observe_finish    (GAsyncResult              *result,
                                                GError                   **error)
                                                G_GNUC_WARN_UNUSED_RESULT;

GVariant     *iss_agent_look_get_certificate   (const IssAgentContext     *context,
                                                GVariant                  *parameters,
                                                GCancellable              *cancellable,
                                                GError                   **error);
GVariant     *iss_agent_look_judge             (const IssAgentContext     *context,
                                                GVariant                  *parameters,
                                                GCancellable              *cancellable,
                                                GError                   **error);

G_END_DECLS
