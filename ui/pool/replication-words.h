/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-table.h"

G_BEGIN_DECLS

/* What the replication page says of a table, translated; (nullable): it could not be read, or was
 * not yet. */

gboolean  iss_replication_words_has_drift     (IssReplicationTable  *table);
/* a line each: what failed (nullable), and who cannot be reached */
char     *iss_replication_words_dup_troubles  (IssReplicationTable  *table,
                                               const GError         *error,
                                               GTimeZone            *zone)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* how to begin; "" = it has begun */
char     *iss_replication_words_dup_hint      (IssReplicationTable  *table)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "Replication: 2 of 3 servers up to date" */
char     *iss_replication_words_dup_status    (IssReplicationTable  *table)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* a line for each server and type, for a ticket */
char     *iss_replication_words_dup_lines     (IssReplicationTable  *table,
                                               GTimeZone            *zone)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
