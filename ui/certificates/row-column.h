/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/row-text.h"

G_BEGIN_DECLS

/**
 * IssRowColumn:
 *
 * The columns of the certificate list, in their order.
 */
typedef enum
{
  ISS_ROW_COLUMN_ISSUED_TO,
  ISS_ROW_COLUMN_ISSUED_BY,
  ISS_ROW_COLUMN_EXPIRES,
  ISS_ROW_COLUMN_PURPOSES,
  ISS_ROW_COLUMN_FRIENDLY_NAME,
  ISS_ROW_COLUMN_STATUS,
  ISS_ROW_COLUMN_THUMBPRINT,
  ISS_ROW_COLUMN_KEY,
  ISS_ROW_COLUMN_ASSIGNED_TO,
  ISS_N_ROW_COLUMNS
} IssRowColumn;

/* What each column shows of a row: values in, text out. */

const char  *iss_row_column_get_title     (IssRowColumn   column);
char        *iss_row_column_dup_text      (IssRowColumn   column,
                                           const IssRow  *row,
                                           gint64         now,
                                           GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
char        *iss_row_column_dup_tooltip   (IssRowColumn   column,
                                           const IssRow  *row,
                                           GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_row_column_get_icon      (IssRowColumn   column,
                                           const IssRow  *row,
                                           gint64         now);   /* (nullable) */
const char  *iss_row_column_get_css_class (IssRowColumn   column,
                                           const IssRow  *row,
                                           gint64         now);   /* (nullable): of the icon */

G_END_DECLS
