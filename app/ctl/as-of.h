/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"

G_BEGIN_DECLS

/* --at D behind a verb: as of which instant the question is. Before the verb it sets the
 * clocks of the demo pool. */
gboolean  ctl_as_of_get (CtlContext  *context,
                         gint64      *out_at,
                         GError     **error);

G_END_DECLS
