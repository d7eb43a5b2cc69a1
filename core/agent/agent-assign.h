/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssAgentAssign:
 *
 * One call of SetAssignments or RemoveAssignment, on the agent's side.
 * Everything borrowed.
 */
typedef struct
{
  IssRootFolder  *root;
  const char     *who;
  gint64          now;
  GVariant       *options;   /* a{sv} */
} IssAgentAssign;

void       iss_agent_assign_set_async     (const IssAgentAssign *assign,
                                           GVariant             *wanted,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);   /* wanted: a(say) */
void       iss_agent_assign_remove_async  (const IssAgentAssign *assign,
                                           const char           *type,
                                           const char           *slot,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* outcome a{sv}, not floating */
GVariant  *iss_agent_assign_finish        (GAsyncResult         *result,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* The options "server-name" and "sip-domains", checked. */
gboolean   iss_agent_assign_read_names    (GVariant             *options,
                                           char                **out_server_name,
                                           char               ***out_sip_domains,
                                           GError              **error);

G_END_DECLS
