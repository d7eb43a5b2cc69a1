/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/presence.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRESENCE_CELL_VIEW (iss_presence_cell_view_get_type ())

/* One cell of the matrix: symbol, word, and in grey its age. Its accessible name
 * is the cell's whole sentence. */
G_DECLARE_FINAL_TYPE (IssPresenceCellView, iss_presence_cell_view, ISS, PRESENCE_CELL_VIEW,
                      GtkWidget)

GtkWidget   *iss_presence_cell_view_new           (void) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

void         iss_presence_cell_view_show          (IssPresenceCellView    *self,
                                                   const IssPresenceCell  *cell,
                                                   const char             *age);
const char  *iss_presence_cell_view_get_word      (IssPresenceCellView    *self);
void         iss_presence_cell_view_set_selected  (IssPresenceCellView    *self,
                                                   gboolean                selected);

G_END_DECLS
