/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/global-order.h"

#include "core/agent/agent-path.h"
#include "core/base/error.h"
#include "core/central/global-agreement.h"
#include "core/central/global-distrust.h"
#include "core/certificate/chain.h"

/**
 * IssGlobalOrder:
 *
 * A decision while it is collected.
 */
struct _IssGlobalOrder
{
  GObject              parent_instance;

  /* Owned References */
  IssWorkspace        *workspace;
  IssPool             *pool;
  IssSigning          *signing;
  IssReplicationTable *table;         /* (nullable): not read, or it cannot be */
  IssEffectiveDate    *date;          /* (nullable) */
  IssCertificate      *certificate;   /* (nullable) */
  GPtrArray           *chain;         /* its issuers, nearest first */
  IssPrivateKey       *key;           /* (nullable) */
  IssServer           *holder;        /* (nullable): has the certificate */
  GBytes              *sha256;        /* (nullable) */
  IssCertificate      *compromised;   /* (nullable): what the change replaces, for that */
  char                *shell_line;

  const IssCertificateType *type;     /* (nullable) until it is set */
  IssTransition        change;
  gboolean             has_change;
  gboolean             any_clock;
  gboolean             chosen;
  gboolean             replaced;      /* what is compromised is decided to be used no more */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssGlobalOrder, iss_global_order, G_TYPE_OBJECT)

static void
forget_material (IssGlobalOrder *self)
{
  g_clear_object (&self->certificate);
  g_clear_object (&self->key);
  g_clear_object (&self->holder);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_ptr_array_set_size (self->chain, 0);
}

static void
iss_global_order_finalize (GObject *object)
{
  IssGlobalOrder *self = ISS_GLOBAL_ORDER (object);

  forget_material (self);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->date, iss_effective_date_unref);
  g_clear_pointer (&self->shell_line, g_free);
  g_clear_object (&self->compromised);
  g_clear_object (&self->table);
  g_clear_object (&self->signing);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (iss_global_order_parent_class)->finalize (object);
}

static void
iss_global_order_class_init (IssGlobalOrderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_global_order_finalize;

  /**
   * IssGlobalOrder::changed:
   *
   * Another choice was made, or what is known of the pool is different.
   */
  signals[CHANGED] = g_signal_new ("changed", ISS_TYPE_GLOBAL_ORDER, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_global_order_init (IssGlobalOrder *self)
{
  self->chain = g_ptr_array_new_with_free_func (g_object_unref);
  self->shell_line = g_strdup ("");
}

/**
 * iss_global_order_new:
 * @workspace: a workspace
 * @pool: a pool of it
 *
 * Returns: (transfer full): an order that is not chosen
 */
IssGlobalOrder *
iss_global_order_new (IssWorkspace *workspace,
                      IssPool      *pool)
{
  IssGlobalOrder *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace) && ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_GLOBAL_ORDER, NULL);
  self->workspace = g_object_ref (workspace);
  self->pool = g_object_ref (pool);
  self->signing = iss_signing_new (workspace);

  return self;
}

/**
 * iss_global_order_get_workspace:
 * @self: an order
 *
 * Returns: (transfer none): of the pool
 */
IssWorkspace *
iss_global_order_get_workspace (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->workspace;
}

/**
 * iss_global_order_get_pool:
 * @self: an order
 *
 * Returns: (transfer none): on whose servers
 */
IssPool *
iss_global_order_get_pool (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->pool;
}

/**
 * iss_global_order_get_signing:
 * @self: an order
 *
 * Returns: (transfer none): what it is signed with
 */
IssSigning *
iss_global_order_get_signing (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->signing;
}

/**
 * iss_global_order_get_desk:
 * @self: an order
 *
 * Returns: (transfer none): where it is written down
 */
IssCentralDesk *
iss_global_order_get_desk (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return iss_central_desk_get (self->workspace);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssGlobalOrder) self = user_data;
  g_autoptr(IssReplicationTable) table = iss_replication_table_load_finish (result, NULL);

  if (g_set_object (&self->table, table))
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_global_order_look:
 * @self: an order
 *
 * Reads what is assigned globally now. That it cannot be read is said when the order is run.
 */
void
iss_global_order_look (IssGlobalOrder *self)
{
  IssCentralDesk *desk = iss_global_order_get_desk (self);
  g_auto(GStrv) names = NULL;
  IssCentralStore *store;

  if (!iss_central_desk_has_store (desk))
    return;

  store = iss_central_desk_get_store (desk, NULL);
  if (store == NULL)
    return;

  names = iss_pool_dup_server_names (self->pool);
  iss_replication_table_load_async (store, iss_pool_get_name (self->pool),
                                    (const char *const *) names, NULL, looked_cb,
                                    g_object_ref (self));
}

/**
 * iss_global_order_has_enrolled:
 * @self: an order
 *
 * Returns: whether a server of the pool is enrolled, as far as that is known
 */
gboolean
iss_global_order_has_enrolled (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), FALSE);

  for (guint i = 0; self->table != NULL && i < iss_replication_table_get_n_servers (self->table);
       i++)
    if (iss_replication_table_get_enrolment (self->table, i) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * iss_global_order_has_unenrolled:
 * @self: an order
 *
 * Returns: whether a server of the pool is not enrolled, as far as that is known
 */
gboolean
iss_global_order_has_unenrolled (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), FALSE);

  for (guint i = 0; self->table != NULL && i < iss_replication_table_get_n_servers (self->table);
       i++)
    if (iss_replication_table_get_enrolment (self->table, i) == NULL)
      return TRUE;

  return self->table == NULL;
}

/**
 * iss_global_order_is_global:
 * @self: an order
 * @type: the name of a certificate type
 *
 * Returns: whether it is assigned globally, as far as that is known
 */
gboolean
iss_global_order_is_global (IssGlobalOrder *self,
                            const char     *type)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), FALSE);

  for (guint i = 0; self->table != NULL && i < iss_replication_table_get_n_wanted (self->table);
       i++)
    {
      const IssManifest *manifest =
        iss_wanted_get_manifest (iss_replication_table_get_wanted (self->table, i));

      if (g_strcmp0 (manifest->type->name, type) == 0 && !iss_manifest_is_empty (manifest))
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_global_order_is_chosen:
 * @self: an order
 *
 * Returns: whether it is done on every server, replicated
 */
gboolean
iss_global_order_is_chosen (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), FALSE);

  return self->chosen;
}

/**
 * iss_global_order_choose:
 * @self: an order
 * @chosen: whether it is done on every server, replicated
 */
void
iss_global_order_choose (IssGlobalOrder *self,
                         gboolean        chosen)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  if (self->chosen == chosen)
    return;

  self->chosen = chosen;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_global_order_set_type:
 * @self: an order
 * @type: the name of a certificate type
 */
void
iss_global_order_set_type (IssGlobalOrder *self,
                           const char     *type)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  self->type = iss_certificate_type_find (type);
  self->has_change = FALSE;
  self->any_clock = FALSE;
  self->replaced = FALSE;
  g_clear_object (&self->compromised);
  forget_material (self);
  g_clear_pointer (&self->date, iss_effective_date_unref);
}

/**
 * iss_global_order_get_type_of:
 * @self: an order
 *
 * Returns: (transfer none) (nullable): what it is decided for
 */
const IssCertificateType *
iss_global_order_get_type_of (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->type;
}

/**
 * iss_global_order_has_instant:
 * @self: an order
 *
 * Returns: whether what it changes happens at an instant
 */
gboolean
iss_global_order_has_instant (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), FALSE);

  return self->date != NULL;
}

/**
 * iss_global_order_set_change:
 * @self: an order
 * @change: what is changed
 * @date: (nullable): when; %NULL: at once
 * @held: whether it waits until every server is ready
 * @staged: what becomes of what is staged already
 */
void
iss_global_order_set_change (IssGlobalOrder    *self,
                             IssTransitionKind  change,
                             IssEffectiveDate  *date,
                             gboolean           held,
                             IssStagedFate      staged)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  self->has_change = TRUE;
  self->change = (IssTransition) { .kind = change, .staged = staged };
  g_clear_pointer (&self->date, iss_effective_date_unref);
  if (date == NULL)
    return;

  self->date = iss_effective_date_ref (date);
  self->change.instant = iss_effective_date_get_instant (date);
  self->change.typed = iss_effective_date_get_typed (date);
  self->change.zone = iss_effective_date_get_zone (date);
  self->change.held = held;
}

/**
 * iss_global_order_set_any_clock:
 * @self: an order
 * @any_clock: whether the roll is armed even where a server's clock is too far off
 */
void
iss_global_order_set_any_clock (IssGlobalOrder *self,
                                gboolean        any_clock)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  self->any_clock = any_clock;
}

/**
 * iss_global_order_set_material:
 * @self: an order
 * @certificate: what is to be used
 * @others: (element-type IssCertificate): among them its issuers
 * @key: its private key, which goes on sealed to each server
 */
void
iss_global_order_set_material (IssGlobalOrder *self,
                               IssCertificate *certificate,
                               GPtrArray      *others,
                               IssPrivateKey  *key)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  forget_material (self);
  self->certificate = g_object_ref (certificate);
  self->key = g_object_ref (key);
  g_ptr_array_unref (self->chain);
  self->chain = iss_chain_dup_issuers (certificate, others, ISS_MANIFEST_MAX_CHAIN,
                                       iss_clock_now (iss_pool_get_clock (self->pool)));
}

/**
 * iss_global_order_set_holder:
 * @self: an order
 * @holder: a server
 * @sha256: a certificate that it has with its key, which it seals to the others
 */
void
iss_global_order_set_holder (IssGlobalOrder *self,
                             IssServer      *holder,
                             GBytes         *sha256)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  forget_material (self);
  self->holder = g_object_ref (holder);
  self->sha256 = g_bytes_ref (sha256);
}

/**
 * iss_global_order_set_compromised:
 * @self: an order whose change is %ISS_TRANSITION_REPLACE
 * @certificate: what is replaced
 */
void
iss_global_order_set_compromised (IssGlobalOrder *self,
                                  IssCertificate *certificate)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self) && ISS_IS_CERTIFICATE (certificate));

  g_set_object (&self->compromised, certificate);
}

/**
 * iss_global_order_make_distrust:
 * @self: an order
 *
 * Nothing is distrusted that is still decided to be used.
 *
 * Returns: (transfer full) (nullable): a job that tells each server what is not to be trusted any
 *   more; %NULL: nothing compromised was replaced
 */
IssJob *
iss_global_order_make_distrust (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->replaced ? iss_global_distrust_new (self->pool, self->compromised) : NULL;
}

/**
 * iss_global_order_set_shell_line:
 * @self: an order
 * @line: what does the same in a shell
 */
void
iss_global_order_set_shell_line (IssGlobalOrder *self,
                                 const char     *line)
{
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));

  g_free (self->shell_line);
  self->shell_line = g_strdup (line);
}

/**
 * iss_global_order_get_shell_line:
 * @self: an order
 *
 * Returns: (transfer none): what does the same in a shell
 */
const char *
iss_global_order_get_shell_line (IssGlobalOrder *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (self), NULL);

  return self->shell_line;
}

static void
replicate (IssGlobalOrder *self)
{
  IssReplicationService *service =
    iss_central_desk_get_service (iss_global_order_get_desk (self), self->pool);

  if (service != NULL)
    iss_replication_service_run (service, self->any_clock ? ISS_REPLICATOR_ANY_CLOCK
                                                          : ISS_REPLICATOR_NORMAL);
}

/* By what was ordered. */
static gboolean
is_replaced (IssGlobalOrder         *self,
             const IssGlobalOutcome *outcome)
{
  IssCertificate *current = outcome->manifest->slot[ISS_SLOT_CURRENT];

  return self->compromised != NULL && current != NULL &&
         g_bytes_equal (iss_certificate_get_sha256 (current),
                        iss_certificate_get_sha256 (self->certificate));
}

static void
assigned_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssGlobalOrder *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssGlobalOutcome) outcome = iss_global_assign_finish (result, &error);
  g_autofree char *who = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());

  /* Decided already, but perhaps not delivered. */
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS))
    {
      self->replaced = self->compromised != NULL;
      replicate (self);
    }
  if (outcome != NULL)
    self->replaced = is_replaced (self, outcome);

  if (outcome == NULL ||
      !iss_global_agreement_record (self->workspace, self->pool, outcome, who, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  replicate (self);
  g_task_return_pointer (task, g_steal_pointer (&outcome),
                         (GDestroyNotify) iss_global_outcome_free);
}

static void
assign (GTask *task)
{
  IssGlobalOrder *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  IssGlobalRequest request =
    {
      .pool = self->pool, .type = self->type,
      .signer = iss_signing_get_certificate (self->signing),
      .signer_key = iss_signing_get_key (self->signing),
      .now = iss_clock_now (iss_pool_get_clock (self->pool)),
      .certificate = self->certificate, .chain = self->chain, .key = self->key,
      .force = GPOINTER_TO_INT (g_task_get_task_data (task)),
    };

  request.store = iss_central_desk_get_store (iss_global_order_get_desk (self), &error);
  if (request.store == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->change.now = request.now;
  self->change.compromised_hex =
    self->compromised != NULL ? iss_certificate_get_sha256_hex (self->compromised) : NULL;
  request.change = self->has_change ? &self->change : NULL;
  iss_global_assign_async (&request, g_task_get_cancellable (task), assigned_cb,
                           g_object_ref (task));
}

static void
path_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  IssGlobalOrder *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentPath) path = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (path == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_set_object (&self->certificate, iss_agent_path_get_certificate (path, 0));
  g_ptr_array_set_size (self->chain, 0);
  for (guint i = 1; i < iss_agent_path_get_n_links (path); i++)
    g_ptr_array_add (self->chain, g_object_ref (iss_agent_path_get_certificate (path, i)));
  assign (task);
}

/**
 * iss_global_order_run_async:
 * @self: an order with a type, whose signing was unlocked
 * @force: whether it is done in spite of a warning
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Decides it, writes it down as agreed, and has it delivered.
 */
void
iss_global_order_run_async (IssGlobalOrder      *self,
                            gboolean             force,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(IssAgentCall) call = NULL;

  g_return_if_fail (ISS_IS_GLOBAL_ORDER (self));
  g_return_if_fail (self->type != NULL && iss_signing_get_key (self->signing) != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_global_order_run_async);
  g_task_set_task_data (task, GINT_TO_POINTER (force), NULL);
  if (self->holder == NULL)
    {
      assign (task);
      return;
    }

  call = iss_agent_path_new_call ("my", self->sha256);
  iss_server_call_async (self->holder, call, cancellable, path_cb, g_object_ref (task));
}

/**
 * iss_global_order_run_finish:
 * @self: an order
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): what was decided, and who gets it
 */
IssGlobalOutcome *
iss_global_order_run_finish (IssGlobalOrder  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
