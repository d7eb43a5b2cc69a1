/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The columns of a list of IssAuditEntry: entry, time, who, what. */
void  iss_event_log_columns_add (GtkColumnView  *view,
                                 GTimeZone      *zone);

G_END_DECLS
