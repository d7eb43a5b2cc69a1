/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/export-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_SECURITY_PAGE (iss_export_security_page_get_type ())

/* "Security": the password, twice, and who shall be able to read the file. */
G_DECLARE_FINAL_TYPE (IssExportSecurityPage, iss_export_security_page, ISS, EXPORT_SECURITY_PAGE,
                      GtkWidget)

GtkWidget   *iss_export_security_page_new (IssExportPlan *plan);   /* floating */

const char  *iss_export_security_page_get_text (IssExportSecurityPage *self);

G_END_DECLS
