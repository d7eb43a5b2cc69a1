/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/central/central-store.h"
#include "core/central/replica-report.h"

G_BEGIN_DECLS

/**
 * IssReplicaCargo:
 *
 * What the central store has for the servers of a pool, read at once.
 */
typedef struct
{
  GPtrArray  *wanted;                  /* IssWanted */
  GHashTable *packages;                /* SHA-256 in hex -> GBytes */
  GBytes     *administrators;          /* (nullable): the signed set */
  guint64     version;                 /* of the set */
} IssReplicaCargo;

IssReplicaCargo  *iss_replica_cargo_load  (IssCentralStore        *store,
                                           const char             *pool,
                                           char                  **servers,
                                           GError                **error)
                                           G_GNUC_WARN_UNUSED_RESULT;
void              iss_replica_cargo_free  (IssReplicaCargo        *self);

/* (element-type IssAgentCall): what is to be called on a server that says this of itself */
GPtrArray        *iss_replica_cargo_list_calls (const IssReplicaCargo *self,
                                           const char             *server,
                                           IssReplicaState        *state,
                                           gboolean                force)
                                           G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
