/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/scope-node.h"

G_BEGIN_DECLS

#define ISS_TYPE_SCOPE_ROW (iss_scope_row_get_type ())

/* One line of the scope tree: icon, label, and what there is to say about it. */
G_DECLARE_FINAL_TYPE (IssScopeRow, iss_scope_row, ISS, SCOPE_ROW, GtkWidget)

GtkWidget     *iss_scope_row_new       (void) G_GNUC_WARN_UNUSED_RESULT;

IssScopeNode  *iss_scope_row_get_node  (IssScopeRow   *self);   /* (nullable) */
void           iss_scope_row_set_node  (IssScopeRow   *self,
                                        IssScopeNode  *node);

G_END_DECLS
