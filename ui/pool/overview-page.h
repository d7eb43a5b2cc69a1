/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_OVERVIEW_PAGE (iss_overview_page_get_type ())

/* The first page of a pool: is everything as it should be? Property "answer". */
G_DECLARE_FINAL_TYPE (IssOverviewPage, iss_overview_page, ISS, OVERVIEW_PAGE, GtkWidget)

GtkWidget  *iss_overview_page_new  (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

G_END_DECLS
