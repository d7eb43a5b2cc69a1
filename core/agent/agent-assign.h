/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/assignment/change.h"

G_BEGIN_DECLS

/* ChangeAssignments: one change of what types use on a server, both ends. */

/**
 * IssAssignRequest:
 *
 * What the console asks for. Everything borrowed.
 */
typedef struct
{
  IssTransitionKind   kind;
  const char *const  *types;         /* names, NULL-terminated */
  GBytes *const      *sha256;        /* set, stage, replace: one for each type */
  const char         *server_name;   /* (nullable) */
  const char *const  *sip_domains;   /* (nullable) */
  GBytes             *compromised;   /* replace: the certificate, DER */
  IssStagedFate       staged;        /* set, swap back */
  gint64              instant;       /* stage, postpone */
  const char         *typed;         /* (nullable) */
  const char         *zone;          /* (nullable) */
  gboolean            held;          /* stage */
  gboolean            force;
  gboolean            what_if;
} IssAssignRequest;

/* The value is an IssChangeOutcome. */
IssAgentCall  *iss_agent_assign_call        (const IssAssignRequest *request)
                                             G_GNUC_WARN_UNUSED_RESULT;

GVariant      *iss_agent_assign_run         (const IssAgentContext  *context,
                                             GVariant               *parameters,
                                             GCancellable           *cancellable,
                                             GError                **error);

/* The options "server-name" and "sip-domains", checked. */
gboolean       iss_agent_assign_read_names  (GVariant               *options,
                                             char                  **out_server_name,
                                             char                 ***out_sip_domains,
                                             GError                **error);

G_END_DECLS
