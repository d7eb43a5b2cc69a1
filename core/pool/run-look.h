/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-log.h"
#include "core/agent/agent-tasks.h"
#include "core/pool/server-proof.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/* How many of the last entries of a server's log go into a roll record. */
#define ISS_RUN_LOOK_N_ENTRIES 100

/**
 * IssRunLook:
 *
 * What one server was asked for a run sheet, past what a look at the pool shows. What could not
 * be had is %NULL.
 */
typedef struct
{
  IssServer     *server;       /* owned */
  gint64         at;           /* console's clock */
  GPtrArray     *proofs;       /* (nullable) (element-type IssServerProof): of the type's slots */
  IssAgentTasks *tasks;        /* (nullable) */
  GPtrArray     *findings;     /* (nullable) (element-type IssFinding): of the next certificate */
  IssAuditCheck *audit;        /* (nullable) */
  GPtrArray     *entries;      /* (nullable) (element-type IssAuditEntry): newest first */
} IssRunLook;

void        iss_run_look_free   (IssRunLook           *self);

/* Asks every server of a pool. */
void        iss_run_look_async  (IssPool              *pool,
                                 const char           *type,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
/* element-type IssRunLook, in the pool's order; fails only when cancelled */
GPtrArray  *iss_run_look_finish (IssPool              *pool,
                                 GAsyncResult         *result,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssRunLook, iss_run_look_free)

G_END_DECLS
