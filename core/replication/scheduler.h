/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/replication/task.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* What is due on one server, and doing it. Nothing here waits: see core/agent/agent-scheduler.h. */

/**
 * IssSchedulerOutcome:
 *
 * What one pass over the tasks has come to.
 */
typedef struct
{
  guint   n_done;
  guint   n_failed;
  gint64  next;       /* when to look again; 0 = nothing waits for its instant */
} IssSchedulerOutcome;

/* (element-type IssTask): those not over, in the order of their instants; without the lock */
GPtrArray  *iss_scheduler_list     (IssRootFolder        *root,
                                    gint64                now,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssTask): the last that are over, newest first */
GPtrArray  *iss_scheduler_list_over (IssRootFolder       *root,
                                    gint64                now,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_scheduler_run_due  (IssRootFolder        *root,
                                    const char           *who,
                                    gint64                now,
                                    double                jitter,
                                    IssSchedulerOutcome  *out_outcome,
                                    GError              **error);
gboolean    iss_scheduler_run_deployment
                                   (IssRootFolder        *root,
                                    const IssCertificateType *type,
                                    const char           *who,
                                    gint64                now,
                                    GError              **error);

G_END_DECLS
