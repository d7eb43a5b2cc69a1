/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/global-order.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* What a plan is when it is done on every server, replicated. */

/* (nullable): the type that it is about, if it is one */
const char  *iss_assign_order_get_type      (IssAssignPlan   *plan);
/* (nullable): why it cannot be done so, a sentence */
const char  *iss_assign_order_get_obstacle  (IssAssignPlan   *plan);
void         iss_assign_order_fill          (IssGlobalOrder  *order,
                                             IssAssignPlan   *plan);

/* the last pages of each wizard with a plan: "summary", then "run", or what is in
 * global-pages.h; everywhere: that is chosen already */
void         iss_assign_order_add_pages     (IssWizard       *wizard,
                                             IssAssignPlan   *plan,
                                             gboolean         everywhere);

G_END_DECLS
