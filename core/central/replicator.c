/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replicator.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-replica.h"
#include "core/base/error.h"
#include "core/central/central-status.h"
#include "core/central/global-gate.h"
#include "core/central/replica-cargo.h"
#include "core/pool/job.h"

/* Seconds between two heartbeats of one pass. */
#define SHORTEST_BEAT 30

/* Seconds by which what a server says of its clock may differ from what was measured: it says
 * whole seconds, and the answer was on its way. */
#define MOST_IMPRECISE 2

struct _IssReplicator
{
  GObject          parent_instance;

  /* Owned */
  IssCentralStore *store;
  IssPool         *pool;

  gboolean         closes;
  gboolean         is_resident;
};

G_DEFINE_FINAL_TYPE (IssReplicator, iss_replicator, G_TYPE_OBJECT)

/* One pass over some servers. */
typedef struct
{
  /* Owned */
  IssCentralStore *store;
  char            *pool;
  char            *who;
  GPtrArray       *servers;      /* IssServer */
  char           **names;        /* of @servers */
  GPtrArray       *reports;      /* IssReplicaReport, of @servers in their order */
  GHashTable      *by_name;      /* borrows both server and report from the array */
  IssReplicaCargo *cargo;
  IssJob          *job;
  IssClock        *clock;

  gboolean         is_whole;     /* every server of the pool is in it */
  IssReplicatorFlags flags;
  gboolean         closes;
  gboolean         is_resident;
  gboolean         arms;         /* the second time round */
  gint64           now;
  gint64           beaten;       /* when it was last noted that somebody replicates */
  gint64           ended;        /* when all were visited */
} Pass;

/* That somebody replicates, while a pass goes on. */
typedef struct
{
  /* Owned */
  IssCentralStore *store;
  char            *pool;
  char            *who;

  gint64           now;
} Beat;

/* One server of a pass. */
typedef struct
{
  IssReplicaState     *state;    /* owned, (nullable) */
  GPtrArray           *calls;    /* owned, (nullable) until it has said how it is */
  GError              *refusal;  /* owned, (nullable): the first */
  gdouble              clock_offset;
  guint                next;
  GAsyncReadyCallback  answered;
} Visit;

static void
pass_free (gpointer data)
{
  Pass *self = data;

  g_object_unref (self->store);
  g_free (self->pool);
  g_free (self->who);
  g_ptr_array_unref (self->servers);
  g_strfreev (self->names);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->reports);
  g_clear_pointer (&self->cargo, iss_replica_cargo_free);
  g_clear_object (&self->job);
  iss_clock_unref (self->clock);
  g_free (self);
}

static void
beat_free (gpointer data)
{
  Beat *self = data;

  g_object_unref (self->store);
  g_free (self->pool);
  g_free (self->who);
  g_free (self);
}

static void
visit_free (gpointer data)
{
  Visit *self = data;

  g_clear_object (&self->state);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_clear_error (&self->refusal);
  g_free (self);
}

static void
iss_replicator_finalize (GObject *object)
{
  IssReplicator *self = ISS_REPLICATOR (object);

  g_clear_object (&self->store);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (iss_replicator_parent_class)->finalize (object);
}

static void
iss_replicator_class_init (IssReplicatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_replicator_finalize;
}

static void
iss_replicator_init (IssReplicator *self)
{
}

static void
call_next (GTask *task)
{
  IssServer *server = g_task_get_source_object (task);
  Visit *visit = g_task_get_task_data (task);
  g_autoptr(IssAgentCall) first = NULL;

  if (visit->calls == NULL)
    {
      first = iss_agent_replica_new_get_call ();
      iss_server_call_async (server, first, g_task_get_cancellable (task), visit->answered,
                             g_object_ref (task));
      return;
    }

  if (visit->next < visit->calls->len)
    iss_server_call_async (server, visit->calls->pdata[visit->next++],
                           g_task_get_cancellable (task), visit->answered, g_object_ref (task));
  else if (visit->refusal != NULL)
    g_task_return_error (task, g_error_copy (visit->refusal));
  else
    g_task_return_boolean (task, TRUE);
}

/* What was measured may be as old as the connection: a clock that was set since says so. */
static gdouble
get_clock_offset (IssServer       *server,
                  IssReplicaState *state,
                  gint64           now)
{
  const gdouble measured = iss_server_get_clock_offset (server);
  const gint64 its_time = iss_replica_state_get_time (state);
  const gdouble said = (gdouble) (its_time - now);

  return its_time == 0 || ABS (said - measured) <= MOST_IMPRECISE ? measured : said;
}

/* Of several things that are to be done there, one that is refused does not stop the others. */
static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  IssServer *server = ISS_SERVER (object);
  g_autoptr(GTask) task = user_data;
  Visit *visit = g_task_get_task_data (task);
  Pass *pass = g_object_get_data (G_OBJECT (task), "pass");
  g_autoptr(GError) error = NULL;
  IssReplicaState *state = iss_server_call_finish (server, result, &error);

  if (state == NULL && (visit->calls == NULL || !iss_server_is_answering (server)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (state == NULL && visit->refusal == NULL)
    visit->refusal = g_steal_pointer (&error);

  if (state != NULL)
    {
      g_clear_object (&visit->state);
      visit->state = state;
    }
  if (visit->calls == NULL)
    {
      visit->clock_offset = get_clock_offset (server, visit->state, iss_clock_now (pass->clock));
      visit->calls = iss_replica_cargo_list_calls (pass->cargo, iss_server_get_name (server),
                                                   visit->state,
                                                   (pass->flags & ISS_REPLICATOR_FORCE) != 0 &&
                                                   !pass->arms);
    }
  call_next (task);
}

static void
visit_start (IssServer           *server,
             gpointer             job_data,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (server, cancellable, callback, user_data);
  Visit *visit = g_new0 (Visit, 1);

  visit->answered = answered_cb;
  g_task_set_task_data (task, visit, visit_free);
  g_object_set_data (G_OBJECT (task), "pass", job_data);
  call_next (task);
}

static void
beat_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Beat *beat = task_data;

  /* What is in the way is said when the pass is over. */
  iss_central_status_beat (beat->store, beat->pool, beat->who, TRUE, beat->now, NULL);
  g_task_return_boolean (task, TRUE);
}

/* A pass over many servers, or slow ones, may take longer than somebody who has ended is waited
 * for. */
static void
beat_again (Pass *pass)
{
  const gint64 now = iss_clock_now (pass->clock);
  g_autoptr(GTask) work = NULL;
  Beat *beat;

  if (!pass->is_resident || now - pass->beaten < SHORTEST_BEAT)
    return;

  pass->beaten = now;
  beat = g_new0 (Beat, 1);
  beat->store = g_object_ref (pass->store);
  beat->pool = g_strdup (pass->pool);
  beat->who = g_strdup (pass->who);
  beat->now = now;
  work = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (work, beat, beat_free);
  g_task_run_in_thread (work, beat_worker);
}

static char *
visit_finish (IssServer     *server,
              gpointer       job_data,
              GAsyncResult  *result,
              GError       **error)
{
  Pass *pass = job_data;
  Visit *visit = g_task_get_task_data (G_TASK (result));
  IssReplicaReport *report = g_hash_table_lookup (pass->by_name, iss_server_get_name (server));
  g_autoptr(GError) local_error = NULL;

  g_task_propagate_boolean (G_TASK (result), &local_error);
  beat_again (pass);
  report->tried = pass->now;
  g_clear_pointer (&report->error, g_free);
  if (visit->state != NULL)
    {
      report->seen = pass->now;
      g_set_object (&report->state, visit->state);
      report->clock_offset = visit->clock_offset;
      g_free (report->version);
      report->version = g_strdup (iss_server_get_agent_version (server));
    }

  /* A process and a connection for each of a thousand servers would be looked after in vain. */
  if (pass->closes)
    iss_server_disconnect (server);

  if (local_error == NULL)
    {
      report->failures = 0;
      return g_strdup (_("reached"));
    }

  report->error = g_strdup (local_error->message);
  report->failures++;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/* What was known of a server before; a damaged report is as good as none. */
static void
load_reports (Pass *pass)
{
  for (guint i = 0; pass->names[i] != NULL; i++)
    {
      IssReplicaReport *report = iss_central_store_get_report (pass->store, pass->pool,
                                                               pass->names[i], NULL);

      if (report == NULL)
        report = iss_replica_report_new (pass->names[i]);
      g_ptr_array_add (pass->reports, report);
      g_hash_table_insert (pass->by_name, report->server, report);
    }
}

static void
load_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Pass *pass = task_data;
  g_autoptr(GError) error = NULL;

  pass->cargo = iss_replica_cargo_load (pass->store, pass->pool, pass->names, &error);
  if (pass->cargo == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  load_reports (pass);

  if (pass->is_resident && !iss_central_status_beat (pass->store, pass->pool, pass->who, TRUE,
                                                     pass->now, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Decided once for all, by compare and swap: whoever decides something else meanwhile wins. */
static gboolean
let_out (Pass      *pass,
         guint      index,
         GError   **error)
{
  IssWanted *wanted = g_ptr_array_index (pass->cargo->wanted, index);
  const IssManifest *manifest = iss_wanted_get_manifest (wanted);
  g_autoptr(IssWanted) present = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 seen;

  present = iss_central_store_get_wanted (pass->store, pass->pool, manifest->type, &seen, error);
  if (present == NULL)
    return FALSE;

  if (!g_bytes_equal (iss_package_get_bytes (present->copy),
                      iss_package_get_bytes (wanted->copy)))
    return TRUE;

  present->armed_at = pass->now;
  if (!iss_central_store_put_wanted (pass->store, present, seen, &local_error))
    {
      if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_CHANGED))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  wanted->armed_at = pass->now;
  pass->arms = TRUE;

  return TRUE;
}

static void
settle_worker (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Pass *pass = task_data;
  const gboolean was_arming = pass->arms;
  g_autoptr(GError) error = NULL;

  pass->arms = FALSE;
  for (guint i = 0; i < pass->cargo->wanted->len && !was_arming; i++)
    if (pass->is_whole &&
        iss_global_gate_is_open (pass->cargo->wanted->pdata[i], pass->reports,
                                 (pass->flags & ISS_REPLICATOR_ANY_CLOCK) != 0) &&
        !let_out (pass, i, &error))
      {
        g_task_return_error (task, g_steal_pointer (&error));
        return;
      }

  for (guint i = 0; i < pass->reports->len; i++)
    if (!iss_central_store_put_report (pass->store, pass->pool, pass->reports->pdata[i], &error))
      {
        g_task_return_error (task, g_steal_pointer (&error));
        return;
      }

  if (iss_central_status_beat (pass->store, pass->pool, pass->who, pass->is_resident, pass->ended,
                               &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
visited_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Pass *pass = g_task_get_task_data (task);
  g_autoptr(GTask) work = NULL;
  g_autoptr(GError) error = NULL;

  pass->ended = iss_clock_now (pass->clock);
  if (!iss_job_run_finish (ISS_JOB (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  work = g_task_new (NULL, NULL, g_task_get_source_tag (task), g_object_ref (task));
  g_task_set_task_data (work, pass, NULL);
  g_task_run_in_thread (work, settle_worker);
}

static void
visit_all (GTask *task)
{
  Pass *pass = g_task_get_task_data (task);

  g_clear_object (&pass->job);
  pass->job = iss_job_new (pass->servers, visit_start, visit_finish, pass, NULL);
  iss_job_run_async (pass->job, g_task_get_cancellable (task), visited_cb, g_object_ref (task));
}

/* What was let out goes to every server at once, in a second round. */
static void
settled_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Pass *pass = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (pass->arms)
    visit_all (task);
  else
    g_task_return_pointer (task, g_ptr_array_ref (pass->reports),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    visit_all (task);
}

/**
 * iss_replicator_new:
 * @store: the central store
 * @pool: the pool whose servers it serves
 *
 * Returns: (transfer full): a replicator
 */
IssReplicator *
iss_replicator_new (IssCentralStore *store,
                    IssPool         *pool)
{
  IssReplicator *self;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_REPLICATOR, NULL);
  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);

  return self;
}

/**
 * iss_replicator_set_closes:
 * @self: a replicator
 * @closes: whether it closes the connection to each server when it has visited it
 *
 * For a program that does nothing else with them meanwhile: a console goes on using its pool's.
 */
void
iss_replicator_set_closes (IssReplicator *self,
                           gboolean       closes)
{
  g_return_if_fail (ISS_IS_REPLICATOR (self));

  self->closes = closes;
}

/**
 * iss_replicator_set_resident:
 * @self: a replicator
 * @is_resident: whether it makes one pass after another, as an #IssReplicationService does
 *
 * Only then it is said that it replicates; a single pass is said to have been made.
 */
void
iss_replicator_set_resident (IssReplicator *self,
                             gboolean       is_resident)
{
  g_return_if_fail (ISS_IS_REPLICATOR (self));

  self->is_resident = is_resident;
}

static GPtrArray *
dup_all_servers (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

/**
 * iss_replicator_run_async:
 * @self: a replicator
 * @servers: (nullable) (element-type IssServer): which; %NULL: all of the pool
 * @flags: what it does that it would not do by itself
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * One pass: asks every server how far it is, delivers what it lacks, at most
 * %ISS_POOL_MAX_OPENING servers at once; lets out what arms a roll when every server of the pool
 * is ready and no clock is far off; notes what became of it in the central store.
 */
void
iss_replicator_run_async (IssReplicator        *self,
                          GPtrArray            *servers,
                          IssReplicatorFlags    flags,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) work = NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  Pass *pass;

  g_return_if_fail (ISS_IS_REPLICATOR (self));

  pass = g_new0 (Pass, 1);
  pass->store = g_object_ref (self->store);
  pass->pool = g_strdup (iss_pool_get_name (self->pool));
  pass->servers = servers != NULL ? g_ptr_array_ref (servers) : dup_all_servers (self->pool);
  pass->is_whole = pass->servers->len == iss_pool_get_n_servers (self->pool);
  pass->flags = flags;
  pass->closes = self->closes;
  pass->is_resident = self->is_resident;
  pass->who = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());
  pass->clock = iss_clock_ref (iss_pool_get_clock (self->pool));
  pass->now = iss_clock_now (pass->clock);
  pass->beaten = pass->now;
  pass->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);
  pass->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < pass->servers->len; i++)
    g_strv_builder_add (names, iss_server_get_name (pass->servers->pdata[i]));
  pass->names = g_strv_builder_end (names);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, settled_cb);
  g_task_set_task_data (task, pass, pass_free);
  work = g_task_new (NULL, cancellable, loaded_cb, g_object_ref (task));
  g_task_set_task_data (work, pass, NULL);
  g_task_run_in_thread (work, load_worker);
}

/**
 * iss_replicator_run_finish:
 * @self: a replicator
 * @result: the result given to the callback
 * @error: return location for an error: the central store cannot be read or written
 *
 * That a server could not be reached is no error: its report says so.
 *
 * Returns: (transfer full) (element-type IssReplicaReport): how far each server is
 */
GPtrArray *
iss_replicator_run_finish (IssReplicator  *self,
                           GAsyncResult   *result,
                           GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
