/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/assignment-table.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGNMENT_ITEM (iss_assignment_item_get_type ())

/* A line of the Assignments page: a group of certificate types, or a row of the
 * table. Immutable; the columns are its properties "label", "name", "expires",
 * "location", "slot", "state", "icon-name", "tooltip" and "css-classes". */
G_DECLARE_FINAL_TYPE (IssAssignmentItem, iss_assignment_item, ISS, ASSIGNMENT_ITEM, GObject)

/* the top level: IssAssignmentItem */
GListModel              *iss_assignment_item_make_tree     (IssAssignmentTable  *table,
                                                            GTimeZone           *zone)
                                                            G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): of a group */
const IssAssignmentRow  *iss_assignment_item_get_row       (IssAssignmentItem   *self);
/* (nullable) */
GListModel              *iss_assignment_item_get_children  (IssAssignmentItem   *self);
const char              *iss_assignment_item_get_label     (IssAssignmentItem   *self);
/* types of the group, or of the row */
char                   **iss_assignment_item_dup_types     (IssAssignmentItem   *self)
                                                            G_GNUC_WARN_UNUSED_RESULT;
/* the same line of a later table has the same key */
const char              *iss_assignment_item_get_key       (IssAssignmentItem   *self);

G_END_DECLS
