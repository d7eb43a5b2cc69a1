/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-trash.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-delete.h"

/* Of any of the jobs. */
typedef struct
{
  IssAgentCall *call;      /* (nullable): the same for every server */
  GHashTable   *calls;     /* (nullable): server -> IssAgentCall */
  GHashTable   *values;    /* server -> what came, owned */
  guint         n;         /* delete: certificates */
  gboolean      what_if;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_pointer (&work->call, iss_agent_call_unref);
  g_clear_pointer (&work->calls, g_hash_table_unref);
  g_hash_table_unref (work->values);
  g_free (work);
}

static Work *
work_new (GDestroyNotify value_free)
{
  Work *work = g_new0 (Work, 1);

  work->values = g_hash_table_new_full (NULL, NULL, g_object_unref, value_free);
  return work;
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Work *work = job_data;
  IssAgentCall *call = work->calls != NULL ? g_hash_table_lookup (work->calls, server)
                                           : work->call;

  iss_server_call_async (server, call, cancellable, callback, user_data);
}

static gpointer
finish (IssServer     *server,
        Work          *work,
        GAsyncResult  *result,
        GError       **error)
{
  gpointer value = iss_server_call_finish (server, result, error);

  if (value != NULL)
    g_hash_table_replace (work->values, g_object_ref (server), value);

  return value;
}

static char *
finish_delete (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Work *work = job_data;

  if (finish (server, work, result, error) == NULL)
    return NULL;

  if (work->what_if)
    return g_strdup_printf (ngettext ("would delete %u certificate; it could be restored for "
                                      "%d days",
                                      "would delete %u certificates; they could be restored for "
                                      "%d days", work->n),
                            work->n, ISS_TRASH_SECONDS / (24 * 60 * 60));

  return g_strdup_printf (ngettext ("deleted %u certificate; it can be restored for %d days",
                                    "deleted %u certificates; they can be restored for %d days",
                                    work->n),
                          work->n, ISS_TRASH_SECONDS / (24 * 60 * 60));
}

/**
 * iss_pool_trash_delete_new:
 * @servers: (element-type IssServer): where
 * @store: from which store
 * @certificates: (element-type GBytes): SHA-256 of certificates
 * @force: pass warnings
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a job that moves the certificates into the trash; on each
 *   server all or none
 */
IssJob *
iss_pool_trash_delete_new (GPtrArray    *servers,
                           IssStoreName  store,
                           GPtrArray    *certificates,
                           gboolean      force,
                           gboolean      what_if)
{
  Work *work;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (certificates != NULL, NULL);

  work = work_new ((GDestroyNotify) g_strfreev);
  work->call = iss_agent_delete_call (store, certificates, force, what_if);
  work->n = certificates->len;
  work->what_if = what_if;

  return iss_job_new (servers, start, finish_delete, work, work_free);
}

/**
 * iss_pool_trash_get_deleted:
 * @job: a job of iss_pool_trash_delete_new()
 * @server: one of its servers
 *
 * Returns: (transfer none) (nullable): names of the trash entries, for a restore
 */
const char *const *
iss_pool_trash_get_deleted (IssJob    *job,
                            IssServer *server)
{
  Work *work;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  work = iss_job_get_data (job);
  return g_hash_table_lookup (work->values, server);
}

static char *
finish_list (IssServer     *server,
             gpointer       job_data,
             GAsyncResult  *result,
             GError       **error)
{
  const IssAgentTrash *trash = finish (server, job_data, result, error);

  if (trash == NULL)
    return NULL;

  return g_strdup_printf (ngettext ("%u certificate in the trash", "%u certificates in the trash",
                                    trash->n_all), trash->n_all);
}

/**
 * iss_pool_trash_list_new:
 * @servers: (element-type IssServer): where
 *
 * Returns: (transfer full): a job that looks into the trash
 */
IssJob *
iss_pool_trash_list_new (GPtrArray *servers)
{
  Work *work;

  g_return_val_if_fail (servers != NULL, NULL);

  work = work_new ((GDestroyNotify) iss_agent_trash_free);
  work->call = iss_agent_trash_call_list ();

  return iss_job_new (servers, start, finish_list, work, work_free);
}

/**
 * iss_pool_trash_get_listed:
 * @job: a job of iss_pool_trash_list_new()
 * @server: one of its servers
 *
 * Returns: (transfer none) (nullable): what is in the trash there, once it has answered
 */
IssAgentTrash *
iss_pool_trash_get_listed (IssJob    *job,
                           IssServer *server)
{
  Work *work;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  work = iss_job_get_data (job);
  return g_hash_table_lookup (work->values, server);
}

static char *
finish_restore (IssServer     *server,
                gpointer       job_data,
                GAsyncResult  *result,
                GError       **error)
{
  Work *work = job_data;
  const GPtrArray *restored = finish (server, work, result, error);
  const IssTrashEntry *first;

  if (restored == NULL)
    return NULL;

  if (restored->len == 0)
    return g_strdup (_("is in its store already"));

  first = restored->pdata[0];
  if (work->what_if)
    return g_strdup_printf (ngettext ("would restore %u certificate to %s",
                                      "would restore %u certificates to %s", restored->len),
                            restored->len, iss_store_name_get_label (first->store));

  return g_strdup_printf (ngettext ("restored %u certificate to %s",
                                    "restored %u certificates to %s", restored->len),
                          restored->len, iss_store_name_get_label (first->store));
}

/**
 * iss_pool_trash_restore_new:
 * @entries: (element-type IssServer GStrv): on which servers, which entries
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a job that restores; on each server all or none
 */
IssJob *
iss_pool_trash_restore_new (GHashTable *entries,
                            gboolean    what_if)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer server;
  gpointer ids;
  Work *work;

  g_return_val_if_fail (entries != NULL, NULL);

  work = work_new ((GDestroyNotify) g_ptr_array_unref);
  work->what_if = what_if;
  work->calls = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) iss_agent_call_unref);

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &server, &ids))
    {
      g_ptr_array_add (servers, server);
      g_hash_table_insert (work->calls, server, iss_agent_trash_call_restore (ids, what_if));
    }

  return iss_job_new (servers, start, finish_restore, work, work_free);
}
