/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

G_BEGIN_DECLS

/* The spelling of the cmdlets of the management shell that this pool's administrators know,
 * "Get-CsCertificate -Type OAuthTokenIssuer", parsed by one table onto our own verbs. */

char  **ctl_cmdlet_translate  (int          argc,
                               char       **argv,
                               IssSecret  **out_password,
                               GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
