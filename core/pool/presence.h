/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence-cell.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRESENCE (iss_presence_get_type ())

/* The matrix servers × slots, and the one line that says whether it is the same
 * everywhere. A snapshot: made from what the pool has seen, at one instant. */
G_DECLARE_FINAL_TYPE (IssPresence, iss_presence, ISS, PRESENCE, GObject)

/* type NULL: all that are assigned anywhere, pool-wide first */
IssPresence              *iss_presence_new           (IssPool      *pool,
                                                      const char   *type,
                                                      gint64        now,
                                                      GTimeZone    *zone) G_GNUC_WARN_UNUSED_RESULT;
/* as of an instant; 0: as it was seen */
IssPresence              *iss_presence_new_at        (IssPool      *pool,
                                                      const char   *type,
                                                      gint64        now,
                                                      gint64        at,
                                                      GTimeZone    *zone) G_GNUC_WARN_UNUSED_RESULT;

guint                     iss_presence_get_n_servers (IssPresence  *self);   /* worst first */
IssServer                *iss_presence_get_server    (IssPresence  *self,
                                                      guint         row);
guint                     iss_presence_get_n_columns (IssPresence  *self);
const IssPresenceColumn  *iss_presence_get_column    (IssPresence  *self,
                                                      guint         column);
const IssPresenceCell    *iss_presence_get_cell      (IssPresence  *self,
                                                      guint         row,
                                                      guint         column);

/* the verdict line says yes */
gboolean                  iss_presence_is_good       (IssPresence  *self);
/* "OAuthTokenIssuer: not the same everywhere. 1 of 3 servers uses the agreed certificate." */
const char               *iss_presence_get_verdict   (IssPresence  *self);
/* the oldest look that the answer rests on; 0 = none */
gint64                    iss_presence_get_seen_at   (IssPresence  *self);
gboolean                  iss_presence_has_agreed    (IssPresence  *self,
                                                      const char   *type);
/* plain text for a ticket, UTC */
char                     *iss_presence_dup_ticket    (IssPresence  *self,
                                                      const char   *observer)
                                                      G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
