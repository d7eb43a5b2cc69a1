/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_TYPE_AGENT_WATCH (iss_agent_watch_get_type ())

/* Sees what others change in a server's folder. Signal "changed": look again;
 * at most three times a second, and once more after the last change. */
G_DECLARE_FINAL_TYPE (IssAgentWatch, iss_agent_watch, ISS, AGENT_WATCH, GObject)

IssAgentWatch *iss_agent_watch_new (const char *root_path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
