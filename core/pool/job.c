/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IssJobEntry:
 *
 * What a job does on one server.
 */
struct _IssJobEntry
{
  GObject       parent_instance;

  IssServer    *server;
  IssJobState   state;
  char         *text;
  GError       *error;      /* (nullable) */
  gint64        began;      /* monotonic, µs */
  gdouble       seconds;
};

enum
{
  PROP_STATE = 1,
  PROP_TEXT,
  PROP_SERVER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssJobEntry, iss_job_entry, G_TYPE_OBJECT)

static void
iss_job_entry_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  IssJobEntry *self = ISS_JOB_ENTRY (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_SERVER:
      g_value_set_object (value, self->server);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_job_entry_finalize (GObject *object)
{
  IssJobEntry *self = ISS_JOB_ENTRY (object);

  g_clear_object (&self->server);
  g_clear_pointer (&self->text, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (iss_job_entry_parent_class)->finalize (object);
}

static void
iss_job_entry_class_init (IssJobEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = iss_job_entry_get_property;
  object_class->finalize = iss_job_entry_finalize;

  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, ISS_JOB_WAITING, ISS_JOB_CANCELLED, ISS_JOB_WAITING,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SERVER] =
    g_param_spec_object ("server", NULL, NULL, ISS_TYPE_SERVER,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
iss_job_entry_init (IssJobEntry *self)
{
}

static void
set_entry (IssJobEntry *self,
           IssJobState  state,
           const char  *text)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->state = state;
  g_free (self->text);
  self->text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * iss_job_entry_get_server:
 * @self: an entry
 *
 * Returns: (transfer none): the server
 */
IssServer *
iss_job_entry_get_server (IssJobEntry *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), NULL);

  return self->server;
}

/**
 * iss_job_entry_get_state:
 * @self: an entry
 *
 * Returns: how far it has come
 */
IssJobState
iss_job_entry_get_state (IssJobEntry *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), ISS_JOB_FAILED);

  return self->state;
}

/**
 * iss_job_entry_get_text:
 * @self: an entry
 *
 * Returns: (transfer none): what was done, or why not, as a person reads it
 */
const char *
iss_job_entry_get_text (IssJobEntry *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), NULL);

  return self->text;
}

/**
 * iss_job_entry_amend:
 * @self: an entry that is done
 * @text: what is true of it now, translated
 *
 * What was done was completed by something else: it stays done, and says so.
 */
void
iss_job_entry_amend (IssJobEntry *self,
                     const char  *text)
{
  g_return_if_fail (ISS_IS_JOB_ENTRY (self));
  g_return_if_fail (self->state == ISS_JOB_DONE && text != NULL);

  g_free (self->text);
  self->text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * iss_job_entry_dup_reason:
 * @self: an entry
 *
 * Returns: (transfer full): its text, for where the server's name stands beside it already
 */
char *
iss_job_entry_dup_reason (IssJobEntry *self)
{
  g_autofree char *name = NULL;
  g_autofree char *prefix = NULL;
  const char *text;

  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), NULL);

  name = iss_server_dup_short_name (self->server);
  prefix = g_strconcat (name, ": ", NULL);
  text = self->text != NULL ? self->text : "";

  return g_strdup (g_str_has_prefix (text, prefix) ? text + strlen (prefix) : text);
}

/**
 * iss_job_entry_get_error:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
iss_job_entry_get_error (IssJobEntry *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), NULL);

  return self->error;
}

/**
 * iss_job_entry_get_seconds:
 * @self: an entry
 *
 * Returns: how long it took, 0 until it is over
 */
gdouble
iss_job_entry_get_seconds (IssJobEntry *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ENTRY (self), 0);

  return self->seconds;
}

/**
 * IssJob:
 *
 * One thing done on several servers, a few at once.
 *
 * What is done is given as a pair of functions, so that looking, importing and
 * assigning share one way of starting, failing, cancelling and trying again.
 */
struct _IssJob
{
  GObject              parent_instance;

  GPtrArray           *entries;       /* (element-type IssJobEntry) */
  IssJobStart          start;
  IssJobFinish         finish;
  gpointer             data;
  GDestroyNotify       free_data;

  GTask               *task;          /* (nullable): while it runs */
  guint                n_running;
  GAsyncReadyCallback  entry_over;
};

static GType
iss_job_get_item_type (GListModel *model)
{
  return ISS_TYPE_JOB_ENTRY;
}

static guint
iss_job_get_n_items (GListModel *model)
{
  return ISS_JOB (model)->entries->len;
}

static gpointer
iss_job_get_item (GListModel *model,
                  guint       position)
{
  IssJob *self = ISS_JOB (model);

  if (position >= self->entries->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->entries, position));
}

static void
iss_job_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = iss_job_get_item_type;
  iface->get_n_items = iss_job_get_n_items;
  iface->get_item = iss_job_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssJob, iss_job, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, iss_job_list_model_init))

static void
iss_job_finalize (GObject *object)
{
  IssJob *self = ISS_JOB (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  if (self->free_data != NULL)
    self->free_data (self->data);

  G_OBJECT_CLASS (iss_job_parent_class)->finalize (object);
}

static void
iss_job_class_init (IssJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_job_finalize;
}

static void
iss_job_init (IssJob *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
}

/* One entry of a job that is running: keeps the job alive until it is over. */
typedef struct
{
  IssJob      *job;
  IssJobEntry *entry;
} Running;

static void
start_entry (IssJob      *self,
             IssJobEntry *entry)
{
  Running *running = g_new0 (Running, 1);

  running->job = g_object_ref (self);
  running->entry = g_object_ref (entry);
  entry->began = g_get_monotonic_time ();
  self->n_running++;
  set_entry (entry, ISS_JOB_RUNNING, "");
  self->start (entry->server, self->data, g_task_get_cancellable (self->task), self->entry_over,
               running);
}

/* Starts as many as may run at once, and ends the job after the last. */
static void
advance (IssJob *self)
{
  g_autoptr(GTask) task = NULL;

  for (guint i = 0; i < self->entries->len && self->n_running < ISS_POOL_MAX_OPENING; i++)
    {
      IssJobEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->state != ISS_JOB_WAITING)
        continue;

      if (g_cancellable_is_cancelled (g_task_get_cancellable (self->task)))
        set_entry (entry, ISS_JOB_CANCELLED, _("cancelled before it began"));
      else
        start_entry (self, entry);
    }

  if (self->n_running > 0 || self->task == NULL)
    return;

  task = g_steal_pointer (&self->task);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
}

static void
entry_over_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Running *running = user_data;
  g_autoptr(IssJob) self = running->job;
  g_autoptr(IssJobEntry) entry = running->entry;
  g_autofree char *text = NULL;

  g_free (running);
  g_clear_error (&entry->error);
  text = self->finish (entry->server, self->data, result, &entry->error);
  entry->seconds = (gdouble) (g_get_monotonic_time () - entry->began) / G_USEC_PER_SEC;
  self->n_running--;

  if (text != NULL)
    set_entry (entry, ISS_JOB_DONE, text);
  else if (g_error_matches (entry->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_entry (entry, ISS_JOB_CANCELLED, _("cancelled"));
  else
    set_entry (entry, ISS_JOB_FAILED, entry->error->message);

  advance (self);
}

/**
 * iss_job_new:
 * @servers: (element-type IssServer): where to do it
 * @start: begins it on one server
 * @finish: ends it on one server
 * @job_data: (transfer full) (nullable): data for both
 * @free_job_data: (nullable): frees @job_data
 *
 * Returns: (transfer full): a job that has not begun
 */
IssJob *
iss_job_new (GPtrArray      *servers,
             IssJobStart     start,
             IssJobFinish    finish,
             gpointer        job_data,
             GDestroyNotify  free_job_data)
{
  IssJob *self;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (start != NULL && finish != NULL, NULL);

  self = g_object_new (ISS_TYPE_JOB, NULL);
  self->start = start;
  self->finish = finish;
  self->data = job_data;
  self->free_data = free_job_data;

  for (guint i = 0; i < servers->len; i++)
    {
      IssJobEntry *entry = g_object_new (ISS_TYPE_JOB_ENTRY, NULL);

      entry->server = g_object_ref (g_ptr_array_index (servers, i));
      entry->text = g_strdup ("");
      g_ptr_array_add (self->entries, entry);
    }

  return self;
}

/**
 * iss_job_get_entry:
 * @self: a job
 * @index: less than iss_job_get_n_entries()
 *
 * Returns: (transfer none): the entry
 */
IssJobEntry *
iss_job_get_entry (IssJob *self,
                   guint   index)
{
  g_return_val_if_fail (ISS_IS_JOB (self), NULL);
  g_return_val_if_fail (index < self->entries->len, NULL);

  return g_ptr_array_index (self->entries, index);
}

/**
 * iss_job_get_n_entries:
 * @self: a job
 *
 * Returns: on how many servers it is done
 */
guint
iss_job_get_n_entries (IssJob *self)
{
  g_return_val_if_fail (ISS_IS_JOB (self), 0);

  return self->entries->len;
}

/**
 * iss_job_get_n_in_state:
 * @self: a job
 * @state: a state
 *
 * Returns: how many entries are in @state
 */
guint
iss_job_get_n_in_state (IssJob      *self,
                        IssJobState  state)
{
  guint n = 0;

  g_return_val_if_fail (ISS_IS_JOB (self), 0);

  for (guint i = 0; i < self->entries->len; i++)
    {
      IssJobEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->state == state)
        n++;
    }

  return n;
}

/**
 * iss_job_get_data:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): the data it was made with
 */
gpointer
iss_job_get_data (IssJob *self)
{
  g_return_val_if_fail (ISS_IS_JOB (self), NULL);

  return self->data;
}

static void
begin (IssJob              *self,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, iss_job_run_async);
  self->entry_over = entry_over_cb;
}

/**
 * iss_job_run_async:
 * @self: a job that is not running
 * @cancellable: (nullable): a cancellable
 * @callback: called when no entry is waiting or running
 * @user_data: data for @callback
 *
 * Runs what is waiting, failed or cancelled; what is done stays done.
 */
void
iss_job_run_async (IssJob              *self,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_return_if_fail (ISS_IS_JOB (self));
  g_return_if_fail (self->task == NULL);

  begin (self, cancellable, callback, user_data);
  for (guint i = 0; i < self->entries->len; i++)
    {
      IssJobEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->state == ISS_JOB_FAILED || entry->state == ISS_JOB_CANCELLED)
        set_entry (entry, ISS_JOB_WAITING, "");
    }

  advance (self);
}

/**
 * iss_job_run_entry_async:
 * @self: a job that is not running
 * @entry: an entry of it that is not done
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over; iss_job_run_finish() ends it
 * @user_data: data for @callback
 *
 * Runs @entry; what else failed or was cancelled stays so.
 */
void
iss_job_run_entry_async (IssJob              *self,
                         IssJobEntry         *entry,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (ISS_IS_JOB (self));
  g_return_if_fail (self->task == NULL);
  g_return_if_fail (g_ptr_array_find (self->entries, entry, NULL));
  g_return_if_fail (entry->state == ISS_JOB_FAILED || entry->state == ISS_JOB_CANCELLED);

  begin (self, cancellable, callback, user_data);
  set_entry (entry, ISS_JOB_WAITING, "");
  advance (self);
}

/**
 * iss_job_run_finish:
 * @self: a job
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: whether it went to its end, whatever the entries say; fails only when
 *   cancelled
 */
gboolean
iss_job_run_finish (IssJob        *self,
                    GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
