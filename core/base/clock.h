/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ISS_TYPE_CLOCK (iss_clock_get_type ())

/* The only way to the time of day: the system's, or one that stands where a
 * test or a demo put it. Immutable and safe to share between threads. */
typedef struct _IssClock IssClock;

GType      iss_clock_get_type   (void);

IssClock  *iss_clock_new_system (void) G_GNUC_WARN_UNUSED_RESULT;
IssClock  *iss_clock_new_fixed  (gint64    unix_seconds) G_GNUC_WARN_UNUSED_RESULT;

IssClock  *iss_clock_ref        (IssClock *self);
void       iss_clock_unref      (IssClock *self);

gint64     iss_clock_now        (IssClock *self);
/* microseconds */
gint64     iss_clock_now_us     (IssClock *self);
gboolean   iss_clock_is_fixed   (IssClock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssClock, iss_clock_unref)

G_END_DECLS
