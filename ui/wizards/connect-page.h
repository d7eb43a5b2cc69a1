/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_CONNECT_PAGE (iss_connect_page_get_type ())

/* A pool, and servers of it that are tested while their addresses are typed. Signal "connected":
 * they are written; "servers" comes next. */
G_DECLARE_FINAL_TYPE (IssConnectPage, iss_connect_page, ISS, CONNECT_PAGE, GtkWidget)

GtkWidget   *iss_connect_page_new       (IssWorkspace    *workspace,
                                         IssPool         *pool) G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_connect_page_get_text  (IssConnectPage  *self);   /* of the server, or the error */

G_END_DECLS
