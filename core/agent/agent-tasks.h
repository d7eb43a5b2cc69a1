/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/replication/task.h"

G_BEGIN_DECLS

/* GetTasks: what a server does at an instant, both ends. */

/**
 * IssAgentTasks:
 *
 * The tasks of a server at one instant.
 */
typedef struct
{
  GPtrArray *waiting;          /* (element-type IssTask): in the order of their instants */
  GPtrArray *over;             /* (element-type IssTask): the one that ended last first */
  gint64     time;             /* the server's own clock */
  gint64     resident_since;   /* since when a service runs them; 0 = none does */
} IssAgentTasks;

/* agent */
GVariant      *iss_agent_tasks_run       (const IssAgentContext  *context,
                                          GVariant               *parameters,
                                          GCancellable           *cancellable,
                                          GError                **error);

/* console; its value is an IssAgentTasks */
IssAgentCall  *iss_agent_tasks_new_call  (void) G_GNUC_WARN_UNUSED_RESULT;
void           iss_agent_tasks_free      (IssAgentTasks          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAgentTasks, iss_agent_tasks_free)

G_END_DECLS
