/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replication-service.h"

/* Seconds: when nothing fails and nothing changes, the servers are asked again. */
#define LONGEST_WAIT 60

/**
 * IssReplicationService:
 *
 * Which decision was served is the newest one that was there before a pass began: what is decided
 * during the pass makes another. What the pass itself notes wakes nobody.
 */
struct _IssReplicationService
{
  GObject          parent_instance;

  /* Owned */
  IssCentralStore *store;
  IssPool         *pool;
  IssReplicator   *replicator;
  GCancellable    *cancellable;   /* (nullable): of the pass under way */
  GPtrArray       *reports;       /* (nullable): of the last pass */
  GError          *error;         /* (nullable): why it could not be made */
  char            *prefix;        /* of the decisions */

  GSourceFunc      due;           /* begins a pass */

  guint64          seen;          /* the newest decision that was served */
  guint            timer;
  gboolean         looking;       /* for a newer decision */
  gboolean         look_again;
  gboolean         started;
  gboolean         again;         /* when the pass under way has ended */
  IssReplicatorFlags flags;       /* of the pass under way */
  IssReplicatorFlags again_flags;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssReplicationService, iss_replication_service, G_TYPE_OBJECT)

static void
iss_replication_service_dispose (GObject *object)
{
  IssReplicationService *self = ISS_REPLICATION_SERVICE (object);

  iss_replication_service_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->replicator);
  g_clear_object (&self->store);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->prefix, g_free);

  G_OBJECT_CLASS (iss_replication_service_parent_class)->dispose (object);
}

static void
iss_replication_service_class_init (IssReplicationServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_replication_service_dispose;

  /**
   * IssReplicationService::changed:
   *
   * A pass began, or ended.
   */
  signals[CHANGED] = g_signal_new ("changed", ISS_TYPE_REPLICATION_SERVICE, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_replication_service_init (IssReplicationService *self)
{
}

/* Until the first failed server is to be tried again. */
static guint
get_wait (IssReplicationService *self)
{
  const gint64 now = iss_clock_now (iss_pool_get_clock (self->pool));
  gint64 wait = LONGEST_WAIT;

  for (guint i = 0; self->reports != NULL && i < self->reports->len; i++)
    {
      const gint64 next = iss_replica_report_get_next_try (self->reports->pdata[i],
                                                           g_random_double ());

      if (next != 0)
        wait = MIN (wait, MAX (next - now, 1));
    }

  return (guint) wait;
}

/* As soon as it may. */
static void
schedule_now (IssReplicationService *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_idle_add (self->due, self);
}

/* The newest decision; 0 = there is none, or it cannot be read, which the pass will say. */
static void
look_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  IssReplicationService *self = source_object;
  IssCentralEngine *engine = task_data;
  g_autoptr(GPtrArray) entries = NULL;
  gint64 newest = 0;

  entries = iss_central_engine_list_since (engine, self->prefix, 0, NULL);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    newest = MAX (newest, (gint64) ((IssCentralEntry *) entries->pdata[i])->revision);

  g_task_return_int (task, (gssize) newest);
}

static void
look (IssReplicationService *self,
      GAsyncReadyCallback    callback)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, NULL);

  g_task_set_task_data (task, g_object_ref (iss_central_store_get_engine (self->store)),
                        g_object_unref);
  g_task_run_in_thread (task, look_worker);
}

static void
newer_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  IssReplicationService *self = ISS_REPLICATION_SERVICE (object);
  const guint64 newest = (guint64) g_task_propagate_int (G_TASK (result), NULL);

  self->looking = FALSE;
  if (!self->started || self->cancellable != NULL)
    return;

  if (newest > self->seen)
    {
      schedule_now (self);
      return;
    }

  if (!self->look_again)
    return;

  self->looking = TRUE;
  self->look_again = FALSE;
  look (self, newer_cb);
}

/* After a pass, and whenever something else was written, which it says of its own reports too. */
static void
look_for_newer (IssReplicationService *self)
{
  self->look_again = self->looking;
  if (self->looking)
    return;

  self->looking = TRUE;
  look (self, newer_cb);
}

static void
passed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssReplicationService) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = NULL;

  reports = iss_replicator_run_finish (ISS_REPLICATOR (object), result, &error);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  self->reports = g_steal_pointer (&reports);
  self->error = g_steal_pointer (&error);

  if (!self->started)
    return;

  if (self->again)
    {
      schedule_now (self);
      return;
    }

  self->timer = g_timeout_add_seconds (get_wait (self), self->due, self);
  look_for_newer (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  IssReplicationService *self = ISS_REPLICATION_SERVICE (object);

  self->seen = (guint64) g_task_propagate_int (G_TASK (result), NULL);
  iss_replicator_run_async (self->replicator, NULL, self->flags, self->cancellable, passed_cb,
                            g_object_ref (self));
}

static void
begin (IssReplicationService *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->cancellable = g_cancellable_new ();
  self->flags = self->again_flags;
  self->again = FALSE;
  self->again_flags = ISS_REPLICATOR_NORMAL;
  look (self, looked_cb);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
due_cb (gpointer user_data)
{
  IssReplicationService *self = user_data;

  self->timer = 0;
  begin (self);

  return G_SOURCE_REMOVE;
}

static void
written_cb (IssReplicationService *self)
{
  if (self->cancellable == NULL)
    look_for_newer (self);
}

/**
 * iss_replication_service_new:
 * @store: the central store
 * @pool: the pool whose servers it serves
 *
 * Returns: (transfer full): a service that was not started
 */
IssReplicationService *
iss_replication_service_new (IssCentralStore *store,
                             IssPool         *pool)
{
  IssReplicationService *self;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_REPLICATION_SERVICE, NULL);
  self->due = due_cb;
  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);
  self->replicator = iss_replicator_new (store, pool);
  iss_replicator_set_resident (self->replicator, TRUE);
  self->prefix = g_strdup_printf ("pool/%s/wanted/", iss_pool_get_name (pool));

  return self;
}

/**
 * iss_replication_service_set_closes:
 * @self: a service
 * @closes: as of iss_replicator_set_closes()
 */
void
iss_replication_service_set_closes (IssReplicationService *self,
                                    gboolean               closes)
{
  g_return_if_fail (ISS_IS_REPLICATION_SERVICE (self));

  iss_replicator_set_closes (self->replicator, closes);
}

/**
 * iss_replication_service_start:
 * @self: a service
 *
 * Begins with a pass.
 */
void
iss_replication_service_start (IssReplicationService *self)
{
  g_return_if_fail (ISS_IS_REPLICATION_SERVICE (self));

  if (self->started)
    return;

  self->started = TRUE;
  g_signal_connect_swapped (iss_central_store_get_engine (self->store), "changed",
                            G_CALLBACK (written_cb), self);
  begin (self);
}

/**
 * iss_replication_service_stop:
 * @self: a service
 *
 * Cuts off the pass that is under way; a later one, anywhere, goes on from what the servers say.
 */
void
iss_replication_service_stop (IssReplicationService *self)
{
  g_return_if_fail (ISS_IS_REPLICATION_SERVICE (self));

  if (!self->started)
    return;

  self->started = FALSE;
  g_signal_handlers_disconnect_by_data (iss_central_store_get_engine (self->store), self);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/**
 * iss_replication_service_run:
 * @self: a service that was started
 * @flags: what that pass does that it would not do by itself
 *
 * Makes a pass now, or as soon as the one that is under way has ended.
 */
void
iss_replication_service_run (IssReplicationService *self,
                             IssReplicatorFlags     flags)
{
  g_return_if_fail (ISS_IS_REPLICATION_SERVICE (self));
  g_return_if_fail (self->started);

  self->again_flags |= flags;
  if (self->cancellable == NULL)
    begin (self);
  else
    self->again = TRUE;
}

/**
 * iss_replication_service_is_running:
 * @self: a service
 *
 * Returns: whether a pass is under way
 */
gboolean
iss_replication_service_is_running (IssReplicationService *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_SERVICE (self), FALSE);

  return self->cancellable != NULL || self->again;
}

/**
 * iss_replication_service_get_reports:
 * @self: a service
 *
 * Returns: (transfer none) (nullable) (element-type IssReplicaReport): what came of the last pass
 */
GPtrArray *
iss_replication_service_get_reports (IssReplicationService *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_SERVICE (self), NULL);

  return self->reports;
}

/**
 * iss_replication_service_get_error:
 * @self: a service
 *
 * Returns: (transfer none) (nullable): why the last pass could not be made
 */
const GError *
iss_replication_service_get_error (IssReplicationService *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_SERVICE (self), NULL);

  return self->error;
}
