/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/task.h"

G_BEGIN_DECLS

/* Tasks in words, for the console and the shell alike. */

/* "roll", "failed, 3 times", "late by 2 hours" */
char  *iss_task_text_dup_state     (IssTask    *task,
                                    gint64      now) G_GNUC_WARN_UNUSED_RESULT;
/* "Default", "Default (nginx)", "" */
char  *iss_task_text_dup_type      (IssTask    *task) G_GNUC_WARN_UNUSED_RESULT;
/* "auth.contoso.example becomes current for Default on 1 July 2027, 00:00 (UTC+2)" */
char  *iss_task_text_dup_plan      (IssTask    *task,
                                    const char *certificate,
                                    GTimeZone  *zone) G_GNUC_WARN_UNUSED_RESULT;
/* why it failed and when it is tried again, or how it ended; "" = nothing to say */
char  *iss_task_text_dup_result    (IssTask    *task,
                                    gint64      now,
                                    GTimeZone  *zone) G_GNUC_WARN_UNUSED_RESULT;
/* what runs the tasks, or the warning that nothing does */
char  *iss_task_text_dup_resident  (const char *server_name,
                                    gint64      resident_since,
                                    GTimeZone  *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
