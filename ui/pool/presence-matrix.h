/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/presence.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRESENCE_MATRIX (iss_presence_matrix_get_type ())

/* Servers × slots. One cell is selected; arrow keys, Home, End, Page Up and Page
 * Down move. Signal "selected": another cell is, or it says something else. */
G_DECLARE_FINAL_TYPE (IssPresenceMatrix, iss_presence_matrix, ISS, PRESENCE_MATRIX, GtkWidget)

/* floating */
GtkWidget              *iss_presence_matrix_new           (void) G_GNUC_WARN_UNUSED_RESULT;

void                    iss_presence_matrix_set_presence  (IssPresenceMatrix  *self,
                                                           IssPresence        *presence,
                                                           gint64              now,
                                                           GTimeZone          *zone);
/* (nullable) */
const IssPresenceCell  *iss_presence_matrix_get_selected  (IssPresenceMatrix  *self);
GtkWidget              *iss_presence_matrix_get_view      (IssPresenceMatrix  *self,
                                                           guint               row,
                                                           guint               column);
void                    iss_presence_matrix_select        (IssPresenceMatrix  *self,
                                                           guint               row,
                                                           guint               column);
void                    iss_presence_matrix_move          (IssPresenceMatrix  *self,
                                                           int                 rows,
                                                           int                 columns);

G_END_DECLS
