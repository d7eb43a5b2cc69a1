/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/alarm.h"

#include "core/base/error.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Later than anybody waits for; what the timer stands at when it waits for nothing but a
 * clock that is put. */
#define NEVER G_GINT64_CONSTANT (253402300799)

/**
 * IssAlarm:
 *
 * A call says no more than "look at the clock again": a timer that fires is no proof that the
 * instant has come, and a clock that was put may stand where it stood.
 */
struct _IssAlarm
{
  IssClock      *clock;       /* owned */
  IssAlarmFunc   func;
  gpointer       user_data;
  gint64         instant;     /* 0 = none */
  int            timer;       /* of the system's clock; else -1 */
  guint          source;      /* watches the timer, or calls from the main loop */
};

static void
set_timer (IssAlarm *self)
{
  const gint64 instant = self->instant != 0 ? CLAMP (self->instant, 1, NEVER) : NEVER;
  const struct itimerspec when = { .it_value = { .tv_sec = instant } };

  if (timerfd_settime (self->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when,
                       NULL) != 0)
    errno = 0;   /* all of the instant was checked: it cannot fail */
}

static gboolean
timer_ready_cb (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  IssAlarm *self = user_data;
  guint64 n_expired;
  ssize_t size = read (fd, &n_expired, sizeof n_expired);

  if (size < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  /* The clock was put (ECANCELED), or the instant has come: once. */
  if (size >= 0)
    self->instant = 0;
  set_timer (self);
  self->func (self->user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
standing_cb (gpointer user_data)
{
  IssAlarm *self = user_data;

  self->source = 0;
  self->instant = 0;
  self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

/* A clock that stands still has reached an instant or never will, unless it is put. */
static void
check_standing (IssAlarm *self)
{
  g_clear_handle_id (&self->source, g_source_remove);

  if (self->instant != 0 && self->instant <= iss_clock_now (self->clock))
    self->source = g_idle_add (standing_cb, self);
}

static void
clock_set_cb (gpointer user_data)
{
  IssAlarm *self = user_data;

  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_idle_add (standing_cb, self);
}

/**
 * iss_alarm_new:
 * @clock: a clock
 * @func: called from the main loop, see #IssAlarm
 * @user_data: for @func
 * @error: return location for an error
 *
 * Returns: (transfer full): an alarm that waits for nothing but that the clock is put, or %NULL
 */
IssAlarm *
iss_alarm_new (IssClock      *clock,
               IssAlarmFunc   func,
               gpointer       user_data,
               GError       **error)
{
  g_autoptr(IssAlarm) self = NULL;

  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (IssAlarm, 1);
  self->clock = iss_clock_ref (clock);
  self->func = func;
  self->user_data = user_data;
  self->timer = -1;

  if (iss_clock_is_fixed (clock))
    {
      iss_clock_watch (clock, clock_set_cb, self);
      return g_steal_pointer (&self);
    }

  self->timer = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->timer < 0)
    {
      iss_error_set_from_errno (error, errno, _("The system gives no timer"));
      return NULL;
    }

  self->source = g_unix_fd_add (self->timer, G_IO_IN, timer_ready_cb, self);
  set_timer (self);

  return g_steal_pointer (&self);
}

/**
 * iss_alarm_free:
 * @self: (transfer full): an alarm
 */
void
iss_alarm_free (IssAlarm *self)
{
  iss_clock_unwatch (self->clock, self);
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->timer >= 0)
    close (self->timer);
  iss_clock_unref (self->clock);
  g_free (self);
}

/**
 * iss_alarm_set:
 * @self: an alarm
 * @instant: seconds since 1970; one that is past calls soon. 0 = none
 *
 * Waits for @instant in the place of what it waited for before.
 */
void
iss_alarm_set (IssAlarm *self,
               gint64    instant)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (instant >= 0);

  self->instant = instant;
  if (self->timer >= 0)
    set_timer (self);
  else
    check_standing (self);
}
