/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* "Copy for the ticket": who says it, and onto the clipboard. */

char  *iss_ticket_dup_observer  (void) G_GNUC_WARN_UNUSED_RESULT;   /* "alice on console01" */
void   iss_ticket_copy          (GtkWidget   *widget,
                                 const char  *text);

G_END_DECLS
