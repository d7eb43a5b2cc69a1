/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_ACTION_PANE (iss_action_pane_get_type ())

/* What can be done here, as sections of flat buttons: the same menu that the
 * Action menu and the context menu show. Property "menu". */
G_DECLARE_FINAL_TYPE (IssActionPane, iss_action_pane, ISS, ACTION_PANE, GtkWidget)

GtkWidget   *iss_action_pane_new       (void) G_GNUC_WARN_UNUSED_RESULT;

GMenuModel  *iss_action_pane_get_menu  (IssActionPane  *self);   /* (nullable) */
void         iss_action_pane_set_menu  (IssActionPane  *self,
                                        GMenuModel     *menu);

G_END_DECLS
