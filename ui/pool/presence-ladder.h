/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/presence.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_RUNG_MARK_NONE,       /* "–": does not exist here, or was not looked at */
  ISS_RUNG_MARK_REACHED,    /* "●" */
  ISS_RUNG_MARK_FAILED,     /* "✕": the first that should be reached, and is not */
  ISS_N_RUNG_MARKS
} IssRungMark;

#define ISS_TYPE_PRESENCE_LADDER (iss_presence_ladder_get_type ())

/* How far the certificate of one cell has come: received ─ decrypted ─ in store ─
 * key matches ─ readable by the service ─ published ─ seen in use. */
G_DECLARE_FINAL_TYPE (IssPresenceLadder, iss_presence_ladder, ISS, PRESENCE_LADDER, GtkWidget)

GtkWidget    *iss_presence_ladder_new       (void) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

void          iss_presence_ladder_show      (IssPresenceLadder      *self,
                                             const IssPresenceCell  *cell);
IssRungMark   iss_presence_ladder_get_mark  (const IssPresenceCell  *cell,
                                             IssRung                 rung);
gboolean      iss_presence_ladder_is_replicated (const IssPresenceCell *cell);

G_END_DECLS
