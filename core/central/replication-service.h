/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replicator.h"

G_BEGIN_DECLS

#define ISS_TYPE_REPLICATION_SERVICE (iss_replication_service_get_type ())

/* Replicates a pool for as long as it lives: a pass at once, one after each decision that is
 * written into the central store, one when a server that failed is due, and one a minute. It is
 * driven by the thread-default main context. Signal "changed": a pass began or ended. */
G_DECLARE_FINAL_TYPE (IssReplicationService, iss_replication_service, ISS, REPLICATION_SERVICE,
                      GObject)

IssReplicationService  *iss_replication_service_new       (IssCentralStore        *store,
                                                           IssPool                *pool)
                                                           G_GNUC_WARN_UNUSED_RESULT;

/* see iss_replicator_set_closes() */
void                    iss_replication_service_set_closes (IssReplicationService *self,
                                                           gboolean                closes);

void                    iss_replication_service_start     (IssReplicationService  *self);
/* before the last reference goes: a pass under way holds one */
void                    iss_replication_service_stop      (IssReplicationService  *self);
/* a pass now, or as soon as the one that is under way has ended */
void                    iss_replication_service_run       (IssReplicationService  *self,
                                                           IssReplicatorFlags      flags);
gboolean                iss_replication_service_is_running (IssReplicationService *self);
/* (nullable) (element-type IssReplicaReport): what came of the last pass */
GPtrArray              *iss_replication_service_get_reports (IssReplicationService *self);
/* (nullable): why the last pass could not be made */
const GError           *iss_replication_service_get_error (IssReplicationService  *self);

G_END_DECLS
