/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-scheduler.h"

#include "core/agent/agent-writer.h"
#include "core/assignment/reload-folder.h"
#include "core/base/alarm.h"
#include "core/base/error.h"
#include "core/replication/scheduler-lock.h"
#include "core/replication/scheduler.h"

#include <gio/gio.h>

#define WHO "issuant-agent"

/* Another agent holds the lock: only for a moment, or as long as it lives. Seconds. */
#define TRY_AGAIN_RESIDENT 1
#define TRY_AGAIN 15

/* However long nothing is due: a change that nobody has told of is found by then. Seconds. */
#define LOOK_AGAIN 60

/**
 * IssAgentScheduler:
 *
 * A service keeps the scheduler's lock as long as it lives, any other agent takes it for a pass.
 * Every wake-up, whatever it came from, is one question: what is due now?
 */
struct _IssAgentScheduler
{
  GObject           parent_instance;

  /* Owned */
  IssRootFolder    *root;
  IssClock         *clock;
  IssAlarm         *alarm;
  IssSchedulerLock *lock;        /* (nullable) */
  GPtrArray        *monitors;    /* (element-type GFileMonitor) */
  GError           *error;       /* (nullable) */

  gboolean          resident;
  gboolean          running;     /* a pass is under way */
  gboolean          again;       /* something happened meanwhile */
  guint             timer;       /* looks again, by the clock that nobody puts */
  guint             n_passes;
  guint             n_failed;
};

enum
{
  RAN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssAgentScheduler, iss_agent_scheduler, G_TYPE_OBJECT)

typedef struct
{
  gint64              now;
  double              jitter;
  IssSchedulerOutcome outcome;
} Pass;

static void
iss_agent_scheduler_dispose (GObject *object)
{
  IssAgentScheduler *self = ISS_AGENT_SCHEDULER (object);

  for (guint i = 0; self->monitors != NULL && i < self->monitors->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->monitors, i), self);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->alarm, iss_alarm_free);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_pointer (&self->lock, iss_scheduler_lock_free);
  g_clear_object (&self->root);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (iss_agent_scheduler_parent_class)->dispose (object);
}

static void
iss_agent_scheduler_class_init (IssAgentSchedulerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_agent_scheduler_dispose;

  signals[RAN] = g_signal_new ("ran", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
iss_agent_scheduler_init (IssAgentScheduler *self)
{
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
}

/* In a thread, under the writers' lock. */
static gpointer
run_pass (IssRootFolder  *root,
          GCancellable   *cancellable,
          gpointer        user_data,
          GError        **error)
{
  Pass *pass = user_data;

  if (!iss_scheduler_run_due (root, WHO, pass->now, pass->jitter, &pass->outcome, error))
    return NULL;

  return g_memdup2 (pass, sizeof *pass);
}

/* Everything that happens goes through the alarm: a past instant is one question more. */
static void
ask_again (IssAgentScheduler *self)
{
  if (self->running)
    self->again = TRUE;
  else if (self->alarm != NULL)
    iss_alarm_set (self->alarm, 1);
}

static gboolean
timer_cb (gpointer user_data)
{
  IssAgentScheduler *self = ISS_AGENT_SCHEDULER (user_data);

  self->timer = 0;
  ask_again (self);

  return G_SOURCE_REMOVE;
}

static void
ask_later (IssAgentScheduler *self,
           guint              seconds)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (seconds, timer_cb, self);
}

static void
file_changed_cb (GFileMonitor      *monitor,
                 GFile             *file,
                 GFile             *other,
                 GFileMonitorEvent  event,
                 IssAgentScheduler *self)
{
  ask_again (self);
}

static void
pass_over_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(IssAgentScheduler) self = ISS_AGENT_SCHEDULER (user_data);
  g_autofree Pass *pass = NULL;

  g_clear_error (&self->error);
  pass = iss_agent_writer_run_finish (result, &self->error);

  self->running = FALSE;
  self->n_passes++;
  self->n_failed = pass != NULL ? pass->outcome.n_failed : 0;
  if (!self->resident)
    g_clear_pointer (&self->lock, iss_scheduler_lock_free);

  if (pass == NULL && g_error_matches (self->error, ISS_ERROR, ISS_ERROR_BUSY))
    ask_later (self, TRY_AGAIN_RESIDENT);
  else
    ask_later (self, LOOK_AGAIN);

  /* Disposed meanwhile: nothing waits any more. */
  if (self->alarm == NULL)
    g_clear_handle_id (&self->timer, g_source_remove);
  else
    iss_alarm_set (self->alarm, self->again ? 1 : pass != NULL ? pass->outcome.next : 0);
  self->again = FALSE;

  g_signal_emit (self, signals[RAN], 0);
}

static void
look_cb (gpointer user_data)
{
  IssAgentScheduler *self = ISS_AGENT_SCHEDULER (user_data);
  Pass pass = { .now = iss_clock_now (self->clock), .jitter = g_random_double () };

  if (self->running)
    {
      self->again = TRUE;
      return;
    }

  if (self->lock == NULL)
    self->lock = iss_scheduler_lock_try (self->root, self->resident, pass.now, NULL);

  if (self->lock == NULL)
    {
      ask_later (self, self->resident ? TRY_AGAIN_RESIDENT : TRY_AGAIN);
      return;
    }

  self->running = TRUE;
  iss_agent_writer_run_async (self->root, WHO, pass.now, 0, run_pass,
                              g_memdup2 (&pass, sizeof pass), g_free, g_free, NULL,
                              pass_over_cb, g_object_ref (self));
}

static void
start_monitor (IssAgentScheduler *self,
               const char        *relative,
               gboolean           folder)
{
  g_autoptr(GFile) file = g_file_new_build_filename (iss_root_folder_get_path (self->root),
                                                     relative, NULL);
  GFileMonitor *monitor = folder
    ? g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL)
    : g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  /* Out of inotify watches: it still looks again by itself. */
  if (monitor == NULL)
    return;

  g_signal_connect (monitor, "changed", G_CALLBACK (file_changed_cb), self);
  g_ptr_array_add (self->monitors, monitor);
}

/**
 * iss_agent_scheduler_new:
 * @root: a server's folder
 * @clock: the time of day
 * @resident: whether it is a service's, which others may rely on
 * @error: return location for an error
 *
 * Begins with what was missed. "ran" is emitted after each pass.
 *
 * Returns: (transfer full): a scheduler, or %NULL with @error set
 */
IssAgentScheduler *
iss_agent_scheduler_new (IssRootFolder  *root,
                         IssClock       *clock,
                         gboolean        resident,
                         GError        **error)
{
  g_autoptr(IssAgentScheduler) self = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (ISS_TYPE_AGENT_SCHEDULER, NULL);
  self->root = g_object_ref (root);
  self->clock = iss_clock_ref (clock);
  self->resident = resident;
  self->alarm = iss_alarm_new (clock, look_cb, self, error);
  if (self->alarm == NULL)
    return NULL;

  start_monitor (self, "assignments.conf", FALSE);
  start_monitor (self, ISS_RELOAD_FOLDER, TRUE);
  if (resident)
    self->lock = iss_scheduler_lock_try (root, TRUE, iss_clock_now (clock), NULL);
  ask_again (self);

  return g_steal_pointer (&self);
}

/**
 * iss_agent_scheduler_is_busy:
 * @self: a scheduler
 *
 * Returns: whether a pass is under way, which should not be cut off
 */
gboolean
iss_agent_scheduler_is_busy (IssAgentScheduler *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SCHEDULER (self), FALSE);

  return self->running;
}

/**
 * iss_agent_scheduler_is_resident:
 * @self: a scheduler
 *
 * Returns: whether it is a service's and has the lock
 */
gboolean
iss_agent_scheduler_is_resident (IssAgentScheduler *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SCHEDULER (self), FALSE);

  return self->resident && self->lock != NULL;
}

/**
 * iss_agent_scheduler_get_error:
 * @self: a scheduler
 *
 * Returns: (transfer none) (nullable): why the last pass could not find out what is due
 */
const GError *
iss_agent_scheduler_get_error (IssAgentScheduler *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SCHEDULER (self), NULL);

  return self->error;
}

/**
 * iss_agent_scheduler_get_n_passes:
 * @self: a scheduler
 *
 * Returns: how often it has looked
 */
guint
iss_agent_scheduler_get_n_passes (IssAgentScheduler *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SCHEDULER (self), 0);

  return self->n_passes;
}

/**
 * iss_agent_scheduler_get_n_failed:
 * @self: a scheduler
 *
 * Returns: how many tasks failed in the last pass
 */
guint
iss_agent_scheduler_get_n_failed (IssAgentScheduler *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SCHEDULER (self), 0);

  return self->n_failed;
}
