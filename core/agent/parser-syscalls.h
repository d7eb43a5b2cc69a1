/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The few system calls that reading a file out of a socket takes. The one door to libseccomp. */

gboolean  iss_parser_syscalls_are_restrictable (void);
gboolean  iss_parser_syscalls_restrict         (GError  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
