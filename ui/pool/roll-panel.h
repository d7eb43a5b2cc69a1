/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/pool-roll.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROLL_PANEL (iss_roll_panel_get_type ())

/* The roll that some servers wait for, or that is not over yet: one sentence, the timeline, and
 * the way back. Hidden while there is none. */
G_DECLARE_FINAL_TYPE (IssRollPanel, iss_roll_panel, ISS, ROLL_PANEL, GtkWidget)

void         iss_roll_panel_update   (IssRollPanel  *self,
                                      GPtrArray     *servers,
                                      const char    *type,
                                      gint64         now,
                                      GTimeZone     *zone);
/* "" = there is none */
const char  *iss_roll_panel_get_text (IssRollPanel  *self);

G_END_DECLS
