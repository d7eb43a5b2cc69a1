/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-service.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_CENTRAL_DESK (iss_central_desk_get_type ())

/* The administrator's half of replication, one for each workspace: where his key is, the central
 * store, and a service for each pool whose decisions are to be delivered. Signal "changed": there
 * is a store now, or another service. */
G_DECLARE_FINAL_TYPE (IssCentralDesk, iss_central_desk, ISS, CENTRAL_DESK, GObject)

/* borrowed: made when it is first asked for, and kept as long as the workspace */
IssCentralDesk         *iss_central_desk_get            (IssWorkspace    *workspace);
/* in place of the usual folders; before it is first asked for */
void                    iss_central_desk_attach         (IssWorkspace    *workspace,
                                                         const char      *folder,
                                                         const char      *key_folder);

const char             *iss_central_desk_get_key_folder (IssCentralDesk  *self);
/* FALSE: nothing was ever decided or enrolled here */
gboolean                iss_central_desk_has_store      (IssCentralDesk  *self);
/* borrowed; made if there is none yet */
IssCentralStore        *iss_central_desk_get_store      (IssCentralDesk  *self,
                                                         GError         **error);
/* (nullable), borrowed: started; there is none before there is a store */
IssReplicationService  *iss_central_desk_get_service    (IssCentralDesk  *self,
                                                         IssPool         *pool);

G_END_DECLS
