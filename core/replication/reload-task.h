/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"
#include "core/replication/task.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* The reload of a service as a task of its server: the scheduler shows it and writes it into the
 * audit record; it is root's watcher that does it. */

/* (nullable): nothing is published for it */
IssTask   *iss_reload_task_new   (const IssReload  *reload,
                                  gint64            now) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssTask): those not over */
GPtrArray *iss_reload_task_list  (IssRootFolder    *root,
                                  gint64            now) G_GNUC_WARN_UNUSED_RESULT;

/* With the writers' lock. */
gboolean   iss_reload_task_note  (IssRootFolder    *root,
                                  const char       *who,
                                  gint64            now,
                                  GError          **error);

G_END_DECLS
