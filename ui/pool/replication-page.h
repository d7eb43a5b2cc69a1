/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-table.h"
#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_REPLICATION_PAGE (iss_replication_page_get_type ())

/* What is assigned globally in a pool, and how far each server is with it. */
G_DECLARE_FINAL_TYPE (IssReplicationPage, iss_replication_page, ISS, REPLICATION_PAGE, GtkWidget)

GtkWidget   *iss_replication_page_new         (IssScopeNode         *node)
                                               G_GNUC_WARN_UNUSED_RESULT;   /* floating */

const char  *iss_replication_page_get_answer  (IssReplicationPage   *self);
/* of what is selected: "fe02 · OAuthTokenIssuer …"; "" = nothing is */
const char  *iss_replication_page_get_detail  (IssReplicationPage   *self);
GListModel  *iss_replication_page_get_lines   (IssReplicationPage   *self);
char        *iss_replication_page_dup_ticket  (IssReplicationPage   *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* what was read from the central store */
void         iss_replication_page_show        (IssReplicationPage   *self,
                                               IssReplicationTable  *table);

G_END_DECLS
