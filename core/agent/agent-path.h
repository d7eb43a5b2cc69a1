/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/certificate/chain.h"

G_BEGIN_DECLS

#define ISS_AGENT_PATH_MAX_LINKS 10

#define ISS_TYPE_AGENT_PATH (iss_agent_path_get_type ())

/* The way from a certificate to its root as one server sees it: built there, with
 * its stores and by its clock. Immutable. */
G_DECLARE_FINAL_TYPE (IssAgentPath, iss_agent_path, ISS, AGENT_PATH, GObject)

/* agent */
GVariant        *iss_agent_path_run             (const IssAgentContext  *context,
                                                 GVariant               *parameters,
                                                 GCancellable           *cancellable,
                                                 GError                **error);

/* console; what it reads is an IssAgentPath */
IssAgentCall    *iss_agent_path_new_call        (const char             *store,
                                                 GBytes                 *sha256)
                                                 G_GNUC_WARN_UNUSED_RESULT;

/* leaf first; at least one */
guint            iss_agent_path_get_n_links     (IssAgentPath           *self);
IssCertificate  *iss_agent_path_get_certificate (IssAgentPath           *self,
                                                 guint                   index);
IssChainStatus   iss_agent_path_get_status      (IssAgentPath           *self,
                                                 guint                   index);
char            *iss_agent_path_dup_sentence    (IssAgentPath           *self,
                                                 guint                   index,
                                                 const char             *server_name,
                                                 GTimeZone              *zone)
                                                 G_GNUC_WARN_UNUSED_RESULT;
gboolean         iss_agent_path_is_good         (IssAgentPath           *self);
/* links above the last that were not sent */
gboolean         iss_agent_path_is_cut          (IssAgentPath           *self);
/* the server's clock */
gint64           iss_agent_path_get_time        (IssAgentPath           *self);

G_END_DECLS
