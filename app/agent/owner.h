/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The agent always works as the owner of its root folder. */

gboolean  agent_owner_become (const char  *root,
                              gboolean     may_make,
                              int         *out_exit_status,
                              GError     **error);

G_END_DECLS
