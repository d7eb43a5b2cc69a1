/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"

G_BEGIN_DECLS

/**
 * AgentReloadOutcome:
 *
 * How a command has ended.
 */
typedef struct
{
  IssReloadState  state;
  char           *reason;   /* (nullable): why it failed, without a full stop */
  char           *output;   /* fit to be shown, in one line */
} AgentReloadOutcome;

void                 agent_reload_process_run_async  (const char *const    *argv,
                                                      guint                 seconds,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
AgentReloadOutcome  *agent_reload_process_run_finish (GAsyncResult         *result)
                                                      G_GNUC_WARN_UNUSED_RESULT;
void                 agent_reload_process_outcome_free (AgentReloadOutcome *self);

char                *agent_reload_process_dup_harmless (const char         *output,
                                                        gsize               size)
                                                        G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
