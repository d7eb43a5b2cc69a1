/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_RUN_PAGE (iss_assign_run_page_get_type ())

/* Assigns, server by server, records what is agreed, and says so. */
G_DECLARE_FINAL_TYPE (IssAssignRunPage, iss_assign_run_page, ISS, ASSIGN_RUN_PAGE, GtkWidget)

GtkWidget   *iss_assign_run_page_new           (IssAssignPlan     *plan)
                                                G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_assign_run_page_get_headline  (IssAssignRunPage  *self);
/* "" = nothing to say */
const char  *iss_assign_run_page_get_agreed    (IssAssignRunPage  *self);
gboolean     iss_assign_run_page_is_over       (IssAssignRunPage  *self);   /* looked at again */

G_END_DECLS
