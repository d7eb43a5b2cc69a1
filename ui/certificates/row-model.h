/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/certificates/row-column.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROW_ITEM (iss_row_item_get_type ())

/* One row of a table as an object: what a GListModel must give out. The same
 * object for the same row while anyone holds it. Immutable. */
G_DECLARE_FINAL_TYPE (IssRowItem, iss_row_item, ISS, ROW_ITEM, GObject)

#define ISS_TYPE_ROW_MODEL (iss_row_model_get_type ())

/* The rows of an IssRowTable, sorted and filtered by a worker: up to hundreds of
 * thousands without an object each. A GListModel of IssRowItem. Property "busy"
 * until all rows are those asked for; signal "published" when they are. */
G_DECLARE_FINAL_TYPE (IssRowModel, iss_row_model, ISS, ROW_MODEL, GObject)

IssRowModel   *iss_row_model_new            (void) G_GNUC_WARN_UNUSED_RESULT;

IssRowTable   *iss_row_model_get_table      (IssRowModel   *self);   /* (nullable) */
void           iss_row_model_set_table      (IssRowModel   *self,
                                             IssRowTable   *table,
                                             gint64         now);
/* ISS_N_ROW_COLUMNS: as in the table */
void           iss_row_model_set_sort       (IssRowModel   *self,
                                             IssRowColumn   column,
                                             gboolean       descending);
void           iss_row_model_set_filter     (IssRowModel   *self,
                                             const char    *text);
gint64         iss_row_model_get_now        (IssRowModel   *self);
gboolean       iss_row_model_is_busy        (IssRowModel   *self);

void           iss_row_model_item_get_row   (IssRowItem    *item,
                                             IssRow        *out_row);
IssStoreName   iss_row_model_item_get_store (IssRowItem    *item);
gboolean       iss_row_model_find           (IssRowModel   *self,
                                             const guint8  *sha256,
                                             guint         *out_position);

G_END_DECLS
