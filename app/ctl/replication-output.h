/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/central/central-store.h"

G_BEGIN_DECLS

/* Replication status, for people and for scripts. */

CtlExitStatus  ctl_replication_output_print  (CtlContext       *context,
                                              IssPool          *pool,
                                              IssCentralStore  *store,
                                              GPtrArray        *servers);

G_END_DECLS
