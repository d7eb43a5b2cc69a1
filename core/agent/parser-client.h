/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/helper-process.h"
#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* Files from elsewhere are read by a process of their own that has nothing to lose: it is
 * started for one file, confines itself before it has the first byte, answers and ends. */

#define ISS_PARSER_CLIENT_OWN ISS_HELPER_PROCESS_OWN
#define ISS_PARSER_CLIENT_OPTION "--parse"

#define ISS_PARSER_CLIENT_SECONDS 60

IssBundle  *iss_parser_client_read (const char    *program,
                                    guint          seconds,
                                    IssSecret     *request,
                                    GCancellable  *cancellable,
                                    GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
