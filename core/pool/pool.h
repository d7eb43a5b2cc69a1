/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"
#include "core/pool/topology.h"

G_BEGIN_DECLS

#define ISS_POOL_MAX_OPENING 8

#define ISS_TYPE_POOL (iss_pool_get_type ())

/* A named set of servers that must act as one. A GListModel of IssServer, in
 * the order of the topology file. Signal "changed": a server of it changed, or
 * what is agreed. */
G_DECLARE_FINAL_TYPE (IssPool, iss_pool, ISS, POOL, GObject)

IssPool            *iss_pool_new              (const char         *name,
                                               const char *const  *sip_domains,
                                               IssClock           *clock) G_GNUC_WARN_UNUSED_RESULT;
void                iss_pool_add_server       (IssPool            *self,
                                               IssServer          *server);
void                iss_pool_remove_server    (IssPool            *self,
                                               IssServer          *server);

const char         *iss_pool_get_name         (IssPool            *self);
const char *const  *iss_pool_get_sip_domains  (IssPool            *self);
void                iss_pool_set_sip_domains  (IssPool            *self,
                                               const char *const  *sip_domains);
IssClock           *iss_pool_get_clock        (IssPool            *self);
guint               iss_pool_get_n_servers    (IssPool            *self);
IssServer          *iss_pool_get_server       (IssPool            *self,
                                               guint               index);   /* borrowed */
char              **iss_pool_dup_server_names (IssPool            *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): full or short name */
IssServer          *iss_pool_find_server      (IssPool            *self,
                                               const char         *name);

const IssAgreed    *iss_pool_get_agreed       (IssPool            *self,
                                               const char         *type);    /* (nullable) */
/* in memory; the workspace writes it down */
void                iss_pool_set_agreed       (IssPool            *self,
                                               const char         *type,
                                               const IssAgreed    *agreed);

/* Looks at every server, at most ISS_POOL_MAX_OPENING at once. Ends when each
 * has answered or failed; fails only when cancelled. */
gboolean            iss_pool_is_looking       (IssPool            *self);
void                iss_pool_look_async       (IssPool            *self,
                                               GPtrArray          *asked,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
gboolean            iss_pool_look_finish      (IssPool            *self,
                                               GAsyncResult       *result,
                                               guint              *out_n_answering,
                                               GError            **error);

G_END_DECLS
