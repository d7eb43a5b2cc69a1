/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_SUMMARY_PAGE (iss_export_summary_page_get_type ())

/* "Completing the Certificate Export Wizard": what will be done. */
G_DECLARE_FINAL_TYPE (IssExportSummaryPage, iss_export_summary_page, ISS, EXPORT_SUMMARY_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_summary_page_new (IssExportPlan *plan);   /* floating */

G_END_DECLS
