/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"

G_BEGIN_DECLS

/* The certificate itself that a thumbprint names, from the first server that has it. */

IssCertificate  *ctl_fetch_certificate (CtlContext  *context,
                                        GPtrArray   *servers,
                                        const char  *store,
                                        const char  *typed,
                                        IssServer  **out_server,
                                        GVariant   **out_properties,
                                        GError     **error) G_GNUC_WARN_UNUSED_RESULT;
/* what --compromised names */
IssCertificate  *ctl_fetch_compromised (CtlContext  *context,
                                        IssPool     *pool,
                                        GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
