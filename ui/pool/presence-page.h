/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRESENCE_PAGE (iss_presence_page_get_type ())

/* Is it the same certificate everywhere? The verdict, the matrix, and the ladder
 * of the selected cell with its remedies. Properties "verdict" and "sentence". */
G_DECLARE_FINAL_TYPE (IssPresencePage, iss_presence_page, ISS, PRESENCE_PAGE, GtkWidget)

GtkWidget  *iss_presence_page_new  (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

G_END_DECLS
