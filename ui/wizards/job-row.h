/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/job.h"

G_BEGIN_DECLS

#define ISS_TYPE_JOB_ROW (iss_job_row_get_type ())

/* What a job does, or did, on one server. Signal "confirm", where a verb for it was given. */
G_DECLARE_FINAL_TYPE (IssJobRow, iss_job_row, ISS, JOB_ROW, GtkWidget)

GtkWidget   *iss_job_row_new       (IssJobEntry   *entry,
                                    GtkSizeGroup  *names) G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_job_row_get_text  (IssJobRow     *self);
/* (nullable): a button where something must be confirmed first */
void         iss_job_row_set_confirm_label (IssJobRow   *self,
                                            const char  *label);

G_END_DECLS
