/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/agent/replica-state.h"

G_BEGIN_DECLS

/* A server's half of replication on the wire: Enroll, PinAdministrators, DeliverPackage,
 * ArmRoll, SealForReplicas, GetReplica. */

/* agent */
GVariant      *iss_agent_replica_run_enroll        (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
GVariant      *iss_agent_replica_run_pin           (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
GVariant      *iss_agent_replica_run_deliver       (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
GVariant      *iss_agent_replica_run_arm           (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
GVariant      *iss_agent_replica_run_seal          (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);
GVariant      *iss_agent_replica_run_get           (const IssAgentContext  *context,
                                                    GVariant               *parameters,
                                                    GCancellable           *cancellable,
                                                    GError                **error);

/* console; the value of the first is an IssProof that nobody has verified yet, of the others
 * an IssReplicaState as it is then */
IssAgentCall  *iss_agent_replica_new_enroll_call   (GBytes                 *nonce)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_replica_new_pin_call      (GBytes                 *administrators)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_replica_new_deliver_call  (const char             *type,
                                                    GBytes                 *package,
                                                    gboolean                force)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_replica_new_arm_call      (const char             *type,
                                                    GBytes                 *statement)
                                                    G_GNUC_WARN_UNUSED_RESULT;
/* (element-type GBytes): the key, sealed to each recipient, in their order */
IssAgentCall  *iss_agent_replica_new_seal_call     (GBytes                 *request)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_replica_new_get_call      (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
