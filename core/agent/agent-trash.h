/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/store/trash.h"

G_BEGIN_DECLS

/* ListTrash and Restore: both ends. */

/**
 * IssAgentTrash:
 *
 * What a server has in its trash.
 */
typedef struct
{
  GPtrArray *entries;   /* (element-type IssTrashEntry), newest first */
  guint      n_all;     /* may be more */
} IssAgentTrash;

void           iss_agent_trash_free          (IssAgentTrash         *self);

/* The agent's end. */
GVariant      *iss_agent_trash_run_list      (const IssAgentContext *context,
                                              GVariant              *parameters,
                                              GCancellable          *cancellable,
                                              GError               **error);
GVariant      *iss_agent_trash_run_restore   (const IssAgentContext *context,
                                              GVariant              *parameters,
                                              GCancellable          *cancellable,
                                              GError               **error);

/* The console's end; the values: IssAgentTrash; a GPtrArray of IssTrashEntry, what came back */
IssAgentCall  *iss_agent_trash_call_list     (void) G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_trash_call_restore  (const char *const     *ids,
                                              gboolean               what_if)
                                              G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAgentTrash, iss_agent_trash_free)

G_END_DECLS
