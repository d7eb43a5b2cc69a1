/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-log.h"
#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EVENT_LOG_PAGE (iss_event_log_page_get_type ())

/* Who changed what on one server, and when, newest first; and whether that record is as it
 * was written. Actions "page.verify", "page.copy-entry", "page.older". */
G_DECLARE_FINAL_TYPE (IssEventLogPage, iss_event_log_page, ISS, EVENT_LOG_PAGE, GtkWidget)

GtkWidget   *iss_event_log_page_new         (IssScopeNode         *node) G_GNUC_WARN_UNUSED_RESULT;

GListModel  *iss_event_log_page_get_entries (IssEventLogPage      *self);   /* IssAuditEntry */
void         iss_event_log_page_select      (IssEventLogPage      *self,
                                             guint                 position);
void         iss_event_log_page_set_filter  (IssEventLogPage      *self,
                                             const char           *text);
const char  *iss_event_log_page_get_result  (IssEventLogPage      *self);   /* "" = not checked */

/* For what asks in other ways, such as tests. */
void         iss_event_log_page_show        (IssEventLogPage      *self,
                                             IssAgentLogPage      *page,
                                             gint64                seen_at);
void         iss_event_log_page_show_check  (IssEventLogPage      *self,
                                             const IssAuditCheck  *check,
                                             gint64                seen_at);

G_END_DECLS
