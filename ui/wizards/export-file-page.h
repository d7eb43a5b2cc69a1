/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_FILE_PAGE (iss_export_file_page_get_type ())

/* "File to Export": where to; never over another file without a word. */
G_DECLARE_FINAL_TYPE (IssExportFilePage, iss_export_file_page, ISS, EXPORT_FILE_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_file_page_new (IssExportPlan *plan);   /* floating */

const char  *iss_export_file_page_get_text (IssExportFilePage *self);

G_END_DECLS
