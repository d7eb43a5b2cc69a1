/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/clock.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* The agent without a console: what systemd starts. Both return the program's exit status. */

int  agent_resident_stay     (IssRootFolder  *root,
                              IssClock       *clock);
int  agent_resident_run_due  (IssRootFolder  *root,
                              IssClock       *clock);

G_END_DECLS
