/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replication-table.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/central/central-load.h"

/**
 * IssReplicationTable:
 *
 * The central store's view of a pool at one moment.
 */
struct _IssReplicationTable
{
  GObject    parent_instance;

  /* Owned */
  char      *pool;
  GPtrArray *reports;      /* IssReplicaReport, in the order of the servers */
  GPtrArray *enrolments;   /* (nullable) IssEnrolment, likewise */
  GPtrArray *wanted;       /* IssWanted */
};

static const char *const labels[ISS_N_REPLICATION_STATES] =
{
  [ISS_REPLICATION_UP_TO_DATE]   = N_("up to date"),
  [ISS_REPLICATION_OLDER]        = N_("has an older package"),
  [ISS_REPLICATION_NOT_DEPLOYED] = N_("not deployed"),
  [ISS_REPLICATION_LOCAL]        = N_("changed on the server"),
  [ISS_REPLICATION_NOTHING]      = N_("has no package yet"),
  [ISS_REPLICATION_UNSERVED]     = N_("gets no package"),
};

/**
 * iss_replication_state_get_label:
 * @self: how far a server is
 *
 * Returns: (transfer none): the same in words, translated
 */
const char *
iss_replication_state_get_label (IssReplicationState self)
{
  g_return_val_if_fail ((guint) self < ISS_N_REPLICATION_STATES, NULL);

  return _(labels[self]);
}

G_DEFINE_FINAL_TYPE (IssReplicationTable, iss_replication_table, G_TYPE_OBJECT)

static void
iss_replication_table_finalize (GObject *object)
{
  IssReplicationTable *self = ISS_REPLICATION_TABLE (object);

  g_free (self->pool);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_clear_pointer (&self->enrolments, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_replication_table_parent_class)->finalize (object);
}

static void
iss_replication_table_class_init (IssReplicationTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_replication_table_finalize;
}

static void
enrolment_free (gpointer enrolment)
{
  if (enrolment != NULL)
    iss_enrolment_free (enrolment);
}

static void
iss_replication_table_init (IssReplicationTable *self)
{
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);
  self->enrolments = g_ptr_array_new_with_free_func (enrolment_free);
}

/* Before the first server is enrolled there are no administrators, and nothing is wanted: only
 * that is told apart from a store that cannot be read. */
static GPtrArray *
list_wanted (IssCentralStore  *store,
             const char       *pool,
             GError          **error)
{
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) local_error = NULL;

  administrators = iss_central_store_get_administrators (store, pool, NULL, &local_error);
  if (administrators != NULL)
    return iss_central_store_list_wanted (store, pool, error);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return g_ptr_array_new ();

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/**
 * iss_replication_table_load:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: the names of its servers, in the order they are to have
 * @error: return location for an error
 *
 * A server's report or enrolment that is damaged is as good as none: the next pass writes the
 * one, enrolling it again the other.
 *
 * Returns: (transfer full): what is wanted there, and how far each server is; %NULL: what is
 *   wanted cannot be read
 */
IssReplicationTable *
iss_replication_table_load (IssCentralStore    *store,
                            const char         *pool,
                            const char *const  *servers,
                            GError            **error)
{
  g_autoptr(IssReplicationTable) self = NULL;
  g_autoptr(GPtrArray) wanted = NULL;

  g_return_val_if_fail (store == NULL || ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (pool != NULL && servers != NULL, NULL);

  wanted = store != NULL ? list_wanted (store, pool, error) : g_ptr_array_new ();
  if (wanted == NULL)
    return NULL;

  self = g_object_new (ISS_TYPE_REPLICATION_TABLE, NULL);
  self->pool = g_strdup (pool);
  self->wanted = g_steal_pointer (&wanted);
  for (guint i = 0; servers[i] != NULL; i++)
    {
      IssReplicaReport *report = NULL;
      IssEnrolment *enrolment = NULL;

      if (store != NULL)
        {
          report = iss_central_store_get_report (store, pool, servers[i], NULL);
          enrolment = iss_central_store_get_enrolment (store, pool, servers[i], NULL);
        }

      g_ptr_array_add (self->reports, report != NULL ? report
                                                     : iss_replica_report_new (servers[i]));
      g_ptr_array_add (self->enrolments, enrolment);
    }

  return g_steal_pointer (&self);
}

static gpointer
load (IssCentralStore    *store,
      const char         *pool,
      const char *const  *servers,
      GError            **error)
{
  return iss_replication_table_load (store, pool, servers, error);
}

/**
 * iss_replication_table_load_async:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: the names of its servers
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is read
 * @user_data: data for @callback
 *
 * The same in a thread.
 */
void
iss_replication_table_load_async (IssCentralStore     *store,
                                  const char          *pool,
                                  const char *const   *servers,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  iss_central_load_async (store, pool, servers, load, g_object_unref, cancellable, callback,
                          user_data);
}

/**
 * iss_replication_table_load_finish:
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full): as iss_replication_table_load()
 */
IssReplicationTable *
iss_replication_table_load_finish (GAsyncResult  *result,
                                   GError       **error)
{
  return iss_central_load_finish (result, error);
}

/**
 * iss_replication_table_get_pool:
 * @self: a table
 *
 * Returns: (transfer none): the pool's name
 */
const char *
iss_replication_table_get_pool (IssReplicationTable *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), NULL);

  return self->pool;
}

/**
 * iss_replication_table_get_n_servers:
 * @self: a table
 *
 * Returns: how many servers it has
 */
guint
iss_replication_table_get_n_servers (IssReplicationTable *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), 0);

  return self->reports->len;
}

/**
 * iss_replication_table_get_report:
 * @self: a table
 * @server: which of its servers
 *
 * Returns: (transfer none): what that server said last, and what became of the last try
 */
const IssReplicaReport *
iss_replication_table_get_report (IssReplicationTable *self,
                                  guint                server)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), NULL);
  g_return_val_if_fail (server < self->reports->len, NULL);

  return self->reports->pdata[server];
}

/**
 * iss_replication_table_get_enrolment:
 * @self: a table
 * @server: which of its servers
 *
 * Returns: (transfer none) (nullable): how it was enrolled; %NULL if it is not
 */
const IssEnrolment *
iss_replication_table_get_enrolment (IssReplicationTable *self,
                                     guint                server)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), NULL);
  g_return_val_if_fail (server < self->enrolments->len, NULL);

  return self->enrolments->pdata[server];
}

/**
 * iss_replication_table_get_n_wanted:
 * @self: a table
 *
 * Returns: how many types are assigned globally
 */
guint
iss_replication_table_get_n_wanted (IssReplicationTable *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), 0);

  return self->wanted->len;
}

/**
 * iss_replication_table_get_wanted:
 * @self: a table
 * @wanted: which of its types
 *
 * Returns: (transfer none): what every server is to use for it
 */
const IssWanted *
iss_replication_table_get_wanted (IssReplicationTable *self,
                                  guint                wanted)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), NULL);
  g_return_val_if_fail (wanted < self->wanted->len, NULL);

  return self->wanted->pdata[wanted];
}

/**
 * iss_replication_table_find_type:
 * @self: a table
 * @server: which of its servers
 * @wanted: which of its types
 *
 * Returns: (transfer none) (nullable): what the server said of the type
 */
const IssReplicaType *
iss_replication_table_find_type (IssReplicationTable *self,
                                 guint                server,
                                 guint                wanted)
{
  const IssReplicaReport *report = iss_replication_table_get_report (self, server);
  const IssWanted *one = iss_replication_table_get_wanted (self, wanted);

  return report->state == NULL ? NULL
    : iss_replica_state_find_type (report->state, iss_wanted_get_manifest (one)->type);
}

/**
 * iss_replication_table_get_state:
 * @self: a table
 * @server: which of its servers
 * @wanted: which of its types
 *
 * Returns: how far the server was with the type when it last answered
 */
IssReplicationState
iss_replication_table_get_state (IssReplicationTable *self,
                                 guint                server,
                                 guint                wanted)
{
  const IssReplicaReport *report = iss_replication_table_get_report (self, server);
  const IssWanted *one = iss_replication_table_get_wanted (self, wanted);
  const IssReplicaType *type = iss_replication_table_find_type (self, server, wanted);

  if (iss_wanted_find_server (one, report->server) == NULL)
    return ISS_REPLICATION_UNSERVED;
  if (type == NULL)
    return ISS_REPLICATION_NOTHING;
  if (type->local)
    return ISS_REPLICATION_LOCAL;
  if (!type->deployed)
    return ISS_REPLICATION_NOT_DEPLOYED;
  if (!iss_replica_report_is_up_to_date (report, one))
    return ISS_REPLICATION_OLDER;

  return ISS_REPLICATION_UP_TO_DATE;
}

/**
 * iss_replication_table_is_up_to_date:
 * @self: a table
 * @server: which of its servers
 *
 * Returns: whether it answered when it was last asked, and has deployed all that is wanted
 */
gboolean
iss_replication_table_is_up_to_date (IssReplicationTable *self,
                                     guint                server)
{
  if (iss_replication_table_get_report (self, server)->error != NULL)
    return FALSE;

  for (guint i = 0; i < self->wanted->len; i++)
    if (!iss_replica_report_is_up_to_date (self->reports->pdata[server], self->wanted->pdata[i]))
      return FALSE;

  return TRUE;
}

/**
 * iss_replication_table_get_n_up_to_date:
 * @self: a table
 *
 * Returns: how many servers are up to date
 */
guint
iss_replication_table_get_n_up_to_date (IssReplicationTable *self)
{
  guint n = 0;

  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), 0);

  for (guint i = 0; i < self->reports->len; i++)
    n += iss_replication_table_is_up_to_date (self, i) ? 1 : 0;

  return n;
}

/**
 * iss_replication_table_get_decided:
 * @self: a table
 *
 * Returns: when something was last assigned globally, by the clock of who did; 0 = never
 */
gint64
iss_replication_table_get_decided (IssReplicationTable *self)
{
  gint64 decided = 0;

  g_return_val_if_fail (ISS_IS_REPLICATION_TABLE (self), 0);

  for (guint i = 0; i < self->wanted->len; i++)
    {
      const IssWanted *wanted = g_ptr_array_index (self->wanted, i);

      decided = MAX (decided, iss_package_get_signed_at (wanted->copy));
    }

  return decided;
}
