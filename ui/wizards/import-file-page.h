/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/import-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_IMPORT_FILE_PAGE (iss_import_file_page_get_type ())

/* Which file is to be imported, and what it holds. */
G_DECLARE_FINAL_TYPE (IssImportFilePage, iss_import_file_page, ISS, IMPORT_FILE_PAGE, GtkWidget)

GtkWidget   *iss_import_file_page_new       (IssImportPlan      *plan) G_GNUC_WARN_UNUSED_RESULT;
/* as if it had been chosen */
void         iss_import_file_page_set_file  (IssImportFilePage  *self,
                                             GFile              *file);
/* what it says of the file */
const char  *iss_import_file_page_get_text  (IssImportFilePage  *self);

G_END_DECLS
