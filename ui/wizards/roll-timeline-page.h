/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pool/roll-timeline.h"
#include "ui/wizards/assign-plan.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROLL_TIMELINE_PAGE (iss_roll_timeline_page_get_type ())

/* What happens when. Next is "notices". */
G_DECLARE_FINAL_TYPE (IssRollTimelinePage, iss_roll_timeline_page, ISS, ROLL_TIMELINE_PAGE,
                      GtkWidget)

GtkWidget        *iss_roll_timeline_page_new          (IssAssignPlan        *plan,
                                                       GTimeZone            *zone)
                                                       G_GNUC_WARN_UNUSED_RESULT;

/* (nullable) */
IssRollSchedule  *iss_roll_timeline_page_get_schedule (IssRollTimelinePage  *self);

G_END_DECLS
