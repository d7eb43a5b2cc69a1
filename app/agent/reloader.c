/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/reloader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/agent/key-trial.h"
#include "app/agent/reload-process.h"
#include "core/assignment/consumer-file.h"
#include "core/assignment/reload-folder.h"
#include "core/base/error.h"

#define LOCK ".lock"

/**
 * AgentReloader:
 *
 * Nothing is remembered but what is on the disk: each pass compares what is published with what
 * is recorded as reloaded. So whatever was cut off is done by the next one.
 */
struct _AgentReloader
{
  GObject       parent_instance;

  /* Owned */
  char         *root_path;
  IssClock     *clock;
  GHashTable   *running;      /* names of consumers that are being reloaded */
  GPtrArray    *monitors;     /* (element-type GFileMonitor) */
  char         *said;         /* (nullable): the last trouble that was told */

  int           root;         /* descriptors, -1 */
  int           folder;
  int           lock;
  guint         timer;        /* source id: tries again what has failed */
  guint         n_failed;
};

G_DEFINE_FINAL_TYPE (AgentReloader, agent_reloader, G_TYPE_OBJECT)

/* One reload that is under way. */
typedef struct
{
  AgentReloader *reloader;    /* owned */
  IssReload     *reload;      /* owned */
} Work;

static void
agent_reloader_dispose (GObject *object)
{
  AgentReloader *self = AGENT_RELOADER (object);

  for (guint i = 0; self->monitors != NULL && i < self->monitors->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->monitors, i), self);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_handle_id (&self->timer, g_source_remove);

  G_OBJECT_CLASS (agent_reloader_parent_class)->dispose (object);
}

static void
close_if_open (int fd)
{
  if (fd >= 0)
    close (fd);
}

static void
agent_reloader_finalize (GObject *object)
{
  AgentReloader *self = AGENT_RELOADER (object);

  close_if_open (self->lock);
  close_if_open (self->folder);
  close_if_open (self->root);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_hash_table_unref (self->running);
  g_free (self->root_path);
  g_free (self->said);

  G_OBJECT_CLASS (agent_reloader_parent_class)->finalize (object);
}

static void
agent_reloader_class_init (AgentReloaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = agent_reloader_dispose;
  object_class->finalize = agent_reloader_finalize;
}

static void
agent_reloader_init (AgentReloader *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  self->root = -1;
  self->folder = -1;
  self->lock = -1;
}

/* What lasts is said once. */
static void
say_trouble (AgentReloader *self,
             const char    *text)
{
  if (g_strcmp0 (self->said, text) == 0)
    return;

  g_free (self->said);
  self->said = g_strdup (text);
  if (text != NULL)
    g_printerr ("issuant-agent: %s\n", text);
}

static void
say_end (const IssReload *reload)
{
  if (!iss_reload_is_failed (reload))
    {
      /* Translators: a service, a certificate type, a number */
      g_printerr (_("issuant-agent: %s was reloaded for %s, revision %" G_GUINT64_FORMAT "\n"),
                  reload->consumer, reload->type, reload->live.revision);
      return;
    }

  g_printerr (_("issuant-agent: %s was not reloaded for %s: %s%s%s\n"), reload->consumer,
              reload->type, reload->reason, *reload->output != '\0' ? ": " : "", reload->output);
}

/* What cannot be recorded is done all the same: the service needs it, and the next pass does it
 * once more. */
static void
record (AgentReloader   *self,
        const IssReload *reload)
{
  g_autoptr(GError) error = NULL;

  if (!iss_reload_folder_write (self->folder, reload, &error))
    g_printerr ("issuant-agent: %s: %s\n", reload->consumer, error->message);
}

static void
work_free (Work *work)
{
  iss_reload_free (work->reload);
  g_object_unref (work->reloader);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static void
reloaded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Work) work = user_data;
  AgentReloader *self = work->reloader;
  AgentReloadOutcome *outcome = agent_reload_process_run_finish (result);

  iss_reload_end (work->reload, outcome->state, iss_clock_now (self->clock), outcome->reason,
                  outcome->output);
  agent_reload_process_outcome_free (outcome);
  record (self, work->reload);
  say_end (work->reload);
  g_hash_table_remove (self->running, work->reload->consumer);

  /* Something else may have been published meanwhile. */
  agent_reloader_run (self, FALSE);
}

static gboolean
may_read_key (AgentReloader *self,
              IssReload     *reload,
              int            made)
{
  g_autofree char *path = g_build_filename (self->root_path, "live", reload->type, NULL);
  g_autofree char *why_not = NULL;
  gboolean grantable;
  gint64 now;

  if (*reload->account == '\0' ||
      agent_key_trial_run (reload->account, path, made, AGENT_KEY_TRIAL_CURRENT,
                           &why_not, &grantable) == AGENT_KEY_TRIAL_TOKEN)
    return TRUE;

  now = iss_clock_now (self->clock);
  iss_reload_try (reload, now, why_not);
  if (why_not == NULL)
    return TRUE;

  iss_reload_begin (reload, now);
  iss_reload_end (reload, ISS_RELOAD_UNREADABLE, now, why_not, NULL);
  record (self, reload);
  say_end (reload);

  return FALSE;
}

/* Takes @reload: of what is published at this moment. */
static void
start (AgentReloader     *self,
       const IssConsumer *consumer,
       IssReload         *reload)
{
  g_autoptr(IssReload) owned = reload;
  IssLiveState live;
  Work *work;
  int made = iss_live_state_open (self->root, consumer->type, &live, NULL);
  gboolean may_begin;

  /* Switched just now: its stamp is still to come. */
  if (made < 0 || !iss_live_state_is_same (&live, &reload->live))
    {
      close_if_open (made);
      return;
    }

  may_begin = may_read_key (self, reload, made);
  close (made);
  if (!may_begin)
    return;

  iss_reload_begin (reload, iss_clock_now (self->clock));
  record (self, reload);
  g_hash_table_add (self->running, g_strdup (reload->consumer));

  work = g_new0 (Work, 1);
  work->reloader = g_object_ref (self);
  work->reload = g_steal_pointer (&owned);
  agent_reload_process_run_async ((const char *const *) consumer->argv, consumer->timeout,
                                  reloaded_cb, work);
}

static gboolean
is_due (AgentReloader   *self,
        const IssReload *reload,
        gboolean         again)
{
  gint64 now = iss_clock_now (self->clock);

  if (reload->live.revision == 0 || reload->state == ISS_RELOAD_DONE)
    return FALSE;

  /* Found running, but not by us: cut off. */
  return again || !iss_reload_is_failed (reload) || reload->ended > now ||
         now - reload->ended >= ISS_RELOAD_RETRY;
}

/* Before the roll, so that there is time left to let the account read it. Tried again until it
 * can. */
static void
try_staged (AgentReloader     *self,
            const IssConsumer *consumer,
            IssReload         *reload)
{
  g_autofree char *path = g_build_filename (self->root_path, "live", reload->type, NULL);
  g_autofree char *why_not = NULL;
  IssLiveState live;
  AgentKeyTrial trial;
  gboolean grantable;
  int made;

  if (!reload->staged.is_there || reload->staged.readable)
    return;

  made = iss_live_state_open (self->root, consumer->type, &live, NULL);
  if (made < 0 || !iss_live_state_is_same (&live, &reload->live))
    {
      close_if_open (made);
      return;
    }

  trial = agent_key_trial_run (reload->account, path, made, ISS_STAGED_KEY_NAME, &why_not,
                               &grantable);
  close (made);

  /* It has gone meanwhile, and nothing was tried. */
  if (trial == AGENT_KEY_TRIAL_TOKEN)
    return;

  if (why_not != NULL && reload->staged.tried == 0)
    /* Translators: a service, a certificate type, a sentence */
    g_printerr (_("issuant-agent: %s will not be able to use what is staged for %s: %s\n"),
                reload->consumer, reload->type, why_not);
  iss_staged_key_set (&reload->staged, iss_clock_now (self->clock), why_not, grantable);
  record (self, reload);
}

static void
run_pass (AgentReloader *self,
          gboolean       again)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) consumers = iss_consumer_file_load (self->root_path, &error);
  g_autoptr(GPtrArray) reloads = NULL;

  if (consumers != NULL)
    reloads = iss_reload_folder_read (self->root, consumers, &error);

  say_trouble (self, error != NULL ? error->message : NULL);
  self->n_failed = error != NULL ? 1 : 0;
  if (reloads == NULL)
    return;

  g_ptr_array_set_free_func (reloads, NULL);
  iss_reload_folder_sweep (self->folder, consumers);
  for (guint i = 0; i < reloads->len; i++)
    {
      const IssConsumer *consumer = g_ptr_array_index (consumers, i);
      g_autoptr(IssReload) reload = g_ptr_array_index (reloads, i);

      if (g_hash_table_contains (self->running, consumer->name))
        continue;

      try_staged (self, consumer, reload);
      if (is_due (self, reload, again))
        start (self, consumer, g_steal_pointer (&reload));
      else if (iss_reload_is_failed (reload))
        self->n_failed++;
    }
}

static gboolean
retry_cb (gpointer user_data)
{
  run_pass (AGENT_RELOADER (user_data), FALSE);

  return G_SOURCE_CONTINUE;
}

static void
changed_cb (GFileMonitor      *monitor,
            GFile             *file,
            GFile             *other,
            GFileMonitorEvent  event,
            AgentReloader     *self)
{
  run_pass (self, FALSE);
}

static void
watch_file (AgentReloader *self,
            const char    *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  GFileMonitor *monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  /* Out of inotify watches: it still looks again by itself. */
  if (monitor == NULL)
    return;

  g_signal_connect (monitor, "changed", G_CALLBACK (changed_cb), self);
  g_ptr_array_add (self->monitors, monitor);
}

static gboolean
take_lock (AgentReloader  *self,
           GError        **error)
{
  self->lock = openat (self->folder, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->lock < 0)
    {
      iss_error_set_from_errno (error, errno, _("The file %s/%s cannot be made"),
                                ISS_RELOAD_FOLDER, LOCK);
      return FALSE;
    }

  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_BUSY,
               _("Another issuant-agent watches %s already"), self->root_path);

  return FALSE;
}

/**
 * agent_reloader_new:
 * @root_path: a server's folder
 * @clock: the time of day
 * @error: return location for an error: %ISS_ERROR_BUSY if another one does this already
 *
 * Returns: (transfer full): a reloader that has not begun, or %NULL with @error set
 */
AgentReloader *
agent_reloader_new (const char  *root_path,
                    IssClock    *clock,
                    GError     **error)
{
  g_autoptr(AgentReloader) self = g_object_new (AGENT_TYPE_RELOADER, NULL);

  self->root_path = g_strdup (root_path);
  self->clock = iss_clock_ref (clock);
  self->root = open (root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (self->root < 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be opened"), root_path);
      return NULL;
    }

  self->folder = iss_reload_folder_open (self->root, TRUE, error);

  return self->folder >= 0 && take_lock (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * agent_reloader_run:
 * @self: a reloader
 * @again: whether what has failed is tried again before its time
 *
 * Reloads whoever has not read what is published now.
 */
void
agent_reloader_run (AgentReloader *self,
                    gboolean       again)
{
  g_return_if_fail (AGENT_IS_RELOADER (self));

  run_pass (self, again);
}

/**
 * agent_reloader_watch:
 * @self: a reloader
 *
 * From now on, whenever something is published, or configured anew.
 */
void
agent_reloader_watch (AgentReloader *self)
{
  g_autofree char *stamp = NULL;
  g_autofree char *config = NULL;

  g_return_if_fail (AGENT_IS_RELOADER (self));

  stamp = g_build_filename (self->root_path, "live", ".changed", NULL);
  config = iss_consumer_file_dup_path (self->root_path);
  watch_file (self, stamp);
  watch_file (self, config);
  self->timer = g_timeout_add_seconds (ISS_RELOAD_RETRY, retry_cb, self);
  run_pass (self, TRUE);
}

/**
 * agent_reloader_is_busy:
 * @self: a reloader
 *
 * Returns: whether a reload is under way
 */
gboolean
agent_reloader_is_busy (AgentReloader *self)
{
  g_return_val_if_fail (AGENT_IS_RELOADER (self), FALSE);

  return g_hash_table_size (self->running) > 0;
}

/**
 * agent_reloader_get_n_failed:
 * @self: a reloader
 *
 * Returns: how many consumers have not read what is published, after the last pass; a
 *   configuration that cannot be read counts as one
 */
guint
agent_reloader_get_n_failed (AgentReloader *self)
{
  g_return_val_if_fail (AGENT_IS_RELOADER (self), 0);

  return self->n_failed;
}
