/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/enroll-plan.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ENROLL_RUN_PAGE (iss_enroll_run_page_get_type ())

/* Enrols the servers, and has what is assigned globally brought to them. */
G_DECLARE_FINAL_TYPE (IssEnrollRunPage, iss_enroll_run_page, ISS, ENROLL_RUN_PAGE, GtkWidget)

GtkWidget   *iss_enroll_run_page_new          (IssEnrollPlan     *plan)
                                               G_GNUC_WARN_UNUSED_RESULT;   /* floating */

IssJobList  *iss_enroll_run_page_get_list     (IssEnrollRunPage  *self);
const char  *iss_enroll_run_page_get_headline (IssEnrollRunPage  *self);
/* what went wrong with the packages; "" = nothing */
const char  *iss_enroll_run_page_get_text     (IssEnrollRunPage  *self);
gboolean     iss_enroll_run_page_is_over      (IssEnrollRunPage  *self);

G_END_DECLS
