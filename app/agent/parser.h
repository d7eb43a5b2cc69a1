/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The process that reads one file from elsewhere; see core/agent/parser-client.h. */

void  agent_parser_run (int fd) G_GNUC_NORETURN;

G_END_DECLS
