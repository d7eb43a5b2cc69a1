/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/command-line.h"
#include "core/base/secret.h"

G_BEGIN_DECLS

gboolean    ctl_password_is_given (CtlCommandLine  *command_line);
IssSecret  *ctl_password_get      (CtlCommandLine  *command_line,
                                   const char      *what,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* of the administrator's key, where another password may be given as well */
IssSecret  *ctl_password_get_signing (CtlCommandLine *command_line,
                                   const char      *what,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* a new one: asked for twice */
IssSecret  *ctl_password_choose   (CtlCommandLine  *command_line,
                                   const char      *what,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* a token's; (nullable) without an error: nobody can be asked */
IssSecret  *ctl_password_ask_pin  (const char      *prompt,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* a server's token's; (nullable) without an error: nobody has said, and nobody can be asked */
IssSecret  *ctl_password_get_pin  (CtlCommandLine  *command_line,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
