/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/copy-plan.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_COPY_RUN_PAGE (iss_copy_run_page_get_type ())

/* Copies, server by server, and says what came of it. */
G_DECLARE_FINAL_TYPE (IssCopyRunPage, iss_copy_run_page, ISS, COPY_RUN_PAGE, GtkWidget)

GtkWidget   *iss_copy_run_page_new            (IssCopyPlan     *plan) G_GNUC_WARN_UNUSED_RESULT;
IssJobList  *iss_copy_run_page_get_list       (IssCopyRunPage  *self);
const char  *iss_copy_run_page_get_headline   (IssCopyRunPage  *self);
const char  *iss_copy_run_page_get_warning    (IssCopyRunPage  *self);   /* "" = none */
/* done, and looked at again */
gboolean     iss_copy_run_page_is_over        (IssCopyRunPage  *self);

G_END_DECLS
