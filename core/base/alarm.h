/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/clock.h"

G_BEGIN_DECLS

/* Calls when a clock reaches an instant, also one that it jumps over or that passes while the
 * machine sleeps, and when the clock is put to another time. */
typedef struct _IssAlarm IssAlarm;

typedef void (* IssAlarmFunc) (gpointer user_data);

IssAlarm  *iss_alarm_new   (IssClock      *clock,
                            IssAlarmFunc   func,
                            gpointer       user_data,
                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void       iss_alarm_free  (IssAlarm      *self);

void       iss_alarm_set   (IssAlarm      *self,
                            gint64         instant);   /* 0 = only when the clock is put */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAlarm, iss_alarm_free)

G_END_DECLS
