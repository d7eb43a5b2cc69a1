/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"

G_BEGIN_DECLS

/* How far one server is with one type that is assigned globally. */
typedef enum
{
  ISS_REPLICATION_UP_TO_DATE,
  ISS_REPLICATION_OLDER,          /* it has deployed an earlier package */
  ISS_REPLICATION_NOT_DEPLOYED,   /* it has the package, and could not act upon it */
  ISS_REPLICATION_LOCAL,          /* changed on the server since: drift */
  ISS_REPLICATION_NOTHING,        /* it has no package yet */
  ISS_REPLICATION_UNSERVED,       /* there is no package for it */
  ISS_N_REPLICATION_STATES
} IssReplicationState;

/* "up to date", translated */
const char             *iss_replication_state_get_label      (IssReplicationState   self);

#define ISS_TYPE_REPLICATION_TABLE (iss_replication_table_get_type ())

/* What is assigned globally in a pool, and how far each server was with it when it was last
 * asked: the central store, read once. Immutable. */
G_DECLARE_FINAL_TYPE (IssReplicationTable, iss_replication_table, ISS, REPLICATION_TABLE, GObject)

/* blocks */
IssReplicationTable    *iss_replication_table_load           (IssCentralStore      *store,
                                                              const char           *pool,
                                                              const char *const    *servers,
                                                              GError              **error)
                                                              G_GNUC_WARN_UNUSED_RESULT;
void                    iss_replication_table_load_async     (IssCentralStore      *store,
                                                              const char           *pool,
                                                              const char *const    *servers,
                                                              GCancellable         *cancellable,
                                                              GAsyncReadyCallback   callback,
                                                              gpointer              user_data);
IssReplicationTable    *iss_replication_table_load_finish    (GAsyncResult         *result,
                                                              GError              **error)
                                                              G_GNUC_WARN_UNUSED_RESULT;

const char             *iss_replication_table_get_pool       (IssReplicationTable  *self);
guint                   iss_replication_table_get_n_servers  (IssReplicationTable  *self);
const IssReplicaReport *iss_replication_table_get_report     (IssReplicationTable  *self,
                                                              guint                 server);
/* (nullable): it is not enrolled */
const IssEnrolment     *iss_replication_table_get_enrolment  (IssReplicationTable  *self,
                                                              guint                 server);
guint                   iss_replication_table_get_n_wanted   (IssReplicationTable  *self);
const IssWanted        *iss_replication_table_get_wanted     (IssReplicationTable  *self,
                                                              guint                 wanted);

/* (nullable): it never said anything about this type */
const IssReplicaType   *iss_replication_table_find_type      (IssReplicationTable  *self,
                                                              guint                 server,
                                                              guint                 wanted);
IssReplicationState     iss_replication_table_get_state      (IssReplicationTable  *self,
                                                              guint                 server,
                                                              guint                 wanted);
/* with every type, and when it was last asked it answered */
gboolean                iss_replication_table_is_up_to_date  (IssReplicationTable  *self,
                                                              guint                 server);
guint                   iss_replication_table_get_n_up_to_date (IssReplicationTable *self);
/* seconds since 1970; 0 = nothing was decided */
gint64                  iss_replication_table_get_decided    (IssReplicationTable  *self);

G_END_DECLS
