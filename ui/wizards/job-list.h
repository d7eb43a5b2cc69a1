/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/job.h"

G_BEGIN_DECLS

#define ISS_TYPE_JOB_LIST (iss_job_list_get_type ())

/* A job while it runs and when it is over: one line a server, progress, and Try
 * again for what failed. Property "running"; signal "ended" after each run, and "confirm" where a
 * verb for it was given. */
G_DECLARE_FINAL_TYPE (IssJobList, iss_job_list, ISS, JOB_LIST, GtkWidget)

void         iss_job_list_run           (IssJobList   *self,
                                         IssJob       *job);
void         iss_job_list_retry         (IssJobList   *self);
/* nothing but this one */
void         iss_job_list_retry_entry   (IssJobList   *self,
                                         IssJobEntry  *entry);
void         iss_job_list_stop          (IssJobList   *self);
IssJob      *iss_job_list_get_job       (IssJobList   *self);   /* (nullable) */
gboolean     iss_job_list_is_running    (IssJobList   *self);
const char  *iss_job_list_get_progress  (IssJobList   *self);   /* "2 of 3 servers, fe03 is slow" */
/* the verb of a row whose server waits for a confirmation */
void         iss_job_list_set_confirm_label (IssJobList  *self,
                                             const char  *label);

G_END_DECLS
