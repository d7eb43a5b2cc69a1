/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define AGENT_TYPE_RELOADER (agent_reloader_get_type ())

/* Reloads the services that root has configured when what is published for them has changed. The
 * one privileged act: it works as whoever started it, on a folder that may be somebody else's. */
G_DECLARE_FINAL_TYPE (AgentReloader, agent_reloader, AGENT, RELOADER, GObject)

AgentReloader  *agent_reloader_new        (const char     *root_path,
                                           IssClock       *clock,
                                           GError        **error) G_GNUC_WARN_UNUSED_RESULT;

void            agent_reloader_watch      (AgentReloader  *self);
void            agent_reloader_run        (AgentReloader  *self,
                                           gboolean        again);

gboolean        agent_reloader_is_busy    (AgentReloader  *self);
/* what is not as it should be, after the last pass */
guint           agent_reloader_get_n_failed (AgentReloader *self);

G_END_DECLS
