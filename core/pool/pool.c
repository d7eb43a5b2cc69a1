/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool.h"

#include "core/pool/asked.h"
#include "core/pool/job.h"

/**
 * IssPool:
 *
 * A named set of servers that must act as one.
 *
 * It holds what its servers show and what is agreed, and judges nothing: that
 * is done by snapshots such as #IssPresence, made of it at one instant.
 */
struct _IssPool
{
  GObject      parent_instance;

  char        *name;
  char       **sip_domains;
  IssClock    *clock;
  GPtrArray   *servers;    /* (element-type IssServer) */
  GHashTable  *agreed;     /* type name -> IssAgreed */

  guint        n_looks;    /* under way */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
iss_pool_get_item_type (GListModel *model)
{
  return ISS_TYPE_SERVER;
}

static guint
iss_pool_get_n_items (GListModel *model)
{
  return ISS_POOL (model)->servers->len;
}

static gpointer
iss_pool_get_item (GListModel *model,
                   guint       position)
{
  IssPool *self = ISS_POOL (model);

  if (position >= self->servers->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->servers, position));
}

static void
iss_pool_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = iss_pool_get_item_type;
  iface->get_n_items = iss_pool_get_n_items;
  iface->get_item = iss_pool_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssPool, iss_pool, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, iss_pool_list_model_init))

static void
server_changed_cb (IssServer *server,
                   IssPool   *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
iss_pool_dispose (GObject *object)
{
  IssPool *self = ISS_POOL (object);

  for (guint i = 0; i < self->servers->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->servers, i), self);
  g_ptr_array_set_size (self->servers, 0);

  G_OBJECT_CLASS (iss_pool_parent_class)->dispose (object);
}

static void
iss_pool_finalize (GObject *object)
{
  IssPool *self = ISS_POOL (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->sip_domains, g_strfreev);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->agreed, g_hash_table_unref);

  G_OBJECT_CLASS (iss_pool_parent_class)->finalize (object);
}

static void
iss_pool_class_init (IssPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_pool_dispose;
  object_class->finalize = iss_pool_finalize;

  /**
   * IssPool::changed:
   *
   * A server of the pool, its SIP domains or what is agreed may be different now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ISS_TYPE_POOL, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_pool_init (IssPool *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->agreed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) iss_agreed_free);
}

/**
 * iss_pool_new:
 * @name: its name
 * @sip_domains: its SIP domains
 * @clock: the console's clock
 *
 * Returns: (transfer full): a pool without servers
 */
IssPool *
iss_pool_new (const char        *name,
              const char *const *sip_domains,
              IssClock          *clock)
{
  IssPool *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (sip_domains != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (ISS_TYPE_POOL, NULL);
  self->name = g_strdup (name);
  self->sip_domains = g_strdupv ((char **) sip_domains);
  self->clock = iss_clock_ref (clock);

  return self;
}

/**
 * iss_pool_add_server:
 * @self: a pool
 * @server: a server that is in no pool
 *
 * Adds the server at the end.
 */
void
iss_pool_add_server (IssPool   *self,
                     IssServer *server)
{
  g_return_if_fail (ISS_IS_POOL (self));
  g_return_if_fail (ISS_IS_SERVER (server));

  g_ptr_array_add (self->servers, g_object_ref (server));
  g_signal_connect (server, "changed", G_CALLBACK (server_changed_cb), self);
  g_list_model_items_changed (G_LIST_MODEL (self), self->servers->len - 1, 0, 1);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * iss_pool_remove_server:
 * @self: a pool
 * @server: one of its servers
 *
 * Removes the server and closes its connection.
 */
void
iss_pool_remove_server (IssPool   *self,
                        IssServer *server)
{
  guint position;

  g_return_if_fail (ISS_IS_POOL (self));

  if (!g_ptr_array_find (self->servers, server, &position))
    return;

  g_signal_handlers_disconnect_by_data (server, self);
  iss_server_disconnect (server);
  g_ptr_array_remove_index (self->servers, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * iss_pool_get_name:
 * @self: a pool
 *
 * Returns: (transfer none): its name
 */
const char *
iss_pool_get_name (IssPool *self)
{
  g_return_val_if_fail (ISS_IS_POOL (self), NULL);

  return self->name;
}

/**
 * iss_pool_get_sip_domains:
 * @self: a pool
 *
 * Returns: (transfer none): its SIP domains
 */
const char *const *
iss_pool_get_sip_domains (IssPool *self)
{
  g_return_val_if_fail (ISS_IS_POOL (self), NULL);

  return (const char *const *) self->sip_domains;
}

/**
 * iss_pool_set_sip_domains:
 * @self: a pool
 * @sip_domains: its SIP domains
 *
 * Changes them in memory; the workspace writes the topology file.
 */
void
iss_pool_set_sip_domains (IssPool           *self,
                          const char *const *sip_domains)
{
  g_return_if_fail (ISS_IS_POOL (self));
  g_return_if_fail (sip_domains != NULL);

  g_strfreev (self->sip_domains);
  self->sip_domains = g_strdupv ((char **) sip_domains);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * iss_pool_get_clock:
 * @self: a pool
 *
 * Returns: (transfer none): the console's clock
 */
IssClock *
iss_pool_get_clock (IssPool *self)
{
  g_return_val_if_fail (ISS_IS_POOL (self), NULL);

  return self->clock;
}

/**
 * iss_pool_get_n_servers:
 * @self: a pool
 *
 * Returns: how many servers it has
 */
guint
iss_pool_get_n_servers (IssPool *self)
{
  g_return_val_if_fail (ISS_IS_POOL (self), 0);

  return self->servers->len;
}

/**
 * iss_pool_get_server:
 * @self: a pool
 * @index: less than iss_pool_get_n_servers()
 *
 * Returns: (transfer none): a server
 */
IssServer *
iss_pool_get_server (IssPool *self,
                     guint    index)
{
  g_return_val_if_fail (ISS_IS_POOL (self), NULL);
  g_return_val_if_fail (index < self->servers->len, NULL);

  return g_ptr_array_index (self->servers, index);
}

/**
 * iss_pool_dup_server_names:
 * @self: a pool
 *
 * Returns: (transfer full): the whole names of its servers, in their order
 */
char **
iss_pool_dup_server_names (IssPool *self)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (ISS_IS_POOL (self), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (self); i++)
    g_strv_builder_add (names, iss_server_get_name (iss_pool_get_server (self, i)));

  return g_strv_builder_end (names);
}

/**
 * iss_pool_find_server:
 * @self: a pool
 * @name: a server's whole or short name, in any case
 *
 * Returns: (transfer none) (nullable): the server
 */
IssServer *
iss_pool_find_server (IssPool    *self,
                      const char *name)
{
  g_return_val_if_fail (ISS_IS_POOL (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);
      g_autofree char *short_name = iss_server_dup_short_name (server);

      if (g_ascii_strcasecmp (iss_server_get_name (server), name) == 0 ||
          g_ascii_strcasecmp (short_name, name) == 0)
        return server;
    }

  return NULL;
}

/**
 * iss_pool_get_agreed:
 * @self: a pool
 * @type: a certificate type's name
 *
 * What a roll was to make of it holds from its instant on, by the console's clock.
 *
 * Returns: (transfer none) (nullable): what is agreed, or %NULL: nothing is
 */
const IssAgreed *
iss_pool_get_agreed (IssPool    *self,
                     const char *type)
{
  IssAgreed *agreed;

  g_return_val_if_fail (ISS_IS_POOL (self), NULL);

  agreed = g_hash_table_lookup (self->agreed, type);
  if (agreed != NULL)
    iss_agreed_settle (agreed, iss_clock_now (self->clock));

  return agreed;
}

/**
 * iss_pool_set_agreed:
 * @self: a pool
 * @type: a certificate type's name
 * @agreed: (nullable): what is agreed
 *
 * Changes it in memory; the workspace writes the topology file.
 */
void
iss_pool_set_agreed (IssPool         *self,
                     const char      *type,
                     const IssAgreed *agreed)
{
  g_return_if_fail (ISS_IS_POOL (self));
  g_return_if_fail (type != NULL);

  if (agreed == NULL)
    {
      g_hash_table_remove (self->agreed, type);
    }
  else
    {
      g_hash_table_replace (self->agreed, g_strdup (type), iss_agreed_copy (agreed));
    }

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
start_look (IssServer           *server,
            gpointer             job_data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  iss_server_look_async (server, job_data, cancellable, callback, user_data);
}

static char *
finish_look (IssServer     *server,
             gpointer       job_data,
             GAsyncResult  *result,
             GError       **error)
{
  if (!iss_server_look_finish (server, result, error))
    return NULL;

  return g_strdup ("");
}

/* The servers that answer but were not asked about something that others have
 * for the pool: the one look could not know yet. */
static GPtrArray *
dup_servers_to_ask_again (IssPool *self)
{
  g_autoptr(GPtrArray) wanted = iss_asked_find (self);
  GPtrArray *again = g_ptr_array_new ();

  for (guint i = 0; i < self->servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->servers, i);
      IssObservation *seen = iss_server_get_observation (server);
      gboolean complete = TRUE;

      if (seen == NULL || !iss_server_is_answering (server))
        continue;

      for (guint k = 0; k < wanted->len; k++)
        {
          GBytes *sha256 = g_ptr_array_index (wanted, k);

          if (iss_observation_find_certificate (seen, g_bytes_get_data (sha256, NULL)) != NULL)
            continue;

          iss_server_ask_about (server, sha256);
          complete = FALSE;
        }

      if (!complete)
        g_ptr_array_add (again, server);
    }

  return again;
}

static void
looked_again_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (iss_job_run_finish (ISS_JOB (object), result, &error))
    g_task_return_int (task, GPOINTER_TO_INT (g_task_get_task_data (task)));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(IssJob) second = NULL;
  g_autoptr(GError) error = NULL;
  IssJob *job = ISS_JOB (object);
  guint n_answering;

  if (!iss_job_run_finish (job, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  n_answering = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  again = dup_servers_to_ask_again (g_task_get_source_object (task));
  if (again->len == 0)
    {
      g_task_return_int (task, n_answering);
      return;
    }

  g_task_set_task_data (task, GINT_TO_POINTER (n_answering), NULL);
  second = iss_job_new (again, start_look, finish_look, NULL, NULL);
  iss_job_run_async (second, g_task_get_cancellable (task), looked_again_cb, g_object_ref (task));
}

static void
unref_asked (gpointer asked)
{
  if (asked != NULL)
    g_ptr_array_unref (asked);
}

/* After the callback, which the task calls first. */
static void
look_ended_cb (GTask      *task,
               GParamSpec *pspec,
               IssPool    *self)
{
  self->n_looks--;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * iss_pool_is_looking:
 * @self: a pool
 *
 * Returns: whether a look at all its servers is under way, whoever began it
 */
gboolean
iss_pool_is_looking (IssPool *self)
{
  g_return_val_if_fail (ISS_IS_POOL (self), FALSE);

  return self->n_looks > 0;
}

/**
 * iss_pool_look_async:
 * @self: a pool
 * @asked: (nullable) (element-type GBytes): certificates to ask about, by SHA-256
 * @cancellable: (nullable): a cancellable
 * @callback: called when each server has answered or failed
 * @user_data: data for @callback
 *
 * Looks at every server of the pool, at most %ISS_POOL_MAX_OPENING at once. That
 * a server does not answer becomes its state and does not stop the others. When
 * it is over, each server that answers has been asked about every certificate
 * that is agreed or that any of them has for the pool.
 */
void
iss_pool_look_async (IssPool             *self,
                     GPtrArray           *asked,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(IssJob) job = NULL;
  GTask *task;

  g_return_if_fail (ISS_IS_POOL (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_pool_look_async);
  self->n_looks++;
  g_signal_connect (task, "notify::completed", G_CALLBACK (look_ended_cb), self);
  job = iss_job_new (self->servers, start_look, finish_look,
                     asked != NULL ? g_ptr_array_ref (asked) : NULL, unref_asked);
  iss_job_run_async (job, cancellable, looked_cb, task);
}

/**
 * iss_pool_look_finish:
 * @self: a pool
 * @result: the result given to the callback
 * @out_n_answering: (out) (optional): how many servers answered; untouched on failure
 * @error: return location for an error
 *
 * Returns: whether it went to its end; fails only when cancelled
 */
gboolean
iss_pool_look_finish (IssPool       *self,
                      GAsyncResult  *result,
                      guint         *out_n_answering,
                      GError       **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  n = g_task_propagate_int (G_TASK (result), error);
  if (n < 0)
    return FALSE;

  if (out_n_answering != NULL)
    *out_n_answering = (guint) n;

  return TRUE;
}
