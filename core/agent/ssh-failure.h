/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/agent/connection-address.h"

G_BEGIN_DECLS

/* How issuant-agent ends when it refuses to begin; a sentence on stderr says why. */
#define ISS_AGENT_EXIT_FAILED 1
#define ISS_AGENT_EXIT_USAGE 2
#define ISS_AGENT_EXIT_NOT_OWNER 3
#define ISS_AGENT_EXIT_NO_ROOT 4

/* Turns what ssh (or the shell behind it) said on stderr, with its exit status,
 * into an error with the right code: UNREACHABLE, LOGIN, HOST_KEY_UNKNOWN,
 * HOST_KEY_CHANGED, NO_AGENT, NOT_OWNER, PROTOCOL or CLOSED. */

GError  *iss_ssh_failure_new  (IssConnectionAddress  *address,
                               int                    exit_status,
                               const char            *stderr_text) G_GNUC_WARN_UNUSED_RESULT;

char    *iss_ssh_failure_dup_install_command
                              (IssConnectionAddress  *address) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
