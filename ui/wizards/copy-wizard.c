/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/copy-wizard.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/copy-run-page.h"
#include "ui/wizards/copy-servers-page.h"

/**
 * iss_copy_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: whose pools
 * @pool: the server's
 * @server: from which to copy
 * @sha256: which certificate of its Personal store
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_copy_wizard_new (GtkWindow    *parent,
                     IssWorkspace *workspace,
                     IssPool      *pool,
                     IssServer    *server,
                     GBytes       *sha256)
{
  g_autoptr(IssExportPlan) source = iss_export_plan_new (workspace, pool, server, ISS_STORE_MY,
                                                         sha256);
  g_autoptr(IssCopyPlan) plan = iss_copy_plan_new (source);
  GtkWidget *wizard = iss_wizard_new (parent, _("Copy to Servers"));

  iss_wizard_add_page (ISS_WIZARD (wizard), "servers",
                       ISS_WIZARD_PAGE (iss_copy_servers_page_new (plan)));
  iss_wizard_add_page (ISS_WIZARD (wizard), "run",
                       ISS_WIZARD_PAGE (iss_copy_run_page_new (plan)));

  return wizard;
}
