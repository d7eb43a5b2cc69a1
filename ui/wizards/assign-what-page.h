/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/server-check-list.h"
#include "ui/wizards/type-check-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_WHAT_PAGE (iss_assign_what_page_get_type ())

/* "Certificate Assignment": for which types, on which servers. */
G_DECLARE_FINAL_TYPE (IssAssignWhatPage, iss_assign_what_page, ISS, ASSIGN_WHAT_PAGE, GtkWidget)

/* floating; with the plan's types and servers ticked */
GtkWidget           *iss_assign_what_page_new          (IssAssignPlan      *plan)
                                                        G_GNUC_WARN_UNUSED_RESULT;

IssTypeCheckList    *iss_assign_what_page_get_types    (IssAssignWhatPage  *self);
IssServerCheckList  *iss_assign_what_page_get_servers  (IssAssignWhatPage  *self);
const char          *iss_assign_what_page_get_warning  (IssAssignWhatPage  *self);

G_END_DECLS
