/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/ladder.h"
#include "core/replication/replica.h"

G_BEGIN_DECLS

/**
 * IssReplicaType:
 *
 * How far a server is with one certificate type.
 */
typedef struct
{
  const IssCertificateType *type;
  guint64                   revision;      /* accepted; 0 = no package ever */
  char                     *package_hex;   /* (nullable): SHA-256 of that package */
  gint64                    at;            /* when, by the server's clock */
  gboolean                  deployed;
  char                     *reason;        /* (nullable): why not */
  gboolean                  local;         /* changed on that server since: drift */

  char                     *slot[ISS_N_SLOTS];   /* (nullable): what it uses: SHA-256 hex */
  IssRung                   rung[ISS_N_SLOTS];
  gint64                    staged_at;
  gboolean                  held;
  char                     *unreadable;    /* (nullable): services that cannot use what is staged */
} IssReplicaType;

#define ISS_TYPE_REPLICA_STATE (iss_replica_state_get_type ())

/* What a server says of its half of replication: GetReplica. Immutable. */
G_DECLARE_FINAL_TYPE (IssReplicaState, iss_replica_state, ISS, REPLICA_STATE, GObject)

/* agent */
IssReplicaState       *iss_replica_state_make             (IssRootFolder    *root,
                                                           gint64            now,
                                                           GError          **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
/* floating a{sv} */
GVariant              *iss_replica_state_to_variant       (IssReplicaState  *self);
/* console: checks everything */
IssReplicaState       *iss_replica_state_from_variant     (GVariant         *variant,
                                                           GError          **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;

gint64                 iss_replica_state_get_time         (IssReplicaState  *self);
/* (nullable) until it is enrolled */
IssCertificate        *iss_replica_state_get_certificate  (IssReplicaState  *self);
const char            *iss_replica_state_get_pool         (IssReplicaState  *self);
/* of the set of administrators; 0 = none is pinned */
guint64                iss_replica_state_get_version      (IssReplicaState  *self);
guint                  iss_replica_state_get_n_types      (IssReplicaState  *self);
const IssReplicaType  *iss_replica_state_get_type_at      (IssReplicaState  *self,
                                                           guint             index);
const IssReplicaType  *iss_replica_state_find_type        (IssReplicaState  *self,
                                                           const IssCertificateType *type);

G_END_DECLS
