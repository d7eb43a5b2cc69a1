/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* Changes one server's folder: takes the writers' lock without blocking the
 * main loop, works in a thread, gives the lock back. */

/**
 * IssAgentWriterFunc:
 * @root: the folder, whose lock is held
 * @cancellable: (nullable): to be looked at before the first change, not after
 * @user_data: what was given
 *
 * Runs in a thread. Returns what is to be handed out, or %NULL with an error.
 */
typedef gpointer (* IssAgentWriterFunc) (IssRootFolder       *root,
                                         GCancellable        *cancellable,
                                         gpointer             user_data,
                                         GError             **error);

void      iss_agent_writer_run_async  (IssRootFolder       *root,
                                       const char          *who,
                                       gint64               now,
                                       guint                patience,   /* ms; 0 = usual */
                                       IssAgentWriterFunc   func,
                                       gpointer             func_data,
                                       GDestroyNotify       func_data_free,
                                       GDestroyNotify       result_free,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
gpointer  iss_agent_writer_run_finish (GAsyncResult        *result,
                                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
