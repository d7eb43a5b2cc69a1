/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/assignment-row.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGNMENT_TABLE (iss_assignment_table_get_type ())

/* What some servers use each certificate for. A snapshot: made from what was seen
 * of them, at one instant. */
G_DECLARE_FINAL_TYPE (IssAssignmentTable, iss_assignment_table, ISS, ASSIGNMENT_TABLE, GObject)

/* (element-type IssServer); type NULL: all */
IssAssignmentTable      *iss_assignment_table_new         (GPtrArray           *servers,
                                                           const char          *type,
                                                           gint64               now,
                                                           GTimeZone           *zone)
                                                           G_GNUC_WARN_UNUSED_RESULT;
/* at: as of which instant, as things are staged now; 0 = as they are */
IssAssignmentTable      *iss_assignment_table_new_at      (GPtrArray           *servers,
                                                           const char          *type,
                                                           gint64               now,
                                                           gint64               at,
                                                           GTimeZone           *zone)
                                                           G_GNUC_WARN_UNUSED_RESULT;

guint                    iss_assignment_table_get_n_uses  (IssAssignmentTable  *self);
const IssAssignmentUse  *iss_assignment_table_get_use     (IssAssignmentTable  *self,
                                                           guint                index);
guint                    iss_assignment_table_get_n_rows  (IssAssignmentTable  *self);
const IssAssignmentRow  *iss_assignment_table_get_row     (IssAssignmentTable  *self,
                                                           guint                index);
/* the oldest look at a server that answers; 0 = none */
gint64                   iss_assignment_table_get_seen_at (IssAssignmentTable  *self);
/* (nullable): "fe03 has not answered since 13:58. …" */
const char              *iss_assignment_table_get_silence (IssAssignmentTable  *self);
char                    *iss_assignment_table_dup_ticket  (IssAssignmentTable  *self,
                                                           const char          *title,
                                                           const char          *observer)
                                                           G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
