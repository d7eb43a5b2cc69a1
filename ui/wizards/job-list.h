/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/job.h"

G_BEGIN_DECLS

#define ISS_TYPE_JOB_LIST (iss_job_list_get_type ())

/* A job while it runs and when it is over: one line a server, progress, and Try
 * again for what failed. Property "running"; signal "ended" after each run. */
G_DECLARE_FINAL_TYPE (IssJobList, iss_job_list, ISS, JOB_LIST, GtkWidget)

void         iss_job_list_run           (IssJobList   *self,
                                         IssJob       *job);
void         iss_job_list_retry         (IssJobList   *self);
void         iss_job_list_stop          (IssJobList   *self);
IssJob      *iss_job_list_get_job       (IssJobList   *self);   /* (nullable) */
gboolean     iss_job_list_is_running    (IssJobList   *self);
const char  *iss_job_list_get_progress  (IssJobList   *self);   /* "2 of 3 servers, fe03 is slow" */

G_END_DECLS
