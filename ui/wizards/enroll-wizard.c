/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/enroll-wizard.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/enroll-run-page.h"
#include "ui/wizards/enroll-servers-page.h"
#include "ui/wizards/sign-page.h"

static void
add_pages (IssWizard     *wizard,
           IssEnrollPlan *plan)
{
  GtkWidget *sign = iss_sign_page_new (iss_enroll_plan_get_signing (plan), "run", _("_Enroll"));

  iss_wizard_add_page (wizard, "servers", ISS_WIZARD_PAGE (iss_enroll_servers_page_new (plan)));
  iss_wizard_add_page (wizard, "sign", ISS_WIZARD_PAGE (sign));
  iss_wizard_add_page (wizard, "run", ISS_WIZARD_PAGE (iss_enroll_run_page_new (plan)));
}

/**
 * iss_enroll_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: whose pools
 * @pool: whose servers
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is closed
 */
GtkWidget *
iss_enroll_wizard_new (GtkWindow    *parent,
                       IssWorkspace *workspace,
                       IssPool      *pool)
{
  g_autoptr(IssEnrollPlan) plan = iss_enroll_plan_new (workspace, pool, NULL);
  GtkWidget *wizard = iss_wizard_new (parent, _("Enroll Servers"));

  add_pages (ISS_WIZARD (wizard), plan);

  return wizard;
}

/**
 * iss_enroll_wizard_add_offer:
 * @wizard: a wizard
 * @workspace: whose pools
 * @pool: whose servers
 *
 * Offers to enrol them at the end of something else that was done already.
 */
void
iss_enroll_wizard_add_offer (IssWizard    *wizard,
                             IssWorkspace *workspace,
                             IssPool      *pool)
{
  g_autoptr(IssEnrollPlan) plan = iss_enroll_plan_new (workspace, pool, NULL);

  g_return_if_fail (ISS_IS_WIZARD (wizard));

  iss_enroll_plan_set_offered (plan, TRUE);
  add_pages (wizard, plan);
}
