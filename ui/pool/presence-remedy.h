/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence.h"

G_BEGIN_DECLS

/**
 * IssPresenceRemedy:
 *
 * What can be done about a cell.
 */
typedef struct
{
  char       *label;     /* translated; no mnemonic */
  const char *action;
  GVariant   *target;
} IssPresenceRemedy;

/* (element-type IssPresenceRemedy): at most two, the first is best */
GPtrArray  *iss_presence_remedy_find  (IssPool                *pool,
                                       IssPresence            *presence,
                                       const IssPresenceCell  *cell) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
