/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/clock.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

#define ISS_TYPE_AGENT_SCHEDULER (iss_agent_scheduler_get_type ())

/* Runs the due tasks of one server as long as it lives: at their instants, when the clock is
 * put, when something is staged, and what was missed at once. */
G_DECLARE_FINAL_TYPE (IssAgentScheduler, iss_agent_scheduler, ISS, AGENT_SCHEDULER, GObject)

IssAgentScheduler  *iss_agent_scheduler_new          (IssRootFolder      *root,
                                                      IssClock           *clock,
                                                      gboolean            resident,
                                                      GError            **error)
                                                      G_GNUC_WARN_UNUSED_RESULT;

gboolean            iss_agent_scheduler_is_busy      (IssAgentScheduler  *self);
gboolean            iss_agent_scheduler_is_resident  (IssAgentScheduler  *self);
/* of the last pass; (nullable) */
const GError       *iss_agent_scheduler_get_error    (IssAgentScheduler  *self);
guint               iss_agent_scheduler_get_n_passes (IssAgentScheduler  *self);
guint               iss_agent_scheduler_get_n_failed (IssAgentScheduler  *self);

G_END_DECLS
