/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssReplicationWarning:
 *
 * "Manual import does not replicate": one certificate that is meant for the
 * whole pool and that some server does not have, or cannot be asked about.
 */
typedef struct
{
  guint8      sha256[32];
  guint8      sha1[20];
  char       *issued_to;
  GPtrArray  *holders;      /* (element-type IssServer) */
  GPtrArray  *missing;      /* answer now, and do not have it */
  /* do not answer; when last seen they did not have it, or were never seen */
  GPtrArray  *silent;
  char       *text;         /* the whole warning, DESIGN's words */
  char       *lead;         /* "Manual import does not replicate." */
  char       *rest;         /* what follows the lead */
} IssReplicationWarning;

void                    iss_replication_warning_free    (IssReplicationWarning *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssReplicationWarning, iss_replication_warning_free)

/* element-type IssReplicationWarning; empty = nothing to warn of */
GPtrArray              *iss_replication_warning_find    (IssPool       *pool,
                                                         gint64         now,
                                                         GTimeZone     *zone)
                                                         G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): before an import: as if the ticked servers had it */
IssReplicationWarning  *iss_replication_warning_new_for (IssPool       *pool,
                                                         const guint8  *sha256,
                                                         const guint8  *sha1,
                                                         const char    *issued_to,
                                                         GPtrArray     *ticked,
                                                         gint64         now,
                                                         GTimeZone     *zone)
                                                         G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
