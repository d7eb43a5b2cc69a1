/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/connect-wizard.h"

#include "ui/wizards/connect-page.h"
#include "ui/wizards/enroll-wizard.h"

#include <glib/gi18n-lib.h>

/* Which pool it is has to be written first. */
static void
connected_cb (IssConnectPage *page,
              IssPool        *pool,
              IssWorkspace   *workspace)
{
  IssWizard *wizard = ISS_WIZARD (gtk_widget_get_root (GTK_WIDGET (page)));

  iss_enroll_wizard_add_offer (wizard, workspace, pool);
}

/**
 * iss_connect_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: where pool and server are written
 * @pool: (nullable): the pool to begin with
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_connect_wizard_new (GtkWindow    *parent,
                        IssWorkspace *workspace,
                        IssPool      *pool)
{
  GtkWidget *wizard = iss_wizard_new (parent, _("Connect to Your Servers"));

  GtkWidget *page = iss_connect_page_new (workspace, pool);

  g_signal_connect_object (page, "connected", G_CALLBACK (connected_cb), workspace, 0);
  iss_wizard_add_page (ISS_WIZARD (wizard), "connect", ISS_WIZARD_PAGE (page));

  return wizard;
}
