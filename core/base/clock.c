/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock.h"

struct _IssClock
{
  gboolean is_fixed;
  gint64   instant;
};

G_DEFINE_BOXED_TYPE (IssClock, iss_clock, iss_clock_ref, iss_clock_unref)

/**
 * iss_clock_new_system:
 *
 * Returns: (transfer full): the machine's own clock
 */
IssClock *
iss_clock_new_system (void)
{
  return g_atomic_rc_box_new0 (IssClock);
}

/**
 * iss_clock_new_fixed:
 * @unix_seconds: where it stands, in seconds since 1970, UTC
 *
 * Returns: (transfer full): a clock that does not run, for tests and the demo
 */
IssClock *
iss_clock_new_fixed (gint64 unix_seconds)
{
  IssClock *self = g_atomic_rc_box_new0 (IssClock);

  self->is_fixed = TRUE;
  self->instant = unix_seconds;

  return self;
}

/**
 * iss_clock_ref:
 * @self: a clock
 *
 * Returns: (transfer full): @self
 */
IssClock *
iss_clock_ref (IssClock *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * iss_clock_unref:
 * @self: (transfer full): a clock
 */
void
iss_clock_unref (IssClock *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release (self);
}

/**
 * iss_clock_now:
 * @self: a clock
 *
 * Returns: seconds since 1970, UTC
 */
gint64
iss_clock_now (IssClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->is_fixed ? self->instant : g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * iss_clock_now_us:
 * @self: a clock
 *
 * Returns: microseconds since 1970, UTC
 */
gint64
iss_clock_now_us (IssClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->is_fixed
         ? CLAMP (self->instant, G_MININT64 / G_USEC_PER_SEC, G_MAXINT64 / G_USEC_PER_SEC) *
           G_USEC_PER_SEC
         : g_get_real_time ();
}

/**
 * iss_clock_is_fixed:
 * @self: a clock
 *
 * Returns: whether it stands still
 */
gboolean
iss_clock_is_fixed (IssClock *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_fixed;
}
