/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/* What a presence asks of the servers' last observations; with an instant `at`, what the slots
 * will hold then, as they are staged now. 0: as they are. */

const IssObservedSlot         *iss_presence_seen_slot         (IssServer     *server,
                                                               const char    *type,
                                                               IssSlot        slot,
                                                               gint64         at);
IssSlot                        iss_presence_seen_origin       (IssServer     *server,
                                                               const char    *type,
                                                               IssSlot        slot,
                                                               gint64         at);
const IssObservedSlot         *iss_presence_seen_common       (IssPool       *pool,
                                                               const char    *type,
                                                               IssSlot        slot,
                                                               gint64         at);
gboolean                       iss_presence_seen_is_used      (IssPool       *pool,
                                                               const char    *type,
                                                               IssSlot        slot,
                                                               gint64         at);
/* 0: no roll is staged that comes after `now` */
gint64                         iss_presence_seen_next_roll    (IssPool       *pool,
                                                               gint64         now);

const IssObservedCertificate  *iss_presence_seen_certificate  (IssServer     *server,
                                                               const guint8  *sha256);
const IssObservedCertificate  *iss_presence_seen_anywhere     (IssPool       *pool,
                                                               const guint8  *sha256);

/* (nullable) */
const IssWitnessed            *iss_presence_seen_proof        (IssServer     *server,
                                                               const guint8  *sha256,
                                                               IssRung        rung);

char                          *iss_presence_seen_dup_name     (const char    *issued_to,
                                                               const guint8  *sha1)
                                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
