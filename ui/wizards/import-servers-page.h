/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/import-plan.h"
#include "ui/wizards/server-check-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_IMPORT_SERVERS_PAGE (iss_import_servers_page_get_type ())

/* Where the certificate is to be imported, and what that leaves undone. */
G_DECLARE_FINAL_TYPE (IssImportServersPage, iss_import_servers_page, ISS, IMPORT_SERVERS_PAGE,
                      GtkWidget)

GtkWidget           *iss_import_servers_page_new          (IssImportPlan         *plan)
                                                           G_GNUC_WARN_UNUSED_RESULT;
IssServerCheckList  *iss_import_servers_page_get_list     (IssImportServersPage  *self);
/* "" = none */
const char          *iss_import_servers_page_get_warning  (IssImportServersPage  *self);

G_END_DECLS
