/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-wizard.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/export-file-page.h"
#include "ui/wizards/export-format-page.h"
#include "ui/wizards/export-key-page.h"
#include "ui/wizards/export-run-page.h"
#include "ui/wizards/export-security-page.h"
#include "ui/wizards/export-summary-page.h"
#include "ui/wizards/import-file-page.h"
#include "ui/wizards/import-wizard.h"

/* The other wizard takes this one's place, with the file. */
static void
import_cb (IssExportRunPage *page,
           IssExportPlan    *plan)
{
  GtkWindow *wizard = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page)));
  GtkWidget *import = iss_import_wizard_new (gtk_window_get_transient_for (wizard),
                                             iss_export_plan_get_workspace (plan),
                                             iss_export_plan_get_pool (plan), NULL);
  IssWizardPage *file_page = iss_wizard_find_page (ISS_WIZARD (import), "file");

  iss_import_file_page_set_file (ISS_IMPORT_FILE_PAGE (file_page),
                                 iss_export_plan_get_file (plan));
  gtk_window_present (GTK_WINDOW (import));
  gtk_window_destroy (wizard);
}

/**
 * iss_export_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @workspace: whose pools
 * @pool: the server's
 * @server: from which to export
 * @store: where the certificate is
 * @sha256: which certificate
 *
 * Returns: (transfer none): the wizard, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_export_wizard_new (GtkWindow    *parent,
                       IssWorkspace *workspace,
                       IssPool      *pool,
                       IssServer    *server,
                       IssStoreName  store,
                       GBytes       *sha256)
{
  g_autoptr(IssExportPlan) plan = iss_export_plan_new (workspace, pool, server, store, sha256);
  GtkWidget *wizard = iss_wizard_new (parent, _("Certificate Export Wizard"));
  GtkWidget *pages[] =
    {
      iss_export_key_page_new (plan),
      iss_export_format_page_new (plan),
      iss_export_security_page_new (plan),
      iss_export_file_page_new (plan),
      iss_export_summary_page_new (plan),
      iss_export_run_page_new (plan),
    };
  const char *names[] = { "key", "format", "security", "file", "summary", "run" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    iss_wizard_add_page (ISS_WIZARD (wizard), names[i], ISS_WIZARD_PAGE (pages[i]));

  g_signal_connect_object (pages[5], "import", G_CALLBACK (import_cb), plan, 0);

  return wizard;
}
