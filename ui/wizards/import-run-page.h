/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/import-plan.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_IMPORT_RUN_PAGE (iss_import_run_page_get_type ())

/* Imports, server by server, and says what came of it. Signal "assign": the
 * certificate is to be assigned now. */
G_DECLARE_FINAL_TYPE (IssImportRunPage, iss_import_run_page, ISS, IMPORT_RUN_PAGE, GtkWidget)

GtkWidget   *iss_import_run_page_new                 (IssImportPlan     *plan)
                                                      G_GNUC_WARN_UNUSED_RESULT;
IssJobList  *iss_import_run_page_get_list            (IssImportRunPage  *self);
const char  *iss_import_run_page_get_headline        (IssImportRunPage  *self);
const char  *iss_import_run_page_get_warning         (IssImportRunPage  *self);   /* "" = none */
/* whose token holds the key; "" = nobody's is asked for */
const char  *iss_import_run_page_get_token_question  (IssImportRunPage  *self);
/* done, and looked at again */
gboolean     iss_import_run_page_is_over             (IssImportRunPage  *self);

G_END_DECLS
