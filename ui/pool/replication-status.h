/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/central/central-status.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_TYPE_REPLICATION_STATUS (iss_replication_status_get_type ())

/* What the central store knows of itself: who replicates, and which certificates servers still
 * hold that were removed from the pool. Hidden while there is nothing to say. */
G_DECLARE_FINAL_TYPE (IssReplicationStatus, iss_replication_status, ISS, REPLICATION_STATUS,
                      GtkWidget)

/* reads the store; (nullable): there is none */
void   iss_replication_status_load      (IssReplicationStatus    *self,
                                         IssCentralStore         *store,
                                         IssPool                 *pool);
/* what was read; zone: where whoever reads it is */
void   iss_replication_status_show      (IssReplicationStatus    *self,
                                         const IssCentralStatus  *status,
                                         gint64                   now,
                                         GTimeZone               *zone);
/* a line each; "" = nothing is said */
char  *iss_replication_status_dup_text  (IssReplicationStatus    *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
