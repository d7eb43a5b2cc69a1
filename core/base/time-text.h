/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Instants (seconds since 1970, UTC) as people and machines read them. */

char      *iss_time_text_date     (gint64       instant,
                                   GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;   /* 1 July 2027 */
char      *iss_time_text_short    (gint64       instant,
                                   GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;   /* 1 Jul 2027 */
/* 1 July 2027, 00:00 (UTC+2) */
char      *iss_time_text_instant  (gint64       instant,
                                   GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
char      *iss_time_text_clock    (gint64       instant,
                                   GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;   /* 13:41:07 */
/* 13:41, or 3 July, 13:41 */
char      *iss_time_text_since    (gint64       instant,
                                   gint64       now,
                                   GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
/* 2027-06-30T22:00:00Z */
char      *iss_time_text_iso      (gint64       instant) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "Europe/Berlin", from anywhere */
GTimeZone *iss_time_text_zone     (const char  *identifier) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_time_text_parse    (const char  *text,
                                   gint64      *out_instant,
                                   GError     **error);

G_END_DECLS
