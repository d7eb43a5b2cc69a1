/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-watch.h"

#include <glib/gstdio.h>

#include "core/assignment/reload-folder.h"
#include "core/store/store-name.h"

/* Of two changes in a row the second is told when this is over: both are seen within a second. */
#define INTERVAL_MILLISECONDS 300

/* How often a folder is looked at that nothing watches, as GLib does it with files. */
#define LOOK_SECONDS 5
#define NANOSECONDS G_GINT64_CONSTANT (1000000000)

/* A folder that could not be watched: a server has but so many inotify instances (128 for each
 * account), and GLib watches files without them, not folders. */
typedef struct
{
  char     *path;
  gint64    changed_at;   /* in ns; 0 when it is not there */
  gboolean  fresh;        /* it was another time at the last look */
} Unwatched;

/**
 * IssAgentWatch:
 *
 * What others change in a server's folder, seen by inotify.
 */
struct _IssAgentWatch
{
  GObject    parent_instance;

  /* Owned */
  GPtrArray *monitors;   /* (element-type GFileMonitor) */
  GArray    *unwatched;  /* (element-type Unwatched) */

  guint      pause;      /* source id; nothing is told while it runs */
  guint      looks;      /* source id; at what is unwatched */
  gboolean   again;      /* something changed during the pause */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssAgentWatch, iss_agent_watch, G_TYPE_OBJECT)

static void
iss_agent_watch_dispose (GObject *object)
{
  IssAgentWatch *self = ISS_AGENT_WATCH (object);

  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_handle_id (&self->looks, g_source_remove);
  /* GLib's own look at a file may hold its monitor for longer. */
  for (guint i = 0; self->monitors != NULL && i < self->monitors->len; i++)
    {
      g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->monitors, i), self);
      g_file_monitor_cancel (g_ptr_array_index (self->monitors, i));
    }
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_pointer (&self->unwatched, g_array_unref);

  G_OBJECT_CLASS (iss_agent_watch_parent_class)->dispose (object);
}

static void
iss_agent_watch_class_init (IssAgentWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_agent_watch_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
unwatched_clear (gpointer data)
{
  g_free (((Unwatched *) data)->path);
}

static void
iss_agent_watch_init (IssAgentWatch *self)
{
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  self->unwatched = g_array_new (FALSE, FALSE, sizeof (Unwatched));
  g_array_set_clear_func (self->unwatched, unwatched_clear);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  IssAgentWatch *self = ISS_AGENT_WATCH (user_data);

  if (!self->again)
    {
      self->pause = 0;
      return G_SOURCE_REMOVE;
    }

  self->again = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
tell (IssAgentWatch *self)
{
  if (self->pause != 0)
    {
      self->again = TRUE;
      return;
    }

  self->pause = g_timeout_add (INTERVAL_MILLISECONDS, pause_over_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
file_changed_cb (GFileMonitor      *monitor,
                 GFile             *file,
                 GFile             *other,
                 GFileMonitorEvent  event,
                 IssAgentWatch     *self)
{
  tell (self);
}

/* What is written is renamed or linked into a folder, which changes it. */
static gint64
get_changed_at (const char *path)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return 0;

  return (gint64) info.st_ctim.tv_sec * NANOSECONDS + info.st_ctim.tv_nsec;
}

/* Two changes within a tick of the kernel's clock have one time: what has changed is told of once
 * more at the next look, for what came after the one that saw it. */
static gboolean
look_cb (gpointer user_data)
{
  IssAgentWatch *self = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < self->unwatched->len; i++)
    {
      Unwatched *unwatched = &g_array_index (self->unwatched, Unwatched, i);
      gint64 changed_at = get_changed_at (unwatched->path);
      gboolean fresh = changed_at != unwatched->changed_at;

      changed = changed || fresh || unwatched->fresh;
      unwatched->changed_at = changed_at;
      unwatched->fresh = fresh;
    }
  if (changed)
    tell (self);

  return G_SOURCE_CONTINUE;
}

static void
watch (IssAgentWatch *self,
       const char    *root_path,
       const char    *relative,
       gboolean       folder)
{
  g_autoptr(GFile) file = g_file_new_build_filename (root_path, relative, NULL);
  GFileMonitor *monitor = folder
    ? g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL)
    : g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  if (monitor == NULL)
    {
      Unwatched unwatched = { g_file_get_path (file), 0, TRUE };

      unwatched.changed_at = get_changed_at (unwatched.path);
      g_array_append_val (self->unwatched, unwatched);
      if (self->looks == 0)
        self->looks = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
      return;
    }

  g_file_monitor_set_rate_limit (monitor, INTERVAL_MILLISECONDS);
  g_signal_connect (monitor, "changed", G_CALLBACK (file_changed_cb), self);
  g_ptr_array_add (self->monitors, monitor);
}

/**
 * iss_agent_watch_new:
 * @root_path: a server's folder
 *
 * Returns: (transfer full): a watch over its assignments, stores, properties, keys, and the
 *   reloads of services
 */
IssAgentWatch *
iss_agent_watch_new (const char *root_path)
{
  IssAgentWatch *self;

  g_return_val_if_fail (root_path != NULL, NULL);

  self = g_object_new (ISS_TYPE_AGENT_WATCH, NULL);
  watch (self, root_path, "assignments.conf", FALSE);
  watch (self, root_path, "properties", TRUE);
  watch (self, root_path, "keys", TRUE);
  watch (self, root_path, ISS_RELOAD_FOLDER, TRUE);
  for (guint store = 0; store < ISS_N_STORES; store++)
    {
      g_autofree char *relative = NULL;

      if (iss_store_name_is_read_only ((IssStoreName) store))
        continue;

      relative = g_build_filename ("stores", iss_store_name_get_nick ((IssStoreName) store), NULL);
      watch (self, root_path, relative, TRUE);
    }

  return self;
}
