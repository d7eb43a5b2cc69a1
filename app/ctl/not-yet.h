/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"

G_BEGIN_DECLS

/* What can be said already and not be done yet. */

gboolean  ctl_not_yet_check_roll  (CtlContext  *context,
                                   GError     **error);

G_END_DECLS
