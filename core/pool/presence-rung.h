/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence-cell.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_RUNG_MARK_NONE,       /* "–": does not exist here, or was not looked at */
  ISS_RUNG_MARK_REACHED,    /* "●" */
  ISS_RUNG_MARK_FAILED,     /* "✕": the first that should be reached, and is not */
  ISS_N_RUNG_MARKS
} IssRungMark;

/**
 * IssPresenceRung:
 *
 * What is known of one rung of a cell's certificate, since when, and from whom.
 */
typedef struct
{
  IssRungMark  mark;
  gint64       at;         /* console's clock; 0 = nobody looked */
  char        *time;       /* (nullable): "14:02:11" */
  char        *observer;   /* (nullable): "agent", "proved", "by permissions", "this console" */
  char        *text;       /* "proved 14:02:11 by this console"; never NULL */
} IssPresenceRung;

void         iss_presence_rung_init           (IssPresenceRung        *self,
                                               const IssPresenceCell  *cell,
                                               IssRung                 rung,
                                               gint64                  now,
                                               GTimeZone              *zone);
void         iss_presence_rung_clear          (IssPresenceRung        *self);

IssRungMark  iss_presence_rung_get_mark       (const IssPresenceCell  *cell,
                                               IssRung                 rung);
const char  *iss_presence_rung_get_nick       (IssRungMark             mark);   /* "reached" */
gboolean     iss_presence_rung_is_replicated  (const IssPresenceCell  *cell);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IssPresenceRung, iss_presence_rung_clear)

G_END_DECLS
