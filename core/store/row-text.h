/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/row-table.h"

G_BEGIN_DECLS

/* The cells of the certificate list as people read them: the console's list and
 * issuantctl's table are the same rows. */

typedef enum
{
  ISS_ROW_STATUS_OK,
  ISS_ROW_STATUS_EXPIRES_SOON,   /* within 60 days */
  ISS_ROW_STATUS_EXPIRED,
  ISS_ROW_STATUS_NOT_YET_VALID
} IssRowStatus;

IssRowStatus  iss_row_text_get_status   (const IssRow  *row,
                                         gint64         now);
char         *iss_row_text_status       (const IssRow  *row,
                                         gint64         now) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_row_text_expires      (const IssRow  *row,
                                         GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_row_text_purposes     (const char    *oids) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_row_text_key          (const IssRow  *row) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_row_text_assigned     (const char    *assigned_to) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_row_text_thumbprint   (const IssRow  *row) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
