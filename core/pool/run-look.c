/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/run-look.h"

#include "core/base/text.h"
#include "core/pool/job.h"
#include "core/pool/server-private.h"

/* What is asked of every server. Shared, because a call that was cancelled may come back when
 * nobody waits for it any more. */
typedef struct
{
  IssPool   *pool;      /* owned */
  char      *type;
  GPtrArray *looks;     /* (element-type IssRunLook) */
} Asking;

static void
asking_clear (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->pool);
  g_free (asking->type);
  g_ptr_array_unref (asking->looks);
}

static void
asking_unref (gpointer asking)
{
  g_rc_box_release_full (asking, asking_clear);
}

static IssRunLook *
find_look (Asking    *asking,
           IssServer *server)
{
  for (guint i = 0; i < asking->looks->len; i++)
    {
      IssRunLook *look = asking->looks->pdata[i];

      if (look->server == server)
        return look;
    }

  return NULL;
}

/* (nullable): what is judged: what is staged, or else what is current. */
static GPtrArray *
dup_judged (IssServer  *server,
            const char *type)
{
  IssObservation *seen = iss_server_get_observation (server);
  const IssObservedType *its = seen != NULL ? iss_observation_find_type (seen, type) : NULL;
  const IssObservedSlot *slot;
  GPtrArray *judged;

  if (its == NULL)
    return NULL;

  slot = &its->slots[its->slots[ISS_SLOT_STAGED].is_set ? ISS_SLOT_STAGED : ISS_SLOT_CURRENT];
  if (!slot->is_set)
    return NULL;

  judged = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (judged, g_bytes_new (slot->sha256, ISS_SHA256_SIZE));

  return judged;
}

/* One server is asked one thing after the other. What it does not answer is left out: the
 * checks of the sheet say that it is not known. */
static void
logged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssRunLook *look = g_task_get_task_data (task);
  g_autoptr(IssAgentLogPage) page = iss_server_call_finish (ISS_SERVER (object), result, NULL);

  if (page != NULL)
    look->entries = g_steal_pointer (&page->entries);

  g_task_return_boolean (task, TRUE);
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssRunLook *look = g_task_get_task_data (task);
  const IssAgentLogQuery query = { .limit = ISS_RUN_LOOK_N_ENTRIES };
  g_autoptr(IssAgentCall) call = iss_agent_log_new_get (&query);

  look->audit = iss_server_call_finish (ISS_SERVER (object), result, NULL);
  iss_server_call_async (ISS_SERVER (object), call, g_task_get_cancellable (task), logged_cb,
                         g_object_ref (task));
}

static void
ask_log (IssServer *server,
         GTask     *task)
{
  g_autoptr(IssAgentCall) call = iss_agent_log_new_verify ();

  iss_server_call_async (server, call, g_task_get_cancellable (task), verified_cb,
                         g_object_ref (task));
}

static void
judged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssRunLook *look = g_task_get_task_data (task);
  g_autoptr(GPtrArray) findings = iss_server_judge_finish (ISS_SERVER (object), result, NULL);

  if (findings != NULL && findings->len == 1)
    look->findings = g_ptr_array_ref (findings->pdata[0]);

  ask_log (ISS_SERVER (object), task);
}

static void
tasks_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssServer *server = ISS_SERVER (object);
  IssRunLook *look = g_task_get_task_data (task);
  Asking *asking = g_object_get_data (G_OBJECT (task), "asking");
  g_autoptr(GPtrArray) judged = dup_judged (server, asking->type);

  look->tasks = iss_server_call_finish (server, result, NULL);
  if (judged == NULL)
    ask_log (server, task);
  else
    iss_server_judge_async (server, asking->type, judged, iss_pool_get_sip_domains (asking->pool),
                            g_task_get_cancellable (task), judged_cb, g_object_ref (task));
}

static void
proved_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssServer *server = ISS_SERVER (object);
  IssRunLook *look = g_task_get_task_data (task);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GError) error = NULL;

  look->at = iss_clock_now (iss_server_get_clock (server));
  look->proofs = iss_server_prove_finish (server, result, &error);
  if (look->proofs == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  call = iss_agent_tasks_new_call ();
  iss_server_call_async (server, call, g_task_get_cancellable (task), tasks_cb,
                         g_object_ref (task));
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Asking *asking = job_data;
  GTask *task = g_task_new (server, cancellable, callback, user_data);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, find_look (asking, server), NULL);
  g_object_set_data_full (G_OBJECT (task), "asking", g_rc_box_acquire (asking), asking_unref);
  iss_server_prove_async (server, asking->type, NULL, cancellable, proved_cb, task);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? g_strdup ("") : NULL;
}

static void
ran_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssJob *job = ISS_JOB (object);
  Asking *asking = iss_job_get_data (job);
  g_autoptr(GError) error = NULL;

  if (iss_job_run_finish (job, result, &error))
    g_task_return_pointer (task, g_ptr_array_ref (asking->looks),
                           (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_run_look_free:
 * @self: (transfer full): what a server was asked
 */
void
iss_run_look_free (IssRunLook *self)
{
  g_object_unref (self->server);
  g_clear_pointer (&self->proofs, g_ptr_array_unref);
  g_clear_pointer (&self->tasks, iss_agent_tasks_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->audit, g_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

/**
 * iss_run_look_async:
 * @pool: a pool
 * @type: the name of a certificate type
 * @cancellable: (nullable): a cancellable
 * @callback: called when every server was asked
 * @user_data: data for @callback
 *
 * Looks at every server of @pool, has it prove that it holds the private keys of what @type uses
 * there, and asks what it will do, whether what comes next suits its use, and for its log.
 */
void
iss_run_look_async (IssPool             *pool,
                    const char          *type,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IssJob) job = NULL;
  Asking *asking;
  GTask *task;

  g_return_if_fail (ISS_IS_POOL (pool));
  g_return_if_fail (type != NULL);

  asking = g_rc_box_new0 (Asking);
  asking->pool = g_object_ref (pool);
  asking->type = g_strdup (type);
  asking->looks = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_run_look_free);
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssRunLook *look = g_new0 (IssRunLook, 1);

      look->server = g_object_ref (iss_pool_get_server (pool, i));
      g_ptr_array_add (asking->looks, look);
      g_ptr_array_add (servers, g_object_ref (look->server));
    }

  task = g_task_new (pool, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_run_look_async);
  job = iss_job_new (servers, start, finish, asking, asking_unref);
  iss_job_run_async (job, cancellable, ran_cb, task);
}

/**
 * iss_run_look_finish:
 * @pool: the pool
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssRunLook): what each server said, those that do not
 *   answer among them
 */
GPtrArray *
iss_run_look_finish (IssPool       *pool,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, pool), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
