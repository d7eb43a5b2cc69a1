/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

/* The real openssl program, and others, for files that are not of our own making. */

void       iss_openssl_tool_run        (IssTempFolder *folder,
                                        const char    *command_line);
gboolean   iss_openssl_tool_try        (IssTempFolder *folder,
                                        const char    *command_line,
                                        char         **out_output);
void       iss_openssl_tool_make_pair  (IssTempFolder *folder,
                                        const char    *name);
GBytes    *iss_openssl_tool_make_file  (IssTempFolder *folder,
                                        const char    *command_line,
                                        const char    *name) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *iss_openssl_tool_load       (IssTempFolder *folder,
                                        const char    *name) G_GNUC_WARN_UNUSED_RESULT;
IssSecret *iss_openssl_tool_secret     (const char    *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
