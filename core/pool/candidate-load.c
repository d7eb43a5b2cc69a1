/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/candidate-private.h"

#include "core/base/text.h"
#include "core/pool/job.h"

#define BATCH ISS_OBSERVATION_MAX_ASKED

/* What all servers are asked for. */
typedef struct
{
  char       **types;
  char       **sip_domains;
  GHashTable  *views;        /* IssServer → IssCandidateView, of those that are done */
  GPtrArray   *silent;       /* (element-type IssServer): when it is over */
} Load;

/* One server's part: its rows, then its judgements, for one type after the other, a batch
 * after the other. */
typedef struct
{
  Load       *load;          /* outlives it: belongs to the job */
  IssRowTable *rows;
  GHashTable *findings;
  GPtrArray  *asked;         /* (element-type GBytes) */
  GPtrArray  *batch;         /* (element-type GBytes): what is being judged */
  guint       type;          /* for which of the types */
  guint       next;
} Part;

static void
load_free (gpointer data)
{
  Load *self = data;

  g_strfreev (self->types);
  g_strfreev (self->sip_domains);
  g_hash_table_unref (self->views);
  g_clear_pointer (&self->silent, g_ptr_array_unref);
  g_free (self);
}

static void
part_free (gpointer data)
{
  Part *self = data;

  g_clear_object (&self->rows);
  g_clear_pointer (&self->findings, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  g_clear_pointer (&self->batch, g_ptr_array_unref);
  g_free (self);
}

/* The next certificates to judge; empty when all are. */
static GPtrArray *
dup_batch (Part *self)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (self->next == self->asked->len && self->load->types[self->type + 1] != NULL)
    {
      self->type++;
      self->next = 0;
    }

  while (batch->len < BATCH && self->next < self->asked->len)
    g_ptr_array_add (batch, g_bytes_ref (g_ptr_array_index (self->asked, self->next++)));

  return batch;
}

static gboolean
is_said (GPtrArray        *findings,
         const IssFinding *finding)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *its = g_ptr_array_index (findings, i);

      if (its->severity == finding->severity && g_str_equal (its->text, finding->text))
        return TRUE;
    }

  return FALSE;
}

/* What two types say alike is said once. */
static void
add_findings (Part      *self,
              GBytes    *sha256,
              GPtrArray *findings)
{
  GPtrArray *all = g_hash_table_lookup (self->findings, sha256);

  if (all == NULL)
    {
      all = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
      g_hash_table_insert (self->findings, g_bytes_ref (sha256), all);
    }

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (!is_said (all, finding))
        g_ptr_array_add (all, iss_finding_copy (finding));
    }
}

static void
judged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) judgements = NULL;
  IssServer *server = ISS_SERVER (object);
  Part *part = g_task_get_task_data (task);

  judgements = iss_server_judge_finish (server, result, &error);
  if (judgements == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < MIN (judgements->len, part->batch->len); i++)
    add_findings (part, g_ptr_array_index (part->batch, i), g_ptr_array_index (judgements, i));

  g_clear_pointer (&part->batch, g_ptr_array_unref);
  part->batch = dup_batch (part);
  if (part->batch->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  iss_server_judge_async (server, part->load->types[part->type], part->batch,
                          (const char *const *) part->load->sip_domains,
                          g_task_get_cancellable (task), judged_cb, g_object_ref (task));
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  IssServer *server = ISS_SERVER (object);
  Part *part = g_task_get_task_data (task);

  part->rows = iss_server_list_rows_finish (server, result, &error);
  if (part->rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < iss_row_table_get_n_rows (part->rows); i++)
    {
      IssRow row;

      iss_row_table_get_row (part->rows, i, &row);
      if (row.key_state != ISS_KEY_STATE_NONE)
        g_ptr_array_add (part->asked, g_bytes_new (row.sha256, ISS_SHA256_SIZE));
    }

  part->batch = dup_batch (part);
  if (part->batch->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  iss_server_judge_async (server, part->load->types[part->type], part->batch,
                          (const char *const *) part->load->sip_domains,
                          g_task_get_cancellable (task), judged_cb, g_object_ref (task));
}

static void
load_start (IssServer           *server,
            gpointer             job_data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (server, cancellable, callback, user_data);
  Part *part = g_new0 (Part, 1);

  part->load = job_data;
  part->findings = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                          (GDestroyNotify) g_bytes_unref,
                                          (GDestroyNotify) g_ptr_array_unref);
  part->asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_task_set_task_data (task, part, part_free);

  iss_server_list_rows_async (server, ISS_STORE_MY, cancellable, listed_cb, g_object_ref (task));
}

static char *
load_finish (IssServer     *server,
             gpointer       job_data,
             GAsyncResult  *result,
             GError       **error)
{
  Load *load = job_data;
  Part *part = g_task_get_task_data (G_TASK (result));
  IssCandidateView *view;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  view = g_new0 (IssCandidateView, 1);
  view->name = g_strdup (iss_server_get_name (server));
  view->short_name = iss_server_dup_short_name (server);
  view->rows = g_steal_pointer (&part->rows);
  view->findings = g_steal_pointer (&part->findings);
  g_hash_table_replace (load->views, g_object_ref (server), view);

  return g_strdup ("");
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) views = g_ptr_array_new ();
  IssJob *job = ISS_JOB (object);
  Load *load = iss_job_get_data (job);

  if (!iss_job_run_finish (job, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  load->silent = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssServer *server = iss_job_entry_get_server (iss_job_get_entry (job, i));
      IssCandidateView *view = g_hash_table_lookup (load->views, server);

      if (view != NULL)
        g_ptr_array_add (views, view);
      else
        g_ptr_array_add (load->silent, g_object_ref (server));
    }

  g_task_return_pointer (task, iss_candidate_group (views, (const char *const *) load->types),
                         (GDestroyNotify) g_ptr_array_unref);
}

/**
 * iss_candidate_load_async:
 * @pool: the pool, whose SIP domains certificates are judged by
 * @servers: (element-type IssServer): the servers that shall use a certificate
 * @types: for which certificate types; one certificate for all of them
 * @cancellable: (nullable): a cancellable
 * @callback: called when each server has answered or failed
 * @user_data: data for @callback
 *
 * Lists the Personal store of each server and asks each what it thinks of those
 * that it has a private key for.
 */
void
iss_candidate_load_async (IssPool             *pool,
                          GPtrArray           *servers,
                          const char *const   *types,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(IssJob) job = NULL;
  GError *error = NULL;
  Load *load;

  g_return_if_fail (ISS_IS_POOL (pool));
  g_return_if_fail (servers != NULL);
  g_return_if_fail (types != NULL && types[0] != NULL);

  task = g_task_new (pool, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_candidate_load_async);

  for (guint i = 0; types[i] != NULL; i++)
    {
      if (iss_certificate_type_parse (types[i], &error) == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
    }

  load = g_new0 (Load, 1);
  load->types = g_strdupv ((char **) types);
  load->sip_domains = g_strdupv ((char **) iss_pool_get_sip_domains (pool));
  load->views = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                       (GDestroyNotify) iss_candidate_view_free);
  job = iss_job_new (servers, load_start, load_finish, load, load_free);
  g_task_set_task_data (task, g_object_ref (job), g_object_unref);

  iss_job_run_async (job, cancellable, loaded_cb, g_object_ref (task));
}

/**
 * iss_candidate_load_finish:
 * @result: the result given to the callback
 * @out_silent: (out) (optional) (transfer full) (element-type IssServer): servers
 *   that did not answer and are left out; untouched on failure
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssCandidate): the suitable ones first,
 *   or %NULL with @error set
 */
GPtrArray *
iss_candidate_load_finish (GAsyncResult  *result,
                           GPtrArray    **out_silent,
                           GError       **error)
{
  GPtrArray *candidates;

  g_return_val_if_fail (g_async_result_is_tagged (result, iss_candidate_load_async), NULL);

  candidates = g_task_propagate_pointer (G_TASK (result), error);
  if (candidates != NULL && out_silent != NULL)
    {
      Load *load = iss_job_get_data (g_task_get_task_data (G_TASK (result)));

      *out_silent = g_ptr_array_ref (load->silent);
    }

  return candidates;
}
