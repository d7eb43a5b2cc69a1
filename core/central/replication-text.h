/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-table.h"

G_BEGIN_DECLS

/* A replication table in words, translated: the same in the window and in the shell. */

/* the first line: is it the same everywhere, and if not, where */
char        *iss_replication_text_dup_verdict   (IssReplicationTable     *table)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* "2/3": the revision that is held, of the one that is wanted */
char        *iss_replication_text_dup_revision  (IssReplicationTable     *table,
                                                 guint                    server,
                                                 guint                    wanted)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* "published"; "–" */
const char  *iss_replication_text_get_rung      (const IssReplicaType    *type,
                                                 IssSlot                  slot);
/* "published, 1 July 2027, 00:00 (UTC), held: not armed"; "–" */
char        *iss_replication_text_dup_staged    (const IssReplicaType    *type,
                                                 GTimeZone               *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* "1 July 2027, 00:00 (UTC)"; "never" */
char        *iss_replication_text_dup_seen      (const IssReplicaReport  *report,
                                                 GTimeZone               *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* "+0.2 s"; "–" */
char        *iss_replication_text_dup_clock     (const IssReplicaReport  *report)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): nothing went wrong */
char        *iss_replication_text_dup_trouble   (const IssReplicaReport  *report,
                                                 GTimeZone               *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why the roll is not armed for this server's sake, and what to do; a sentence */
char        *iss_replication_text_dup_obstacle  (IssReplicationTable     *table,
                                                 guint                    server,
                                                 guint                    wanted)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* "UpToDate           : True": what Get-CsManagementStoreReplicationStatus says, a line each */
char        *iss_replication_text_dup_replica   (IssReplicationTable     *table,
                                                 guint                    server,
                                                 GTimeZone               *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* all that is known of one type on one server, a sentence a line */
char        *iss_replication_text_dup_detail    (IssReplicationTable     *table,
                                                 guint                    server,
                                                 guint                    wanted,
                                                 GTimeZone               *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
