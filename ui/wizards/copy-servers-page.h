/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/copy-plan.h"
#include "ui/wizards/server-check-list.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_COPY_SERVERS_PAGE (iss_copy_servers_page_get_type ())

/* Which servers get a copy, and what that leaves undone. */
G_DECLARE_FINAL_TYPE (IssCopyServersPage, iss_copy_servers_page, ISS, COPY_SERVERS_PAGE, GtkWidget)

GtkWidget           *iss_copy_servers_page_new          (IssCopyPlan         *plan);  /* floating */
IssServerCheckList  *iss_copy_servers_page_get_list     (IssCopyServersPage  *self);
/* why it cannot be copied; "" = it can */
const char          *iss_copy_servers_page_get_text     (IssCopyServersPage  *self);
const char          *iss_copy_servers_page_get_warning  (IssCopyServersPage  *self);

G_END_DECLS
