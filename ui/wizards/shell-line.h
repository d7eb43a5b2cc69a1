/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"

G_BEGIN_DECLS

/* The issuantctl line that does what a wizard does. Never with a secret. */

GString  *iss_shell_line_new          (IssWorkspace  *workspace,
                                       const char    *verb) G_GNUC_WARN_UNUSED_RESULT;
/* NULL: "…", for what is not said */
void      iss_shell_line_add          (GString       *line,
                                       const char    *option,
                                       const char    *value);
void      iss_shell_line_add_file     (GString       *line,
                                       const char    *option,
                                       const char    *path);
void      iss_shell_line_add_servers  (GString       *line,
                                       GPtrArray     *servers);

G_END_DECLS
