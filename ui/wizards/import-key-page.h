/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/import-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_IMPORT_KEY_PAGE (iss_import_key_page_get_type ())

/* The password of the file, where it has one, and how its key is kept. */
G_DECLARE_FINAL_TYPE (IssImportKeyPage, iss_import_key_page, ISS, IMPORT_KEY_PAGE, GtkWidget)

GtkWidget   *iss_import_key_page_new       (IssImportPlan     *plan) G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_import_key_page_get_text  (IssImportKeyPage  *self);   /* "" = no error */

G_END_DECLS
