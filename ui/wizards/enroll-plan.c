/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/enroll-plan.h"

#include "core/base/error.h"
#include "core/central/global-assign.h"
#include "core/central/pool-enroll.h"
#include "ui/wizards/shell-line.h"

/**
 * IssEnrollPlan:
 *
 * Which servers are enrolled, and by whom.
 */
struct _IssEnrollPlan
{
  GObject       parent_instance;

  /* Owned References */
  IssWorkspace *workspace;
  IssPool      *pool;
  IssSigning   *signing;
  GPtrArray    *servers;      /* IssServer */
  char         *then;         /* (nullable) */
  char         *then_label;   /* (nullable) */

  gboolean      offered;
  gboolean      has_enrolled;
};

G_DEFINE_FINAL_TYPE (IssEnrollPlan, iss_enroll_plan, G_TYPE_OBJECT)

static void
iss_enroll_plan_finalize (GObject *object)
{
  IssEnrollPlan *self = ISS_ENROLL_PLAN (object);

  g_clear_object (&self->workspace);
  g_clear_object (&self->pool);
  g_clear_object (&self->signing);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->then, g_free);
  g_clear_pointer (&self->then_label, g_free);

  G_OBJECT_CLASS (iss_enroll_plan_parent_class)->finalize (object);
}

static void
iss_enroll_plan_class_init (IssEnrollPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_enroll_plan_finalize;
}

static void
iss_enroll_plan_init (IssEnrollPlan *self)
{
  self->servers = g_ptr_array_new ();
}

/**
 * iss_enroll_plan_new:
 * @workspace: a workspace
 * @pool: a pool of it
 * @signing: (nullable): what is signed with; %NULL: its own
 *
 * Returns: (transfer full): a plan without servers
 */
IssEnrollPlan *
iss_enroll_plan_new (IssWorkspace *workspace,
                     IssPool      *pool,
                     IssSigning   *signing)
{
  IssEnrollPlan *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace) && ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_ENROLL_PLAN, NULL);
  self->workspace = g_object_ref (workspace);
  self->pool = g_object_ref (pool);
  self->signing = signing != NULL ? g_object_ref (signing) : iss_signing_new (workspace);

  return self;
}

/**
 * iss_enroll_plan_get_pool:
 * @self: a plan
 *
 * Returns: (transfer none): whose servers
 */
IssPool *
iss_enroll_plan_get_pool (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  return self->pool;
}

/**
 * iss_enroll_plan_get_signing:
 * @self: a plan
 *
 * Returns: (transfer none): what is signed with
 */
IssSigning *
iss_enroll_plan_get_signing (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  return self->signing;
}

/**
 * iss_enroll_plan_get_servers:
 * @self: a plan
 *
 * Returns: (transfer none) (element-type IssServer): which
 */
GPtrArray *
iss_enroll_plan_get_servers (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  return self->servers;
}

/**
 * iss_enroll_plan_set_servers:
 * @self: a plan
 * @servers: (element-type IssServer): which
 */
void
iss_enroll_plan_set_servers (IssEnrollPlan *self,
                             GPtrArray     *servers)
{
  g_return_if_fail (ISS_IS_ENROLL_PLAN (self));

  g_ptr_array_ref (servers);
  g_ptr_array_unref (self->servers);
  self->servers = servers;
}

/**
 * iss_enroll_plan_set_then:
 * @self: a plan
 * @page: the wizard's page that comes once the servers are enrolled
 * @label: the verb that leads there, with a mnemonic
 *
 * Enrols for the sake of something else, which is done for those that are enrolled.
 */
void
iss_enroll_plan_set_then (IssEnrollPlan *self,
                          const char    *page,
                          const char    *label)
{
  g_return_if_fail (ISS_IS_ENROLL_PLAN (self));
  g_return_if_fail (page != NULL && label != NULL);

  g_free (self->then);
  g_free (self->then_label);
  self->then = g_strdup (page);
  self->then_label = g_strdup (label);
}

/**
 * iss_enroll_plan_get_then:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the page that comes next; %NULL: to enrol is all
 */
const char *
iss_enroll_plan_get_then (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  return self->then;
}

/**
 * iss_enroll_plan_get_then_label:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the verb that leads there
 */
const char *
iss_enroll_plan_get_then_label (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  return self->then_label;
}

/**
 * iss_enroll_plan_set_offered:
 * @self: a plan
 * @offered: whether “Later” is an answer
 */
void
iss_enroll_plan_set_offered (IssEnrollPlan *self,
                             gboolean       offered)
{
  g_return_if_fail (ISS_IS_ENROLL_PLAN (self));

  self->offered = offered;
}

/**
 * iss_enroll_plan_is_offered:
 * @self: a plan
 *
 * Returns: whether “Later” is an answer
 */
gboolean
iss_enroll_plan_is_offered (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), FALSE);

  return self->offered;
}

/**
 * iss_enroll_plan_set_has_enrolled:
 * @self: a plan
 * @has_enrolled: whether a server of the pool was enrolled before
 */
void
iss_enroll_plan_set_has_enrolled (IssEnrollPlan *self,
                                  gboolean       has_enrolled)
{
  g_return_if_fail (ISS_IS_ENROLL_PLAN (self));

  self->has_enrolled = has_enrolled;
}

/**
 * iss_enroll_plan_has_enrolled:
 * @self: a plan
 *
 * Returns: whether a server of the pool was enrolled before, as far as that is known
 */
gboolean
iss_enroll_plan_has_enrolled (IssEnrollPlan *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), FALSE);

  return self->has_enrolled;
}

/**
 * iss_enroll_plan_load_async:
 * @self: a plan
 * @cancellable: (nullable): a cancellable
 * @callback: called with what iss_replication_table_load_finish() takes
 * @user_data: data for @callback
 * @error: return location for an error
 *
 * Returns: whether the central store can be opened; if not, @callback is not called
 */
gboolean
iss_enroll_plan_load_async (IssEnrollPlan        *self,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data,
                            GError              **error)
{
  IssCentralDesk *desk;
  g_auto(GStrv) names = NULL;
  IssCentralStore *store = NULL;

  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), FALSE);

  desk = iss_central_desk_get (self->workspace);
  if (iss_central_desk_has_store (desk))
    {
      store = iss_central_desk_get_store (desk, error);
      if (store == NULL)
        return FALSE;
    }

  names = iss_pool_dup_server_names (self->pool);
  iss_replication_table_load_async (store, iss_pool_get_name (self->pool),
                                    (const char *const *) names, cancellable, callback, user_data);

  return TRUE;
}

/**
 * iss_enroll_plan_make_job:
 * @self: a plan whose signing was unlocked
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the job that does it; %NULL: there is no central store, and
 *   none can be made
 */
IssJob *
iss_enroll_plan_make_job (IssEnrollPlan  *self,
                          GError        **error)
{
  IssCentralStore *store;

  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);
  g_return_val_if_fail (iss_signing_get_key (self->signing) != NULL, NULL);

  store = iss_central_desk_get_store (iss_central_desk_get (self->workspace), error);
  if (store == NULL)
    return NULL;

  return iss_pool_enroll_new (store, self->pool, self->servers,
                              iss_signing_get_certificate (self->signing),
                              iss_signing_get_key (self->signing));
}

/* What is left of a completion: the types, and which is next. */
typedef struct
{
  GPtrArray *wanted;   /* IssWanted */
  guint      next;
} Completion;

static void
completion_free (gpointer data)
{
  Completion *completion = data;

  g_clear_pointer (&completion->wanted, g_ptr_array_unref);
  g_free (completion);
}

static void
deliver (GTask *task)
{
  IssEnrollPlan *self = g_task_get_source_object (task);
  IssReplicationService *service =
    iss_central_desk_get_service (iss_central_desk_get (self->workspace), self->pool);

  if (service != NULL)
    iss_replication_service_run (service, ISS_REPLICATOR_NORMAL);
  g_task_return_boolean (task, TRUE);
}

/* One type after the other: that nothing is different is no error. */
static void
assigned_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssEnrollPlan *self = g_task_get_source_object (task);
  Completion *completion = g_task_get_task_data (task);
  g_autoptr(IssGlobalOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  IssGlobalRequest request = { NULL };

  if (completion->next > 0)
    {
      outcome = iss_global_assign_finish (result, &error);
      if (outcome == NULL && !g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }

  if (completion->next == completion->wanted->len)
    {
      deliver (task);
      return;
    }

  request.store = iss_central_desk_get_store (iss_central_desk_get (self->workspace), NULL);
  request.pool = self->pool;
  request.type = iss_wanted_get_manifest (completion->wanted->pdata[completion->next++])->type;
  request.signer = iss_signing_get_certificate (self->signing);
  request.signer_key = iss_signing_get_key (self->signing);
  request.now = iss_clock_now (iss_pool_get_clock (self->pool));
  iss_global_assign_async (&request, g_task_get_cancellable (task), assigned_cb,
                           g_object_ref (task));
}

static void
wanted_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Completion *completion = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicationTable) table = iss_replication_table_load_finish (result, &error);

  if (table == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  completion->wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_wanted_free);
  for (guint i = 0; i < iss_replication_table_get_n_wanted (table); i++)
    g_ptr_array_add (completion->wanted,
                     iss_wanted_copy (iss_replication_table_get_wanted (table, i)));
  assigned_cb (NULL, NULL, g_steal_pointer (&task));
}

/**
 * iss_enroll_plan_complete_async:
 * @self: a plan that was carried out
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * What was assigned globally before goes to those that were enrolled, too: a server that has the
 * keys seals them.
 */
void
iss_enroll_plan_complete_async (IssEnrollPlan       *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (ISS_IS_ENROLL_PLAN (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_enroll_plan_complete_async);
  g_task_set_task_data (task, g_new0 (Completion, 1), completion_free);
  if (!iss_enroll_plan_load_async (self, cancellable, wanted_cb, g_object_ref (task), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
}

/**
 * iss_enroll_plan_complete_finish:
 * @self: a plan
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether every server that is enrolled has a package
 */
gboolean
iss_enroll_plan_complete_finish (IssEnrollPlan  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * iss_enroll_plan_dup_shell_line:
 * @self: a plan with servers
 *
 * Returns: (transfer full): the line that does the same in a shell
 */
char *
iss_enroll_plan_dup_shell_line (IssEnrollPlan *self)
{
  g_autoptr(GString) line = NULL;

  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (self), NULL);

  line = iss_shell_line_new (self->workspace, "enroll-server");
  iss_shell_line_add_servers (line, self->servers);

  return g_strdup (line->str);
}
