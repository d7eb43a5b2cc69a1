/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-dialog.h"

#include "ui/wizards/assign-page.h"
#include "ui/wizards/assign-run-page.h"

#include <glib/gi18n-lib.h>

/**
 * iss_assign_dialog_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: where an agreement is recorded
 * @pool: a pool of it
 * @type: (nullable): a certificate type; %NULL for OAuthTokenIssuer
 * @sha256: (nullable): the certificate to begin with
 *
 * Returns: (transfer none): the dialog, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_assign_dialog_new (GtkWindow    *parent,
                       IssWorkspace *workspace,
                       IssPool      *pool,
                       const char   *type,
                       GBytes       *sha256)
{
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (workspace, pool);
  const IssCertificateType *found = type != NULL ? iss_certificate_type_find (type) : NULL;
  GtkWidget *dialog = iss_wizard_new (parent, _("Assign a Certificate"));

  if (found != NULL)
    iss_assign_plan_set_type (plan, found);

  iss_wizard_add_page (ISS_WIZARD (dialog), "choose",
                       ISS_WIZARD_PAGE (iss_assign_page_new (plan, sha256)));
  iss_wizard_add_page (ISS_WIZARD (dialog), "run",
                       ISS_WIZARD_PAGE (iss_assign_run_page_new (plan)));

  return dialog;
}
