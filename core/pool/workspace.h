/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_TYPE_WORKSPACE (iss_workspace_get_type ())

/* Everything one administrator works with: the topology file, its pools, and
 * what was last seen of their servers. A GListModel of IssPool. What changes the
 * topology writes the file at once. */
G_DECLARE_FINAL_TYPE (IssWorkspace, iss_workspace, ISS, WORKSPACE, GObject)

/* a missing file is an empty topology */
IssWorkspace  *iss_workspace_open            (const char         *topology_path,
                                              const char         *cache_folder,
                                              const IssLaunch    *launch,
                                              IssClock           *clock,
                                              GError            **error) G_GNUC_WARN_UNUSED_RESULT;

const char    *iss_workspace_get_path        (IssWorkspace       *self);
IssClock      *iss_workspace_get_clock       (IssWorkspace       *self);
guint          iss_workspace_get_n_pools     (IssWorkspace       *self);
IssPool       *iss_workspace_get_pool        (IssWorkspace       *self,
                                              guint               index);   /* borrowed */
IssPool       *iss_workspace_find_pool       (IssWorkspace       *self,
                                              const char         *name);    /* (nullable) */
/* (nullable); full or short name */
IssServer     *iss_workspace_find_server     (IssWorkspace       *self,
                                              const char         *name,
                                              IssPool           **out_pool);

gboolean       iss_workspace_set_pool        (IssWorkspace       *self,
                                              const char         *pool,
                                              const char *const  *sip_domains,
                                              GError            **error);
gboolean       iss_workspace_add_server      (IssWorkspace       *self,
                                              const char         *pool,
                                              const char         *server,
                                              const char         *connection,
                                              const char         *agent_path,
                                              GError            **error);
gboolean       iss_workspace_remove_server   (IssWorkspace       *self,
                                              const char         *server,
                                              GError            **error);
gboolean       iss_workspace_set_agreed      (IssWorkspace       *self,
                                              IssPool            *pool,
                                              const char         *type,
                                              const char         *sha256_hex,
                                              gboolean            keeps_previous,
                                              const char         *by,
                                              GError            **error);
/* sha256_hex (nullable): no roll any more */
gboolean       iss_workspace_set_agreed_next (IssWorkspace       *self,
                                              IssPool            *pool,
                                              const char         *type,
                                              const char         *sha256_hex,
                                              const char         *by,
                                              gint64              at,
                                              GError            **error);
/* not added: to try a connection */
IssServer     *iss_workspace_make_server     (IssWorkspace       *self,
                                              const char         *name,
                                              const char         *connection,
                                              const char         *agent_path,
                                              GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
