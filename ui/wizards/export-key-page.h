/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_KEY_PAGE (iss_export_key_page_get_type ())

/* "Export Private Key": with it, or the certificate alone. */
G_DECLARE_FINAL_TYPE (IssExportKeyPage, iss_export_key_page, ISS, EXPORT_KEY_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_key_page_new (IssExportPlan *plan);   /* floating */

/* what it says about the key or the server */
const char  *iss_export_key_page_get_text (IssExportKeyPage *self);

G_END_DECLS
