/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/row-table.h"

G_BEGIN_DECLS

/* Tables of rows for lists, without certificates behind them. */

#define ISS_ROW_MAKER_NOW G_GINT64_CONSTANT (1795000000)   /* 18 November 2026 */

void          iss_row_maker_init      (IssRow        *row,
                                       guint          number,
                                       const char    *issued_to);
void          iss_row_maker_add       (IssRowTable   *table,
                                       const IssRow  *row);
IssRowTable  *iss_row_maker_new_table (IssStoreName   store,
                                       guint          n_rows) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
