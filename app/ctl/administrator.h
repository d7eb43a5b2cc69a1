/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/central/administrator.h"

G_BEGIN_DECLS

/* The administrator's signing key, as the verbs need it. */

char              *ctl_administrator_dup_folder (CtlContext        *context)
                                                 G_GNUC_WARN_UNUSED_RESULT;
IssAdministrator  *ctl_administrator_open       (CtlContext        *context,
                                                 GError           **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
IssPrivateKey     *ctl_administrator_unlock     (CtlContext        *context,
                                                 IssAdministrator  *administrator,
                                                 GError           **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* where another password may be given as well */
IssPrivateKey     *ctl_administrator_unlock_signing (CtlContext       *context,
                                                 IssAdministrator  *administrator,
                                                 GError           **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) without an error: the PIN is kept where the URI or systemd says */
IssSecret         *ctl_administrator_ask_pin    (GError           **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* that of --path */
IssCertificate    *ctl_administrator_read_certificate (CtlContext     *context,
                                                 GError           **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void               ctl_administrator_print      (CtlContext        *context,
                                                 IssAdministrator  *administrator);

G_END_DECLS
