/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/* What a presence asks of the servers' last observations. */

const IssObservedSlot         *iss_presence_seen_slot         (IssServer     *server,
                                                               const char    *type,
                                                               IssSlot        slot);
const IssObservedSlot         *iss_presence_seen_common       (IssPool       *pool,
                                                               const char    *type,
                                                               IssSlot        slot);
gboolean                       iss_presence_seen_is_used      (IssPool       *pool,
                                                               const char    *type,
                                                               IssSlot        slot);

const IssObservedCertificate  *iss_presence_seen_certificate  (IssServer     *server,
                                                               const guint8  *sha256);
const IssObservedCertificate  *iss_presence_seen_anywhere     (IssPool       *pool,
                                                               const guint8  *sha256);

char                          *iss_presence_seen_dup_name     (const char    *issued_to,
                                                               const guint8  *sha1)
                                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
