/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-service.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_ADMINISTRATION (iss_administration_get_type ())

/* The administrator's half of replication, one for each workspace: where his key is, the central
 * store, and a service for each pool whose decisions are to be delivered. Signal "changed": there
 * is a store now, or another service. */
G_DECLARE_FINAL_TYPE (IssAdministration, iss_administration, ISS, ADMINISTRATION, GObject)

/* borrowed: made when it is first asked for, and kept as long as the workspace */
IssAdministration      *iss_administration_get            (IssWorkspace       *workspace);
/* in place of the usual folders; before it is first asked for */
void                    iss_administration_attach         (IssWorkspace       *workspace,
                                                           const char         *folder,
                                                           const char         *key_folder);

const char             *iss_administration_get_key_folder (IssAdministration  *self);
/* FALSE: nothing was ever decided or enrolled here */
gboolean                iss_administration_has_store      (IssAdministration  *self);
/* borrowed; made if there is none yet */
IssCentralStore        *iss_administration_get_store      (IssAdministration  *self,
                                                           GError            **error);
/* (nullable), borrowed: started; there is none before there is a store */
IssReplicationService  *iss_administration_get_service    (IssAdministration  *self,
                                                           IssPool            *pool);

G_END_DECLS
