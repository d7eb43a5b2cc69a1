/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/enroll-plan.h"
#include "ui/wizards/server-check-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ENROLL_SERVERS_PAGE (iss_enroll_servers_page_get_type ())

/* Which servers are to take part in replication. */
G_DECLARE_FINAL_TYPE (IssEnrollServersPage, iss_enroll_servers_page, ISS, ENROLL_SERVERS_PAGE,
                      GtkWidget)

GtkWidget           *iss_enroll_servers_page_new      (IssEnrollPlan         *plan)
                                                       G_GNUC_WARN_UNUSED_RESULT;   /* floating */

IssEnrollPlan       *iss_enroll_servers_page_get_plan (IssEnrollServersPage  *self);
IssServerCheckList  *iss_enroll_servers_page_get_list (IssEnrollServersPage  *self);

G_END_DECLS
