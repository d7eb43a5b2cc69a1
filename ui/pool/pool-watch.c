/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/pool-watch.h"

#include "core/pool/asked.h"
#include "core/pool/pool-drift.h"
#include "core/pool/pool-proof.h"
#include "core/pool/pool-use.h"

/**
 * IssPoolWatch:
 *
 * Follows a pool for a page. Sixty servers that answer at once are one update,
 * before the next frame is drawn.
 */
struct _IssPoolWatch
{
  GObject       parent_instance;

  /* Owned References */
  IssPool      *pool;
  GCancellable *cancellable;   /* (nullable): a look or a proof is under way */
  char         *proved;        /* (nullable): what came of the last proof */

  guint         update_id;
};

enum
{
  UPDATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssPoolWatch, iss_pool_watch, G_TYPE_OBJECT)

static void
iss_pool_watch_dispose (GObject *object)
{
  IssPoolWatch *self = ISS_POOL_WATCH (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->pool != NULL)
    g_signal_handlers_disconnect_by_data (self->pool, self);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (iss_pool_watch_parent_class)->dispose (object);
}

static void
iss_pool_watch_finalize (GObject *object)
{
  g_free (ISS_POOL_WATCH (object)->proved);

  G_OBJECT_CLASS (iss_pool_watch_parent_class)->finalize (object);
}

static void
iss_pool_watch_class_init (IssPoolWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = iss_pool_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = iss_pool_watch_finalize;

  /**
   * IssPoolWatch::update:
   *
   * The pool, its servers or whether they are being looked at has changed.
   */
  signals[UPDATE] = g_signal_new ("update", ISS_TYPE_POOL_WATCH, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_pool_watch_init (IssPoolWatch *self)
{
}

static gboolean
update_cb (gpointer user_data)
{
  IssPoolWatch *self = user_data;

  self->update_id = 0;
  g_signal_emit (self, signals[UPDATE], 0);

  return G_SOURCE_REMOVE;
}

static void
queue_update (IssPoolWatch *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

static GPtrArray *
dup_servers (IssPoolWatch *self)
{
  GPtrArray *servers = g_ptr_array_new ();

  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (self->pool, i));

  return servers;
}

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssPoolWatch) self = user_data;

  /* Fails only when cancelled: the page has gone. */
  if (!iss_job_run_finish (ISS_JOB (object), result, NULL))
    return;

  g_clear_object (&self->cancellable);
  queue_update (self);
}

/* Who changed what is not as it was agreed? */
static void
ask (IssPoolWatch *self)
{
  g_autoptr(IssJob) job = iss_pool_drift_new (self->pool,
                                              iss_clock_now (iss_pool_get_clock (self->pool)));

  if (job != NULL)
    {
      iss_job_run_async (job, self->cancellable, asked_cb, g_object_ref (self));
      return;
    }

  g_clear_object (&self->cancellable);
  queue_update (self);
}

static void
used_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(IssPoolWatch) self = user_data;

  if (iss_job_run_finish (ISS_JOB (object), result, NULL))
    ask (self);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssPoolWatch) self = user_data;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) job = NULL;

  /* Fails only when cancelled: the page has gone. */
  if (!iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL))
    return;

  servers = dup_servers (self);
  job = iss_pool_use_new (servers);
  if (job != NULL)
    iss_job_run_async (job, self->cancellable, used_cb, g_object_ref (self));
  else
    ask (self);
}

/**
 * iss_pool_watch_new:
 * @pool: a pool
 *
 * Returns: (transfer full): a watch over @pool
 */
IssPoolWatch *
iss_pool_watch_new (IssPool *pool)
{
  IssPoolWatch *self;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_POOL_WATCH, NULL);
  self->pool = g_object_ref (pool);
  g_signal_connect_swapped (pool, "changed", G_CALLBACK (queue_update), self);
  g_signal_connect_swapped (pool, "items-changed", G_CALLBACK (queue_update), self);

  return self;
}

/**
 * iss_pool_watch_get_pool:
 * @self: a watch
 *
 * Returns: (transfer none): what it watches
 */
IssPool *
iss_pool_watch_get_pool (IssPoolWatch *self)
{
  g_return_val_if_fail (ISS_IS_POOL_WATCH (self), NULL);

  return self->pool;
}

/**
 * iss_pool_watch_is_busy:
 * @self: a watch
 *
 * Returns: whether a look at the pool is under way, whoever began it
 */
gboolean
iss_pool_watch_is_busy (IssPoolWatch *self)
{
  g_return_val_if_fail (ISS_IS_POOL_WATCH (self), FALSE);

  return self->cancellable != NULL || iss_pool_is_looking (self->pool);
}

/**
 * iss_pool_watch_look:
 * @self: a watch
 *
 * Looks at every server, unless that is being done.
 */
void
iss_pool_watch_look (IssPoolWatch *self)
{
  g_autoptr(GPtrArray) asked = NULL;

  g_return_if_fail (ISS_IS_POOL_WATCH (self));

  /* At the start the window looks, too: nobody is asked twice. */
  if (self->cancellable != NULL || iss_pool_is_looking (self->pool) ||
      iss_pool_get_n_servers (self->pool) == 0)
    return;

  asked = iss_asked_find (self->pool);
  self->cancellable = g_cancellable_new ();
  iss_pool_look_async (self->pool, asked, self->cancellable, looked_cb, g_object_ref (self));
  queue_update (self);
}

static void
proved_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssPoolWatch) self = user_data;
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  IssJob *job = ISS_JOB (object);

  /* Fails only when cancelled: the page has gone. */
  if (!iss_job_run_finish (job, result, NULL))
    return;

  g_free (self->proved);
  self->proved = iss_pool_proof_dup_summary (job, iss_clock_now (iss_pool_get_clock (self->pool)),
                                             zone);
  g_clear_object (&self->cancellable);
  queue_update (self);
}

/**
 * iss_pool_watch_prove:
 * @self: a watch
 *
 * Has every server prove that it holds the private keys of what it uses, unless a look is
 * under way.
 */
void
iss_pool_watch_prove (IssPoolWatch *self)
{
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) job = NULL;

  g_return_if_fail (ISS_IS_POOL_WATCH (self));

  if (iss_pool_watch_is_busy (self) || iss_pool_get_n_servers (self->pool) == 0)
    return;

  servers = dup_servers (self);
  job = iss_pool_proof_new (servers, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  iss_job_run_async (job, self->cancellable, proved_cb, g_object_ref (self));
  queue_update (self);
}

/**
 * iss_pool_watch_get_proved:
 * @self: a watch
 *
 * Returns: (transfer none) (nullable): what came of the last proof that it asked for, in words
 */
const char *
iss_pool_watch_get_proved (IssPoolWatch *self)
{
  g_return_val_if_fail (ISS_IS_POOL_WATCH (self), NULL);

  return self->proved;
}
