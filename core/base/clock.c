/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock.h"

typedef struct
{
  IssClockFunc func;
  gpointer     user_data;
} Watch;

struct _IssClock
{
  gboolean is_fixed;

  /* Of one that stands still: what follows belongs to the mutex */
  GMutex   mutex;
  gint64   instant;
  GArray  *watches;     /* (element-type Watch) */
};

G_DEFINE_BOXED_TYPE (IssClock, iss_clock, iss_clock_ref, iss_clock_unref)

static IssClock *
new_clock (gboolean is_fixed,
           gint64   instant)
{
  IssClock *self = g_atomic_rc_box_new0 (IssClock);

  self->is_fixed = is_fixed;
  self->instant = instant;
  self->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  g_mutex_init (&self->mutex);

  return self;
}

static void
clear_clock (gpointer clock)
{
  IssClock *self = clock;

  g_array_unref (self->watches);
  g_mutex_clear (&self->mutex);
}

/**
 * iss_clock_new_system:
 *
 * Returns: (transfer full): the machine's own clock
 */
IssClock *
iss_clock_new_system (void)
{
  return new_clock (FALSE, 0);
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
  return new_clock (TRUE, unix_seconds);
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

  g_atomic_rc_box_release_full (self, clear_clock);
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
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, 0);

  if (!self->is_fixed)
    return g_get_real_time () / G_USEC_PER_SEC;

  locker = g_mutex_locker_new (&self->mutex);

  return self->instant;
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

/**
 * iss_clock_set:
 * @self: a clock that stands still
 * @unix_seconds: where it stands from now on; may be earlier than before
 *
 * Puts the clock to another instant, as an administrator does with a machine's, and tells
 * whoever watches it, before this returns.
 */
void
iss_clock_set (IssClock *self,
               gint64    unix_seconds)
{
  g_autoptr(GArray) watches = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (self->is_fixed);

  g_mutex_lock (&self->mutex);
  self->instant = unix_seconds;
  watches = g_array_copy (self->watches);
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < watches->len; i++)
    {
      const Watch *watch = &g_array_index (watches, Watch, i);

      watch->func (watch->user_data);
    }
}

/**
 * iss_clock_watch:
 * @self: a clock
 * @func: called by iss_clock_set(), in its thread
 * @user_data: for @func; tells this watch from others
 *
 * The system's clock tells nobody: see #IssAlarm.
 */
void
iss_clock_watch (IssClock     *self,
                 IssClockFunc  func,
                 gpointer      user_data)
{
  const Watch watch = { func, user_data };

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->watches, watch);
  g_mutex_unlock (&self->mutex);
}

/**
 * iss_clock_unwatch:
 * @self: a clock
 * @user_data: as it was given to iss_clock_watch()
 *
 * Ends a watch; called from the thread that sets the clock, if any does.
 */
void
iss_clock_unwatch (IssClock *self,
                   gpointer  user_data)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = self->watches->len; i > 0; i--)
    {
      if (g_array_index (self->watches, Watch, i - 1).user_data == user_data)
        g_array_remove_index (self->watches, i - 1);
    }
}
