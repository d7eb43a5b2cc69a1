/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/central/replication-table.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_REPLICATION_COLUMN_REPLICA,
  ISS_REPLICATION_COLUMN_TYPE,
  ISS_REPLICATION_COLUMN_STATE,
  ISS_REPLICATION_COLUMN_REVISION,
  ISS_REPLICATION_COLUMN_CURRENT,
  ISS_REPLICATION_COLUMN_STAGED,
  ISS_REPLICATION_COLUMN_SEEN,
  ISS_N_REPLICATION_COLUMNS
} IssReplicationColumn;

#define ISS_TYPE_REPLICATION_ITEM (iss_replication_item_get_type ())

/* A line of the Replication page: one type on one server. Immutable. */
G_DECLARE_FINAL_TYPE (IssReplicationItem, iss_replication_item, ISS, REPLICATION_ITEM, GObject)

IssReplicationItem  *iss_replication_item_new           (IssReplicationTable   *table,
                                                         guint                  server,
                                                         guint                  wanted,
                                                         GTimeZone             *zone)
                                                         G_GNUC_WARN_UNUSED_RESULT;

guint                iss_replication_item_get_server    (IssReplicationItem    *self);
guint                iss_replication_item_get_wanted    (IssReplicationItem    *self);
const char          *iss_replication_item_get_text      (IssReplicationItem    *self,
                                                         IssReplicationColumn   column);
/* of the state, which stands beside it as words */
const char          *iss_replication_item_get_icon      (IssReplicationItem    *self);
const char          *iss_replication_item_get_css_class (IssReplicationItem    *self);

G_END_DECLS
