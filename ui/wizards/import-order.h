/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/import-plan.h"

G_BEGIN_DECLS

/* What is imported on every server, replicated, is what every server must use alike. */
#define ISS_IMPORT_ORDER_TYPE "OAuthTokenIssuer"

/* (nullable): why what is in the file cannot be brought to every server, a sentence */
const char  *iss_import_order_get_obstacle  (IssImportPlan  *plan);
void         iss_import_order_fill          (IssImportPlan  *plan);

G_END_DECLS
