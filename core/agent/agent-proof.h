/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/replication/proof.h"

G_BEGIN_DECLS

/* TestProof: a server proves that it holds the private key of a certificate. */

#define ISS_AGENT_PROOF_REPLY "(ayayxay)"

/* How a proof goes over the wire, here and in Enroll: an IssProof, floating and back. */
GVariant      *iss_agent_proof_to_answer (IssProof               *proof);
gpointer       iss_agent_proof_read      (GVariant               *reply,
                                          GVariant               *parameters,
                                          GError                **error);

/* agent */
GVariant      *iss_agent_proof_run       (const IssAgentContext  *context,
                                          GVariant               *parameters,
                                          GCancellable           *cancellable,
                                          GError                **error);

/* console; its value is an IssProof that nobody has verified yet */
IssAgentCall  *iss_agent_proof_new_call  (const char             *type,
                                          GBytes                 *sha256,
                                          GBytes                 *nonce) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
