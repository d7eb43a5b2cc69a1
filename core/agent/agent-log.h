/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/store/audit-check.h"
#include "core/store/audit-entry.h"

G_BEGIN_DECLS

/* The audit record of a server, as GetLog and VerifyLog give it. */

#define ISS_AGENT_LOG_MAX_PAGE 1000
#define ISS_AGENT_LOG_MAX_FILTER 256   /* characters */

/**
 * IssAgentLogQuery:
 *
 * Which entries are wanted. Strings borrowed.
 */
typedef struct
{
  guint64     before;   /* 0: from the newest; else a page's next */
  guint       limit;    /* 1 to %ISS_AGENT_LOG_MAX_PAGE */
  const char *filter;   /* (nullable): contained in what the entry says, in any case */
  const char *what;     /* (nullable): "import" */
  gint64      since;    /* 0: any time */
} IssAgentLogQuery;

/**
 * IssAgentLogPage:
 *
 * Entries of one server, newest first.
 */
typedef struct
{
  GPtrArray *entries;   /* (element-type IssAuditEntry) */
  guint64    next;      /* 0: that was the last page */
} IssAgentLogPage;

void           iss_agent_log_page_free   (IssAgentLogPage         *page);

/* The console's side: what is read is an IssAgentLogPage, and an IssAuditCheck for g_free(). */
IssAgentCall  *iss_agent_log_new_get     (const IssAgentLogQuery  *query) G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall  *iss_agent_log_new_verify  (void) G_GNUC_WARN_UNUSED_RESULT;

/* The agent's side. */
GVariant      *iss_agent_log_get_run     (const IssAgentContext   *context,
                                          GVariant                *parameters,
                                          GCancellable            *cancellable,
                                          GError                 **error);
GVariant      *iss_agent_log_verify_run  (const IssAgentContext   *context,
                                          GVariant                *parameters,
                                          GCancellable            *cancellable,
                                          GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAgentLogPage, iss_agent_log_page_free)

G_END_DECLS
