/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-tasks.h"
#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_TASK_PAGE (iss_task_page_get_type ())

/* What one server does at an instant, what became of it, and whether anything there will do
 * it. Actions "page.look", "page.copy-ticket". */
G_DECLARE_FINAL_TYPE (IssTaskPage, iss_task_page, ISS, TASK_PAGE, GtkWidget)

GtkWidget   *iss_task_page_new         (IssScopeNode   *node) G_GNUC_WARN_UNUSED_RESULT;

const char  *iss_task_page_get_answer  (IssTaskPage    *self);
const char  *iss_task_page_get_warning (IssTaskPage    *self);   /* "" = something runs them */
GListModel  *iss_task_page_get_lines   (IssTaskPage    *self);   /* IssTaskItem */
char        *iss_task_page_dup_ticket  (IssTaskPage    *self) G_GNUC_WARN_UNUSED_RESULT;

/* For what asks in other ways, such as tests. */
void         iss_task_page_show        (IssTaskPage    *self,
                                        IssAgentTasks  *tasks,
                                        gint64          seen_at);

G_END_DECLS
