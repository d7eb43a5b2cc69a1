/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/clock.h"

G_BEGIN_DECLS

/* issuant-agent as root's: what reloads the services of a server. */

int  agent_watch_live_stay (const char *root_path,
                            IssClock   *clock);
int  agent_watch_live_once (const char *root_path,
                            IssClock   *clock);

G_END_DECLS
