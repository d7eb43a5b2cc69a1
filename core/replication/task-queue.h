/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/task.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* tasks/queue and tasks/done: what became of tasks, a file a task. What has not been begun
 * needs no file. Files that are not tasks are passed over and counted. */

#define ISS_TASK_QUEUE_MAX_DONE 200

/* (element-type IssTask), in the order of their instants */
GPtrArray  *iss_task_queue_read         (IssRootFolder  *root,
                                         guint          *out_n_foreign,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssTask), the one that ended last first */
GPtrArray  *iss_task_queue_read_done    (IssRootFolder  *root,
                                         guint          *out_n_foreign,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* With the writers' lock. */
gboolean    iss_task_queue_put          (IssRootFolder  *root,
                                         IssTask        *task,
                                         GError        **error);
gboolean    iss_task_queue_finish       (IssRootFolder  *root,
                                         IssTask        *task,
                                         GError        **error);

G_END_DECLS
