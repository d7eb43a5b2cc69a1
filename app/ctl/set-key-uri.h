/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/base/secret.h"

G_BEGIN_DECLS

/* Keys in tokens, for set-key-uri and for import-certificate. */

gboolean       ctl_set_key_uri_check  (CtlContext  *context,
                                       IssSecret  **out_pin,
                                       GError     **error);
CtlExitStatus  ctl_set_key_uri_run    (CtlContext  *context,
                                       GPtrArray   *servers,
                                       GBytes      *sha256,
                                       IssSecret   *pin);

G_END_DECLS
