/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROLL_NOTICE_PAGE (iss_roll_notice_page_get_type ())

/* Who must be told. Next is "summary". */
G_DECLARE_FINAL_TYPE (IssRollNoticePage, iss_roll_notice_page, ISS, ROLL_NOTICE_PAGE, GtkWidget)

GtkWidget   *iss_roll_notice_page_new      (IssAssignPlan      *plan,
                                            GTimeZone          *zone) G_GNUC_WARN_UNUSED_RESULT;

const char  *iss_roll_notice_page_get_text (IssRollNoticePage  *self);   /* what Copy copies */

G_END_DECLS
