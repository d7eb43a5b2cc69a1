/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_FORMAT_PAGE (iss_export_format_page_get_type ())

/* "Export File Format": which, and what goes along. */
G_DECLARE_FINAL_TYPE (IssExportFormatPage, iss_export_format_page, ISS, EXPORT_FORMAT_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_format_page_new (IssExportPlan *plan);   /* floating */

G_END_DECLS
