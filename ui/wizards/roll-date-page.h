/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROLL_DATE_PAGE (iss_roll_date_page_get_type ())

/* From when on. Next is "timeline". */
G_DECLARE_FINAL_TYPE (IssRollDatePage, iss_roll_date_page, ISS, ROLL_DATE_PAGE, GtkWidget)

GtkWidget   *iss_roll_date_page_new          (IssAssignPlan    *plan,
                                              GTimeZone        *zone) G_GNUC_WARN_UNUSED_RESULT;

const char  *iss_roll_date_page_get_echo     (IssRollDatePage  *self);   /* "" = not a date */
const char  *iss_roll_date_page_get_question (IssRollDatePage  *self);   /* "" = none */
const char  *iss_roll_date_page_get_reason   (IssRollDatePage  *self);   /* of the suggestion */

G_END_DECLS
