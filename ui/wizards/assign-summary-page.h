/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/global-order.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_SUMMARY_PAGE (iss_assign_summary_page_get_type ())

/* "Certificate Assignment Summary", or "Remove Certificate": what will be done where, what
 * each server thinks of it, and what has to be confirmed. Nothing is changed. */
G_DECLARE_FINAL_TYPE (IssAssignSummaryPage, iss_assign_summary_page, ISS, ASSIGN_SUMMARY_PAGE,
                      GtkWidget)

/* floating */
GtkWidget   *iss_assign_summary_page_new           (IssAssignPlan         *plan,
                                              IssGlobalOrder        *order)
                                                    G_GNUC_WARN_UNUSED_RESULT;

IssJobList  *iss_assign_summary_page_get_list      (IssAssignSummaryPage  *self);
const char  *iss_assign_summary_page_get_headline  (IssAssignSummaryPage  *self);
/* "" = there is nothing to confirm */
const char  *iss_assign_summary_page_get_warning   (IssAssignSummaryPage  *self);

G_END_DECLS
