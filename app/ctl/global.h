/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/base/effective-date.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* What import-certificate, set-certificate and remove-certificate do with --identity global. */

/* The option that these verbs take beside their own. */
#define CTL_GLOBAL_OPTIONS "key-password-file"

gboolean       ctl_global_is_meant  (CtlContext          *context);
CtlExitStatus  ctl_global_import    (CtlContext          *context,
                                     IssCertificate      *certificate,
                                     GPtrArray           *others,
                                     IssPrivateKey       *key,
                                     const char          *type,
                                     IssEffectiveDate    *date);
CtlExitStatus  ctl_global_set       (CtlContext          *context,
                                     const char *const   *types,
                                     IssEffectiveDate    *date);
CtlExitStatus  ctl_global_remove    (CtlContext          *context,
                                     const char          *type);
/* Before something is changed by hand that is assigned globally. */
void           ctl_global_warn      (CtlContext          *context,
                                     IssPool             *pool,
                                     const char *const   *types);

G_END_DECLS
