/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/presence-rung.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRESENCE_LADDER (iss_presence_ladder_get_type ())

/* How far the certificate of one cell has come: received ─ decrypted ─ in store ─
 * key matches ─ readable by the service ─ published ─ seen in use; below each when that
 * was seen, and by whom. */
G_DECLARE_FINAL_TYPE (IssPresenceLadder, iss_presence_ladder, ISS, PRESENCE_LADDER, GtkWidget)

GtkWidget    *iss_presence_ladder_new       (void) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

void          iss_presence_ladder_show      (IssPresenceLadder      *self,
                                             const IssPresenceCell  *cell,
                                             gint64                  now,
                                             GTimeZone              *zone);
/* what a server said of a certificate that was replicated to it */
void          iss_presence_ladder_show_reached (IssPresenceLadder   *self,
                                             IssRung                 reached,
                                             const char             *time,
                                             const char             *observer);

G_END_DECLS
