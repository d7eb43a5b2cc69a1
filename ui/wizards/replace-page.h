/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_REPLACE_PAGE (iss_replace_page_get_type ())

/* What stops working when a compromised certificate is replaced: the first page of that. */
G_DECLARE_FINAL_TYPE (IssReplacePage, iss_replace_page, ISS, REPLACE_PAGE, GtkWidget)

GtkWidget   *iss_replace_page_new        (IssAssignPlan   *plan,
                                          GBytes          *sha256) G_GNUC_WARN_UNUSED_RESULT;

/* the list, a line a type; "" = it is used for nothing */
const char  *iss_replace_page_get_text   (IssReplacePage  *self);
const char  *iss_replace_page_get_status (IssReplacePage  *self);   /* "" = nothing to say */

G_END_DECLS
