/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/candidate-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_STORE_PAGE (iss_assign_store_page_get_type ())

/* "Certificate Store": which certificate, and why others will not do. */
G_DECLARE_FINAL_TYPE (IssAssignStorePage, iss_assign_store_page, ISS, ASSIGN_STORE_PAGE, GtkWidget)

/* floating; (nullable) SHA-256 of what is selected at first */
GtkWidget         *iss_assign_store_page_new       (IssAssignPlan       *plan,
                                                    GBytes              *selected)
                                                    G_GNUC_WARN_UNUSED_RESULT;

/* the plan's servers have it, and every server gets it */
void               iss_assign_store_page_set_everywhere (IssAssignStorePage *self,
                                                    gboolean             everywhere);
IssCandidateList  *iss_assign_store_page_get_list  (IssAssignStorePage  *self);

G_END_DECLS
