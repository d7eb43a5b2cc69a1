/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/base/effective-date.h"
#include "core/pool/pool-assign.h"

G_BEGIN_DECLS

/* What set-certificate and import-certificate have to do with a certificate that becomes
 * current later. */

/* The options of a roll, for a verb's list. */
#define CTL_ROLL_OPTIONS "roll", "effective-date", "unconditional", "except"

gboolean       ctl_roll_read  (CtlContext         *context,
                               IssEffectiveDate  **out_date,
                               GError            **error);
CtlExitStatus  ctl_roll_stage (CtlContext         *context,
                               IssPool            *pool,
                               GPtrArray          *servers,
                               const char *const  *types,
                               GBytes             *sha256,
                               IssEffectiveDate   *date);
CtlExitStatus  ctl_roll_arm   (CtlContext         *context,
                               IssPool            *pool,
                               GPtrArray          *servers,
                               const char *const  *types);
CtlExitStatus  ctl_roll_postpone (CtlContext      *context,
                               IssPool            *pool,
                               GPtrArray          *servers,
                               const char *const  *types,
                               IssEffectiveDate   *date);
CtlExitStatus  ctl_roll_run   (CtlContext         *context,
                               IssPool            *pool,
                               GPtrArray          *servers,
                               const IssAssignRequest *request);

gboolean       ctl_roll_check_clocks (CtlContext  *context,
                                      IssPool     *pool,
                                      GPtrArray   *servers);

G_END_DECLS
