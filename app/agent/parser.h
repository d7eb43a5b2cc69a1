/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The process that decodes one thing from elsewhere: a file (core/agent/parser-client.h), or a
 * message (core/agent/vetting.h). */

void  agent_parser_run (int      fd,
                        gboolean vets) G_GNUC_NORETURN;

G_END_DECLS
