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

G_END_DECLS
