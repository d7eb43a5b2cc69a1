/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/candidate-list.h"
#include "ui/wizards/server-check-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_PAGE (iss_assign_page_get_type ())

/* Which certificate, for what, and where. */
G_DECLARE_FINAL_TYPE (IssAssignPage, iss_assign_page, ISS, ASSIGN_PAGE, GtkWidget)

GtkWidget           *iss_assign_page_new           (IssAssignPlan  *plan,
                                                    GBytes         *selected)
                                                    G_GNUC_WARN_UNUSED_RESULT;
IssCandidateList    *iss_assign_page_get_list      (IssAssignPage  *self);
IssServerCheckList  *iss_assign_page_get_servers   (IssAssignPage  *self);
const char          *iss_assign_page_get_warning   (IssAssignPage  *self);   /* "" = none */

G_END_DECLS
