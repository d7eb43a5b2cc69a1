/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/row-table.h"

G_BEGIN_DECLS

/* The columns of the certificate list, in their order. */
typedef enum
{
  ISS_ROW_TEXT_ISSUED_TO,
  ISS_ROW_TEXT_ISSUED_BY,
  ISS_ROW_TEXT_EXPIRES,
  ISS_ROW_TEXT_PURPOSES,
  ISS_ROW_TEXT_FRIENDLY_NAME,
  ISS_ROW_TEXT_STATUS,
  ISS_ROW_TEXT_THUMBPRINT,
  ISS_ROW_TEXT_KEY,
  ISS_ROW_TEXT_ASSIGNED_TO,
  ISS_N_ROW_TEXTS
} IssRowColumn;

/* What is to be said of a certificate, worst last. */
typedef enum
{
  ISS_ROW_STATUS_OK,
  ISS_ROW_STATUS_NO_KEY,
  ISS_ROW_STATUS_EXPIRES_SOON,
  ISS_ROW_STATUS_NOT_YET,
  ISS_ROW_STATUS_EXPIRED
} IssRowStatus;

#define ISS_ROW_TEXT_SOON_DAYS 30

/* How the rows read: values in, text out. */

const char    *iss_row_text_get_title        (IssRowColumn   column);
char          *iss_row_text_for_column       (const IssRow  *row,
                                              IssRowColumn   column,
                                              IssStoreName   store,
                                              gint64         now,
                                              GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
char          *iss_row_text_tooltip          (const IssRow  *row,
                                              IssRowColumn   column,
                                              GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;   /* (nullable) */

IssRowStatus   iss_row_text_get_status       (const IssRow  *row,
                                              IssStoreName   store,
                                              gint64         now);
const char    *iss_row_text_get_status_icon  (IssRowStatus   status);   /* (nullable) */
const char    *iss_row_text_get_status_class (IssRowStatus   status);   /* (nullable) */

char          *iss_row_text_purposes         (const char    *oids) G_GNUC_WARN_UNUSED_RESULT;
char          *iss_row_text_assigned_to      (const char    *assigned) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
