/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROOT_PAGE (iss_root_page_get_type ())

/* The Console Root: the pools; where there is none yet, the two ways to begin. */
G_DECLARE_FINAL_TYPE (IssRootPage, iss_root_page, ISS, ROOT_PAGE, GtkWidget)

GtkWidget  *iss_root_page_new         (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;

gboolean    iss_root_page_is_welcome  (IssRootPage   *self);

G_END_DECLS
