/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/central.h"

G_BEGIN_DECLS

/* Who may sign for a pool. */

void  ctl_administration_print  (CtlContext               *context,
                                 const IssAdministrators  *administrators);

G_END_DECLS
