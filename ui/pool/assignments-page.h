/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pool/as-of.h"
#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGNMENTS_PAGE (iss_assignments_page_get_type ())

/* What a pool, or a server, uses each certificate for. */
G_DECLARE_FINAL_TYPE (IssAssignmentsPage, iss_assignments_page, ISS, ASSIGNMENTS_PAGE, GtkWidget)

/* floating */
GtkWidget   *iss_assignments_page_new     (IssScopeNode        *node) G_GNUC_WARN_UNUSED_RESULT;

GListModel  *iss_assignments_page_get_rows   (IssAssignmentsPage  *self);
gboolean     iss_assignments_page_select     (IssAssignmentsPage  *self,
                                              guint                position);
IssAsOf     *iss_assignments_page_get_as_of  (IssAssignmentsPage  *self);

G_END_DECLS
