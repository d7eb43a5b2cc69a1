/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ISS_TYPE_CLOCK (iss_clock_get_type ())

/* The only way to the time of day: the system's, or one that stands where a
 * test or a demo put it. Safe to share between threads. */
typedef struct _IssClock IssClock;

/* The clock was put to another instant. */
typedef void (* IssClockFunc) (gpointer user_data);

GType      iss_clock_get_type   (void);

IssClock  *iss_clock_new_system (void) G_GNUC_WARN_UNUSED_RESULT;
IssClock  *iss_clock_new_fixed  (gint64    unix_seconds) G_GNUC_WARN_UNUSED_RESULT;

IssClock  *iss_clock_ref        (IssClock *self);
void       iss_clock_unref      (IssClock *self);

gint64     iss_clock_now        (IssClock *self);
/* microseconds */
gint64     iss_clock_now_us     (IssClock *self);
gboolean   iss_clock_is_fixed   (IssClock *self);

/* Of one that stands still: where it stands from now on, and who is told. */
void       iss_clock_set        (IssClock     *self,
                                 gint64        unix_seconds);
void       iss_clock_watch      (IssClock     *self,
                                 IssClockFunc  func,
                                 gpointer      user_data);
void       iss_clock_unwatch    (IssClock     *self,
                                 gpointer      user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssClock, iss_clock_unref)

G_END_DECLS
