/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-wizard.h"

#include "ui/wizards/assign-wizard.h"
#include "ui/wizards/global-pages.h"
#include "ui/wizards/import-file-page.h"
#include "ui/wizards/import-key-page.h"
#include "ui/wizards/import-run-page.h"
#include "ui/wizards/import-servers-page.h"

#include <glib/gi18n-lib.h>

/* The assignment takes the wizard's place. */
static void
assign_cb (IssImportRunPage *page,
           IssImportPlan    *plan)
{
  GtkWindow *wizard = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page)));
  IssCertificate *certificate = iss_import_plan_get_certificate (plan);
  GtkWidget *next;

  next = iss_assign_wizard_new (gtk_window_get_transient_for (wizard),
                                iss_import_plan_get_workspace (plan),
                                iss_import_plan_get_pool (plan), NULL, NULL,
                                iss_certificate_get_sha256 (certificate));
  gtk_window_present (GTK_WINDOW (next));
  gtk_window_destroy (wizard);
}

/**
 * iss_import_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: whose pools
 * @pool: where to import
 * @preferred: (nullable) (element-type IssServer): where it was begun
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_import_wizard_new (GtkWindow    *parent,
                       IssWorkspace *workspace,
                       IssPool      *pool,
                       GPtrArray    *preferred)
{
  g_autoptr(IssImportPlan) plan = iss_import_plan_new (workspace, pool, preferred);
  GtkWidget *wizard = iss_wizard_new (parent, _("Certificate Import Wizard"));
  GtkWidget *pages[] =
    {
      iss_import_file_page_new (plan),
      iss_import_key_page_new (plan),
      iss_import_servers_page_new (plan),
      iss_import_run_page_new (plan),
    };
  const char *names[] = { "file", "key", "servers", "run" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    iss_wizard_add_page (ISS_WIZARD (wizard), names[i], ISS_WIZARD_PAGE (pages[i]));
  iss_global_pages_add (ISS_WIZARD (wizard), iss_import_plan_get_order (plan), _("_Import"));

  g_signal_connect_object (pages[3], "assign", G_CALLBACK (assign_cb), plan, 0);

  return wizard;
}
