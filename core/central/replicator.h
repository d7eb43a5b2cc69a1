/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/* What a pass does that it would not do by itself. */
typedef enum
{
  ISS_REPLICATOR_NORMAL    = 0,
  ISS_REPLICATOR_FORCE     = 1 << 0,   /* what a server has is acted upon once more: ends drift */
  ISS_REPLICATOR_ANY_CLOCK = 1 << 1,   /* a roll is armed even where a clock is far off */
} IssReplicatorFlags;

#define ISS_TYPE_REPLICATOR (iss_replicator_get_type ())

/* Brings what the central store wants to the servers of a pool, over the pool's own connections.
 * It owns no key: it carries what was signed and sealed, and lets out what arms a roll when every
 * server is ready. Each pass begins from what the servers say, so that one that was cut off is
 * simply repeated. */
G_DECLARE_FINAL_TYPE (IssReplicator, iss_replicator, ISS, REPLICATOR, GObject)

IssReplicator  *iss_replicator_new         (IssCentralStore      *store,
                                            IssPool              *pool) G_GNUC_WARN_UNUSED_RESULT;

/* whether each connection is closed as soon as its server was visited */
void            iss_replicator_set_closes  (IssReplicator        *self,
                                            gboolean              closes);

/* whether it makes one pass after another, without a pause */
void            iss_replicator_set_resident (IssReplicator       *self,
                                            gboolean              is_resident);

void            iss_replicator_run_async   (IssReplicator        *self,
                                            GPtrArray            *servers,
                                            IssReplicatorFlags    flags,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* (element-type IssReplicaReport), in the order of the servers */
GPtrArray      *iss_replicator_run_finish  (IssReplicator        *self,
                                            GAsyncResult         *result,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
