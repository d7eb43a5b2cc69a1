/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_RUN_PAGE (iss_export_run_page_get_type ())

/* The last page: the file is made and written, and what to do next. Signal "import":
 * it is to be imported on other servers now. */
G_DECLARE_FINAL_TYPE (IssExportRunPage, iss_export_run_page, ISS, EXPORT_RUN_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_run_page_new (IssExportPlan *plan);   /* floating */

gboolean     iss_export_run_page_is_over      (IssExportRunPage *self);
const char  *iss_export_run_page_get_headline (IssExportRunPage *self);
const char  *iss_export_run_page_get_warning  (IssExportRunPage *self);

G_END_DECLS
