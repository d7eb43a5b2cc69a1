/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_SCOPE_KIND_ROOT,           /* Console Root */
  ISS_SCOPE_KIND_POOL,
  ISS_SCOPE_KIND_PRESENCE,       /* of a pool */
  ISS_SCOPE_KIND_ASSIGNMENTS,    /* of a pool, or of a server */
  ISS_SCOPE_KIND_REPLICATION,    /* of a pool */
  ISS_SCOPE_KIND_SERVER,
  ISS_SCOPE_KIND_CERTIFICATES,   /* of a server: its stores */
  ISS_SCOPE_KIND_STORE,
  ISS_SCOPE_KIND_TASKS,          /* of a server */
  ISS_SCOPE_KIND_EVENT_LOG,      /* of a server */
  ISS_N_SCOPE_KINDS
} IssScopeKind;

#define ISS_TYPE_SCOPE_NODE (iss_scope_node_get_type ())

/* A node of the scope tree. What it stands for never changes; what is said of
 * it does: "changed" is emitted, and "label", "icon-name", "indicator",
 * "indicator-icon", "indicator-class", "tooltip" and "busy" notify. */
G_DECLARE_FINAL_TYPE (IssScopeNode, iss_scope_node, ISS, SCOPE_NODE, GObject)

IssScopeNode  *iss_scope_node_new_root             (IssWorkspace  *workspace)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssScopeNode  *iss_scope_node_new_pool             (IssWorkspace  *workspace,
                                                    IssPool       *pool) G_GNUC_WARN_UNUSED_RESULT;

IssScopeKind   iss_scope_node_get_kind             (IssScopeNode  *self);
IssScopeNode  *iss_scope_node_get_parent           (IssScopeNode  *self);   /* (nullable) */
/* (nullable): in tests */
IssWorkspace  *iss_scope_node_get_workspace        (IssScopeNode  *self);
/* (nullable): of root */
IssPool       *iss_scope_node_get_pool             (IssScopeNode  *self);
IssServer     *iss_scope_node_get_server           (IssScopeNode  *self);   /* (nullable) */
IssStoreName   iss_scope_node_get_store            (IssScopeNode  *self);   /* of a STORE */

const char    *iss_scope_node_get_path             (IssScopeNode  *self);
const char    *iss_scope_node_get_label            (IssScopeNode  *self);
const char    *iss_scope_node_get_icon_name        (IssScopeNode  *self);
/* "" = nothing to say */
const char    *iss_scope_node_get_indicator        (IssScopeNode  *self);
const char    *iss_scope_node_get_indicator_icon   (IssScopeNode  *self);   /* (nullable) */
/* (nullable): "success", "warning", "error", "dim-label" */
const char    *iss_scope_node_get_indicator_class  (IssScopeNode  *self);
const char    *iss_scope_node_get_tooltip          (IssScopeNode  *self);   /* (nullable) */
/* its server is being connected */
gboolean       iss_scope_node_is_busy              (IssScopeNode  *self);
GListModel    *iss_scope_node_get_children         (IssScopeNode  *self);   /* (nullable): a leaf */
IssScopeNode  *iss_scope_node_find                 (IssScopeNode  *self,
                                                    const char    *path);   /* (nullable) */

G_END_DECLS
