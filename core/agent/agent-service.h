/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/base/clock.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

#define ISS_TYPE_AGENT_SERVICE (iss_agent_service_get_type ())

/* The agent's side of org.issuant.Agent1 on one connection: parses, checks
 * limits, calls the rooms below, returns. Reconciles when it is made. */
G_DECLARE_FINAL_TYPE (IssAgentService, iss_agent_service, ISS, AGENT_SERVICE, GObject)

IssAgentService *iss_agent_service_new     (IssRootFolder    *root,
                                            IssClock         *clock,
                                            const char       *zone,
                                            const char       *role,
                                            const char       *who) G_GNUC_WARN_UNUSED_RESULT;
gboolean         iss_agent_service_export  (IssAgentService  *self,
                                            GDBusConnection  *connection,
                                            GError          **error);
/* something runs that should not be cut off */
gboolean         iss_agent_service_is_busy (IssAgentService  *self);

G_END_DECLS
