/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/global-pages.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/enroll-run-page.h"
#include "ui/wizards/enroll-servers-page.h"
#include "ui/wizards/global-run-page.h"
#include "ui/wizards/sign-page.h"

/* The key is unlocked once, for both. */
static void
servers_changed_cb (IssSignPage   *sign,
                    IssWizardPage *servers)
{
  IssEnrollPlan *plan = iss_enroll_servers_page_get_plan (ISS_ENROLL_SERVERS_PAGE (servers));

  if (iss_enroll_plan_get_servers (plan)->len > 0)
    iss_sign_page_set_next (sign, "enrolling", _("_Enroll"));
  else
    iss_sign_page_set_next (sign, iss_enroll_plan_get_then (plan),
                            iss_enroll_plan_get_then_label (plan));
}

/* Who is enrolled is different now. */
static void
enrolled_cb (IssGlobalOrder *order,
             IssWizardPage  *page)
{
  if (iss_enroll_run_page_is_over (ISS_ENROLL_RUN_PAGE (page)))
    iss_global_order_look (order);
}

/**
 * iss_global_pages_add:
 * @wizard: a wizard
 * @order: what is decided
 * @verb: what the button says that decides it, with a mnemonic
 *
 * Adds the pages that decide it, and those that enrol servers before.
 */
void
iss_global_pages_add (IssWizard      *wizard,
                      IssGlobalOrder *order,
                      const char     *verb)
{
  IssSigning *signing = iss_global_order_get_signing (order);
  g_autoptr(IssEnrollPlan) plan = iss_enroll_plan_new (iss_global_order_get_workspace (order),
                                                       iss_global_order_get_pool (order), signing);
  GtkWidget *servers;
  GtkWidget *sign;
  GtkWidget *enrolling;

  iss_enroll_plan_set_then (plan, "global", verb);
  servers = iss_enroll_servers_page_new (plan);
  sign = iss_sign_page_new (signing, "global", verb);
  g_signal_connect_object (servers, "changed", G_CALLBACK (servers_changed_cb), sign,
                           G_CONNECT_SWAPPED);
  enrolling = iss_enroll_run_page_new (plan);
  g_signal_connect_object (enrolling, "changed", G_CALLBACK (enrolled_cb), order,
                           G_CONNECT_SWAPPED);

  iss_wizard_add_page (wizard, "enroll", ISS_WIZARD_PAGE (servers));
  iss_wizard_add_page (wizard, "sign", ISS_WIZARD_PAGE (sign));
  iss_wizard_add_page (wizard, "enrolling", ISS_WIZARD_PAGE (enrolling));
  iss_wizard_add_page (wizard, "global", ISS_WIZARD_PAGE (iss_global_run_page_new (order)));
}

/**
 * iss_global_pages_get_first:
 * @order: what is decided
 *
 * Returns: (transfer none): the name of the page to begin with: what is replicated does not reach
 *   a server that is not enrolled, so that comes before
 */
const char *
iss_global_pages_get_first (IssGlobalOrder *order)
{
  return iss_global_order_has_unenrolled (order) ? "enroll" : "sign";
}
