/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/assignment/roll-schedule.h"

G_BEGIN_DECLS

#define ISS_TYPE_ROLL_TIMELINE (iss_roll_timeline_get_type ())

/* A roll to scale: what signs, what verifies and what waits, from now on until the old
 * certificate expires. Its accessible description is the schedule's text. */
G_DECLARE_FINAL_TYPE (IssRollTimeline, iss_roll_timeline, ISS, ROLL_TIMELINE, GtkWidget)

GtkWidget        *iss_roll_timeline_new          (void) G_GNUC_WARN_UNUSED_RESULT;

IssRollSchedule  *iss_roll_timeline_get_schedule (IssRollTimeline  *self);   /* (nullable) */
void              iss_roll_timeline_set_schedule (IssRollTimeline  *self,
                                                  IssRollSchedule  *schedule);

G_END_DECLS
