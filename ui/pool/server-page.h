/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_SERVER_PAGE (iss_server_page_get_type ())

/* One server: what it is and uses, or why it does not answer, and what was last
 * seen there, in grey. Properties "state-text" and "reason". */
G_DECLARE_FINAL_TYPE (IssServerPage, iss_server_page, ISS, SERVER_PAGE, GtkWidget)

/* floating */
GtkWidget  *iss_server_page_new              (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable) */
char       *iss_server_page_dup_reason       (IssServer     *server,
                                              GTimeZone     *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): not over ssh */
char       *iss_server_page_dup_ssh_command  (IssServer     *server) G_GNUC_WARN_UNUSED_RESULT;
char       *iss_server_page_dup_details      (IssServer     *server,
                                              gint64         now,
                                              const char    *observer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
