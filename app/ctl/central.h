/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/central/central-store.h"
#include "core/central/global-assign.h"
#include "core/central/replicator.h"

G_BEGIN_DECLS

/* The administrator's half of replication, as the verbs need it. */

/**
 * CtlCentral:
 *
 * The central store, a pool, and, once it is unlocked, the key that signs.
 */
typedef struct
{
  IssCentralStore *store;
  IssPool         *pool;         /* borrowed */
  IssCertificate  *signer;       /* (nullable) */
  IssPrivateKey   *signer_key;   /* (nullable) */
} CtlCentral;

/* FALSE: nothing was ever decided or enrolled here */
gboolean       ctl_central_exists     (CtlContext              *context);
gboolean       ctl_central_open       (CtlContext              *context,
                                       CtlCentral              *self,
                                       IssPool                 *pool,
                                       GError                 **error);
gboolean       ctl_central_unlock     (CtlContext              *context,
                                       CtlCentral              *self,
                                       GError                 **error);
void           ctl_central_clear      (CtlCentral              *self);
/* where it is pinned who may sign for a pool */
char          *ctl_central_dup_pin_path (CtlContext            *context,
                                       IssPool                 *pool)
                                       G_GNUC_WARN_UNUSED_RESULT;

/* Asks every server, or these, and delivers what they lack; prints what came of it. */
CtlExitStatus  ctl_central_replicate  (CtlContext              *context,
                                       CtlCentral              *self,
                                       GPtrArray               *servers,
                                       IssReplicatorFlags       flags);
/* Decides, says what was decided, and replicates. */
CtlExitStatus  ctl_central_assign     (CtlContext              *context,
                                       CtlCentral              *self,
                                       const IssGlobalRequest  *request);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlCentral, ctl_central_clear)

G_END_DECLS
