/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What has ssh tell, whatever its log level, which host key it was shown: the option, and what
 * the line begins with. */
#define ISS_SSH_HOST_KEY_OPTION "LogVerbose=sshconnect.c:verify_host_key*"
#define ISS_SSH_HOST_KEY_PREFIX "debug1: sshconnect.c:verify_host_key():"

char *iss_ssh_host_key_find (const char *stderr_text,
                             const char *process) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
