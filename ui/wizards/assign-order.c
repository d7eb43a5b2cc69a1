/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-order.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/assign-run-page.h"
#include "ui/wizards/assign-summary-page.h"
#include "ui/wizards/assign-words.h"
#include "ui/wizards/global-pages.h"

/**
 * iss_assign_order_get_type:
 * @plan: a plan
 *
 * Returns: (transfer none) (nullable): the name of its certificate type; %NULL: it has several
 */
const char *
iss_assign_order_get_type (IssAssignPlan *plan)
{
  const char *const *types;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);

  types = iss_assign_plan_get_types (plan);

  return types[0] != NULL && types[1] == NULL ? types[0] : NULL;
}

/**
 * iss_assign_order_get_obstacle:
 * @plan: a plan
 *
 * Returns: (transfer none) (nullable): why it cannot be done on every server, replicated
 */
const char *
iss_assign_order_get_obstacle (IssAssignPlan *plan)
{
  if (iss_assign_order_get_type (plan) != NULL)
    return NULL;

  return _("One certificate type at a time: choose a single one to have it replicated.");
}

/**
 * iss_assign_order_fill:
 * @order: an order
 * @plan: a plan that has one type
 *
 * Orders what is planned, on every server instead of on those of the plan. That what is staged is
 * armed is no change: it is decided with what is staged.
 */
void
iss_assign_order_fill (IssGlobalOrder *order,
                       IssAssignPlan  *plan)
{
  const IssTransitionKind change = iss_assign_plan_get_change (plan);
  IssCandidate *candidate = iss_assign_plan_get_candidate (plan);
  g_autofree char *line = iss_assign_plan_dup_global_line (plan);
  IssServer *holder = NULL;

  g_return_if_fail (iss_assign_order_get_type (plan) != NULL);

  iss_global_order_set_type (order, iss_assign_order_get_type (plan));
  iss_global_order_set_shell_line (order, line);
  if (change != ISS_TRANSITION_ARM)
    iss_global_order_set_change (order, change, iss_assign_plan_get_date (plan),
                                 iss_assign_plan_is_held (plan),
                                 iss_assign_plan_get_staged (plan));
  if (change == ISS_TRANSITION_REPLACE)
    iss_global_order_set_compromised (order, iss_assign_plan_get_compromised (plan));
  /* Who chooses a date was asked when the clocks are too far apart for it. */
  iss_global_order_set_any_clock (order, iss_assign_plan_get_date (plan) != NULL &&
                                         !iss_assign_plan_check_clocks (plan, NULL));
  if (candidate != NULL)
    holder = iss_pool_find_server (iss_assign_plan_get_pool (plan),
                                   iss_candidate_get_holder (candidate));
  if (holder != NULL)
    iss_global_order_set_holder (order, holder, iss_candidate_get_sha256 (candidate));
}

/**
 * iss_assign_order_add_pages:
 * @wizard: a wizard
 * @plan: what its pages collect
 * @everywhere: whether it is done on every server, replicated, until somebody chooses otherwise
 *
 * Adds the summary, and what comes after it.
 */
void
iss_assign_order_add_pages (IssWizard     *wizard,
                            IssAssignPlan *plan,
                            gboolean       everywhere)
{
  g_autoptr(IssGlobalOrder) order =
    iss_global_order_new (iss_assign_plan_get_workspace (plan), iss_assign_plan_get_pool (plan));
  const char *verb = iss_assign_words_get_button (iss_assign_plan_get_change (plan));

  iss_global_order_choose (order, everywhere);
  iss_wizard_add_page (wizard, "summary",
                       ISS_WIZARD_PAGE (iss_assign_summary_page_new (plan, order)));
  iss_wizard_add_page (wizard, "run", ISS_WIZARD_PAGE (iss_assign_run_page_new (plan)));
  iss_global_pages_add (wizard, order, verb);
}
