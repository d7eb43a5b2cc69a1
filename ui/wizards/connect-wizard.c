/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/connect-wizard.h"

#include "ui/wizards/connect-page.h"

#include <glib/gi18n-lib.h>

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

  iss_wizard_add_page (ISS_WIZARD (wizard), "connect",
                       ISS_WIZARD_PAGE (iss_connect_page_new (workspace, pool)));

  return wizard;
}
