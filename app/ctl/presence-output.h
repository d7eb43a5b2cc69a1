/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/pool/presence.h"

G_BEGIN_DECLS

/* A presence as a table and as JSON, for the verbs that show one. */

void  ctl_presence_output_print_table  (CtlContext    *context,
                                        IssPresence   *presence);
/* the member "cells" */
void  ctl_presence_output_add_cells    (IssJsonText   *json,
                                        IssPresence   *presence,
                                        gint64         now);

/* what puts right what was changed on one server */
void  ctl_presence_output_print_remedies (CtlContext  *context,
                                        IssPool       *pool,
                                        IssPresence   *presence);
/* past what the servers say: which certificates are in use, and who changed something */
void  ctl_presence_output_ask          (CtlContext    *context,
                                        IssPool       *pool,
                                        GPtrArray     *servers);

G_END_DECLS
