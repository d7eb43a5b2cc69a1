/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/scope-node.h"

G_BEGIN_DECLS

#define ISS_TYPE_SCOPE_TREE (iss_scope_tree_get_type ())

/* The tree on the left. Properties "root" and "selected", of IssScopeNode. */
G_DECLARE_FINAL_TYPE (IssScopeTree, iss_scope_tree, ISS, SCOPE_TREE, GtkWidget)

GtkWidget     *iss_scope_tree_new           (void) G_GNUC_WARN_UNUSED_RESULT;

IssScopeNode  *iss_scope_tree_get_root      (IssScopeTree  *self);   /* (nullable) */
void           iss_scope_tree_set_root      (IssScopeTree  *self,
                                             IssScopeNode  *root);
IssScopeNode  *iss_scope_tree_get_selected  (IssScopeTree  *self);   /* (nullable) */
gboolean       iss_scope_tree_select        (IssScopeTree  *self,
                                             const char    *path);

G_END_DECLS
