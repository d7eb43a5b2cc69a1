/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence.h"
#include "core/store/audit-entry.h"

G_BEGIN_DECLS

/* Why a server has not what is agreed: somebody changed it there, or something did that is not
 * in its log. */
typedef enum
{
  ISS_DRIFT_NEVER,     /* nothing ever changed: it never had it */
  ISS_DRIFT_LOGGED,
  ISS_DRIFT_OUTSIDE    /* not in the log: changed outside of Issuant */
} IssDriftCause;

/* Whether the log has to be asked about a cell. */
gboolean        iss_drift_is_one       (const IssPresenceCell    *cell,
                                        const IssPresenceColumn  *column);
/* what its certificate's file is to be blamed for, and not its assignment */
gboolean        iss_drift_is_gone      (const IssPresenceCell    *cell);

IssDriftCause   iss_drift_find_cause   (GPtrArray                *entries,
                                        const char               *type,
                                        const char               *present_hex,
                                        gboolean                  is_gone,
                                        IssAuditEntry           **out_entry);
/* (nullable): of a cell, once its server's log was asked */
char           *iss_drift_dup_text     (IssServer                *server,
                                        const char               *type,
                                        GBytes                   *present,
                                        gint64                    now,
                                        GTimeZone                *zone) G_GNUC_WARN_UNUSED_RESULT;
/* lines for a shell: what puts it right; none that makes a certificate */
char          **iss_drift_dup_remedies (IssPool                  *pool,
                                        IssPresence              *presence)
                                        G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): who lacks the certificate: then it cannot be made everyone's yet */
char           *iss_drift_dup_lacking  (IssPool                  *pool,
                                        const guint8             *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
