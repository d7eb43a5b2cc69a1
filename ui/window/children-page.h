/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_CHILDREN_PAGE (iss_children_page_get_type ())

/* The nodes below a node, as a list: MMC's page for what has none of its own. */
G_DECLARE_FINAL_TYPE (IssChildrenPage, iss_children_page, ISS, CHILDREN_PAGE, GtkWidget)

GtkWidget  *iss_children_page_new  (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
