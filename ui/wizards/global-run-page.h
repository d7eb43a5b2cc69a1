/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/global-order.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_GLOBAL_RUN_PAGE (iss_global_run_page_get_type ())

/* Decides what was ordered on every server, and shows how it arrives. */
G_DECLARE_FINAL_TYPE (IssGlobalRunPage, iss_global_run_page, ISS, GLOBAL_RUN_PAGE, GtkWidget)

GtkWidget   *iss_global_run_page_new           (IssGlobalOrder    *order)
                                                G_GNUC_WARN_UNUSED_RESULT;   /* floating */

const char  *iss_global_run_page_get_headline  (IssGlobalRunPage  *self);
/* what went wrong, or has to be confirmed; "" = nothing */
const char  *iss_global_run_page_get_text      (IssGlobalRunPage  *self);
/* each server and how far it is, a line each */
char        *iss_global_run_page_dup_servers   (IssGlobalRunPage  *self) G_GNUC_WARN_UNUSED_RESULT;
/* where what is compromised is trusted no more; "" = nothing is */
const char  *iss_global_run_page_get_distrust  (IssGlobalRunPage  *self);
/* nothing is under way */
gboolean     iss_global_run_page_is_over       (IssGlobalRunPage  *self);

G_END_DECLS
