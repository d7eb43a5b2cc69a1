/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_STATUS_BAR (iss_status_bar_get_type ())

/* The window's last line: what the page says, the next instant at which
 * something happens, the time zone of every time shown. */
G_DECLARE_FINAL_TYPE (IssStatusBar, iss_status_bar, ISS, STATUS_BAR, GtkWidget)

GtkWidget   *iss_status_bar_new       (void) G_GNUC_WARN_UNUSED_RESULT;

const char  *iss_status_bar_get_text  (IssStatusBar  *self);
void         iss_status_bar_set_text  (IssStatusBar  *self,
                                       const char    *text);
void         iss_status_bar_set_next  (IssStatusBar  *self,
                                       const char    *next);
void         iss_status_bar_set_zone  (IssStatusBar  *self,
                                       GTimeZone     *zone,
                                       gint64         now);
const char  *iss_status_bar_get_zone  (IssStatusBar  *self);

G_END_DECLS
