/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"

G_BEGIN_DECLS

/**
 * IssCentralStatus:
 *
 * What the central store knows of itself and of servers that are in a pool no more. Nobody has
 * signed it.
 */
typedef struct
{
  char      *replicator;   /* (nullable): who brought things to the servers last: "alice@desk1" */
  gint64     since;        /* when that began, without a pause; 0 = it was a single pass */
  gint64     heartbeat;    /* when it was done last; 0 = nobody ever did */
  GPtrArray *deleted;      /* IssReplicaReport: of servers that get nothing any more */
  GHashTable *names;       /* SHA-256 hex → "auth.contoso.example 3F2A … 5B1E" */
} IssCentralStatus;

/* blocks */
IssCentralStatus  *iss_central_status_load      (IssCentralStore     *store,
                                                 const char          *pool,
                                                 const char *const   *servers,
                                                 GError             **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void               iss_central_status_load_async (IssCentralStore    *store,
                                                 const char          *pool,
                                                 const char *const   *servers,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
IssCentralStatus  *iss_central_status_load_finish (GAsyncResult      *result,
                                                 GError             **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void               iss_central_status_free      (IssCentralStatus    *self);

/* by a replicator, with each pass; blocks */
gboolean           iss_central_status_beat      (IssCentralStore     *store,
                                                 const char          *pool,
                                                 const char          *replicator,
                                                 gboolean             is_resident,
                                                 gint64               now,
                                                 GError             **error);

/* (element-type utf8): which certificates a server had when it was last asked: SHA-256 */
GPtrArray         *iss_central_status_list_held (const IssReplicaReport *report)
                                                 G_GNUC_WARN_UNUSED_RESULT;

/* "alice@desk1 has been replicating since 29 June 2027, 08:00 (UTC); last pass …", translated */
char              *iss_central_status_dup_replicator (const IssCentralStatus *self,
                                                 gint64               now,
                                                 GTimeZone           *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* of a server that is in the pool no more, a sentence, translated */
char              *iss_central_status_dup_deleted (const IssCentralStatus *self,
                                                 const IssReplicaReport *report,
                                                 GTimeZone           *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssCentralStatus, iss_central_status_free)

G_END_DECLS
