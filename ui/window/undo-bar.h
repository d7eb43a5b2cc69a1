/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/server.h"

G_BEGIN_DECLS

#define ISS_TYPE_UNDO_BAR (iss_undo_bar_get_type ())

/* What was done last, and the button that takes it back: remembers every
 * deletion while its window lives, and shows the newest until it is closed.
 * Signal "changed": another one is the newest. */
G_DECLARE_FINAL_TYPE (IssUndoBar, iss_undo_bar, ISS, UNDO_BAR, GtkWidget)

GtkWidget          *iss_undo_bar_new         (void) G_GNUC_WARN_UNUSED_RESULT;

void                iss_undo_bar_push        (IssUndoBar         *self,
                                              IssServer          *server,
                                              const char *const  *entries,
                                              const char         *what,
                                              const char         *label);
/* the newest; FALSE = there is nothing to undo */
gboolean            iss_undo_bar_peek        (IssUndoBar         *self,
                                              IssServer         **out_server,
                                              const char *const **out_entries);
void                iss_undo_bar_pop         (IssUndoBar         *self);

const char         *iss_undo_bar_get_label   (IssUndoBar         *self);   /* (nullable) */
const char         *iss_undo_bar_get_text    (IssUndoBar         *self);   /* "" = hidden */

G_END_DECLS
