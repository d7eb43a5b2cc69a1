/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-assign.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/central/administration.h"
#include "core/central/global-gate.h"
#include "core/central/global-keys.h"
#include "core/central/global-rival.h"
#include "core/central/global-target.h"
#include "core/replication/arming.h"

/* A request of its own, and how far it is. */
typedef struct
{
  /* Owned, of the request */
  IssCentralStore          *store;
  IssPool                  *pool;
  char                     *pool_name;
  char                    **server_names;
  const IssCertificateType *type;
  IssCertificate           *signer;
  IssPrivateKey            *signer_key;
  IssCertificate           *certificate;
  GPtrArray                *chain;
  IssPrivateKey            *key;
  char                    **excepted;     /* (nullable) */
  IssTransition             change;       /* its texts are owned */
  gboolean                  has_change;
  gboolean                  anew;
  gboolean                  force;
  gboolean                  what_if;
  gint64                    now;

  /* Owned, worked out */
  IssWanted                *present;      /* (nullable) */
  IssManifest              *manifest;
  gboolean                  only_holds;
  GPtrArray                *targets;      /* IssGlobalTarget */

  guint64                   seen;
} Assign;

static void
assign_free (gpointer data)
{
  Assign *self = data;

  g_clear_object (&self->store);
  g_clear_object (&self->pool);
  g_free (self->pool_name);
  g_strfreev (self->server_names);
  g_clear_object (&self->signer);
  g_clear_object (&self->signer_key);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_object (&self->key);
  g_strfreev (self->excepted);
  g_free ((char *) self->change.typed);
  g_free ((char *) self->change.zone);
  g_free ((char *) self->change.compromised_hex);
  g_clear_pointer (&self->present, iss_wanted_free);
  g_clear_pointer (&self->manifest, iss_manifest_free);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_free (self);
}

/**
 * iss_global_outcome_free:
 * @self: (transfer full): an outcome
 */
void
iss_global_outcome_free (IssGlobalOutcome *self)
{
  g_return_if_fail (self != NULL);

  iss_manifest_free (self->manifest);
  g_strfreev (self->served);
  g_strfreev (self->unserved);
  g_free (self);
}

static IssGlobalOutcome *
outcome_new (Assign *self)
{
  IssGlobalOutcome *outcome = g_new0 (IssGlobalOutcome, 1);
  g_autoptr(GStrvBuilder) served = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) unserved = g_strv_builder_new ();

  outcome->manifest = iss_manifest_copy (self->manifest);
  outcome->only_holds = self->has_change && self->only_holds;
  for (guint i = 0; i < self->targets->len; i++)
    {
      const IssGlobalTarget *target = g_ptr_array_index (self->targets, i);
      g_autofree char *line = NULL;

      if (target->trouble == NULL)
        {
          g_strv_builder_add (served, target->server);
          continue;
        }

      line = g_strdup_printf ("%s: %s", target->server, target->trouble);
      g_strv_builder_add (unserved, line);
    }
  outcome->served = g_strv_builder_end (served);
  outcome->unserved = g_strv_builder_end (unserved);

  return outcome;
}

/* What somebody else signs would be refused by all, and be in the way of the next decision. */
static gboolean
check_signer (Assign  *self,
              GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IssAdministrators) administrators =
    iss_central_store_get_administrators (self->store, self->pool_name, NULL, &local_error);

  if (administrators != NULL)
    return self->signer == NULL ||
           iss_administration_check_signer (administrators, self->signer, error);

  /* Nobody is enrolled, and nobody would get it. */
  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
load_present (Assign  *self,
              GError **error)
{
  g_autoptr(GError) local_error = NULL;

  self->present = iss_central_store_get_wanted (self->store, self->pool_name, self->type,
                                                &self->seen, &local_error);
  if (self->present != NULL || g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* A damaged report is as good as none. */
static GPtrArray *
load_reports (Assign *self)
{
  GPtrArray *reports =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);

  for (guint i = 0; self->server_names[i] != NULL; i++)
    {
      IssReplicaReport *report = iss_central_store_get_report (self->store, self->pool_name,
                                                               self->server_names[i], NULL);

      g_ptr_array_add (reports, report != NULL ? report
                                               : iss_replica_report_new (self->server_names[i]));
    }

  return reports;
}

static gboolean
plan_change (Assign  *self,
             GError **error)
{
  g_autoptr(GPtrArray) reports = load_reports (self);

  self->manifest = iss_global_plan_make (self->present, self->pool_name, self->type,
                                         &self->change, self->certificate, self->chain,
                                         self->force, error);

  return self->manifest != NULL &&
         iss_global_gate_pass (self->present, &self->change, reports,
                               (const char *const *) self->excepted, &self->manifest,
                               &self->only_holds, error);
}

static gboolean
plan (Assign  *self,
      GError **error)
{
  if (self->has_change)
    return plan_change (self, error);

  if (self->present == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   /* Translators: certificate type, pool */
                   _("Nothing is assigned to %s globally in pool %s"), self->type->name,
                   self->pool_name);
      return FALSE;
    }

  self->manifest = self->anew
    ? iss_global_plan_renew (self->present, self->now)
    : iss_manifest_copy (iss_wanted_get_manifest (self->present));
  /* What was only held stays so. */
  self->only_holds = self->anew && self->manifest->held && self->present->arming == NULL;

  return TRUE;
}

/* The keys that are here already. */
static gboolean
seal_own (Assign           *self,
          IssGlobalTarget  *target,
          GError          **error)
{
  for (guint i = 0; self->key != NULL && i < ISS_N_SLOTS; i++)
    {
      if (iss_global_target_lacks (target, self->manifest, (IssSlot) i) &&
          iss_private_key_matches (self->key, self->manifest->slot[i]) &&
          !iss_global_target_seal (target, (IssSlot) i, self->key, error))
        return FALSE;
    }

  return TRUE;
}

static void
prepare_worker (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Assign *self = task_data;
  g_autoptr(GError) error = NULL;

  if (!check_signer (self, &error) || !load_present (self, &error) || !plan (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; self->server_names[i] != NULL; i++)
    {
      IssGlobalTarget *target = iss_global_target_load (self->store, self->manifest,
                                                        self->present, self->server_names[i],
                                                        &error);

      if (target != NULL)
        g_ptr_array_add (self->targets, target);
      if (target == NULL || !seal_own (self, target, &error))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }

  g_task_return_boolean (task, TRUE);
}

static gboolean
put_packages (Assign     *self,
              IssWanted  *wanted,
              GError    **error)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      IssGlobalTarget *target = g_ptr_array_index (self->targets, i);
      g_autoptr(GBytes) package = NULL;

      if (target->trouble != NULL)
        continue;

      if (target->package_hex == NULL)
        {
          package = iss_global_target_compose (target, self->manifest, self->signer,
                                               self->signer_key, self->now, error);
          if (package == NULL || !iss_central_store_put_package (self->store, package, error))
            return FALSE;

          target->package_hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, package);
        }

      iss_wanted_set_server (wanted, target->server, target->package_hex);
    }

  return TRUE;
}

/* With something new, the pool's own copy and what arms it; else what was there. */
static IssWanted *
new_wanted (Assign  *self,
            GError **error)
{
  GBytes *const none[ISS_N_SLOTS] = { NULL };
  g_autoptr(GPtrArray) signers = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) arming = NULL;
  g_autoptr(IssPackage) copy = NULL;
  IssWanted *wanted;

  if (!self->has_change && !self->anew)
    {
      wanted = iss_wanted_new (self->present->copy, self->present->arming,
                               (const char *const *) (self->excepted != NULL
                                                      ? self->excepted
                                                      : self->present->excepted));
      wanted->armed_at = self->present->armed_at;
      wanted->was_armed = self->present->was_armed;
      return wanted;
    }

  if (self->manifest->held && !self->only_holds)
    {
      arming = iss_arming_sign (self->manifest, self->signer, self->signer_key, self->now, error);
      if (arming == NULL)
        return NULL;
    }

  g_ptr_array_add (signers, self->signer);
  bytes = iss_package_compose (self->manifest, none, self->signer, self->signer_key, self->now,
                               error);
  copy = bytes != NULL ? iss_package_verify (bytes, signers, error) : NULL;

  if (copy == NULL)
    return NULL;

  wanted = iss_wanted_new (copy, arming,
                           (const char *const *) (self->anew ? self->present->excepted
                                                             : self->excepted));
  wanted->was_armed = iss_global_gate_was_armed (self->present, self->manifest);

  return wanted;
}

/* Another administrator was faster: who, and with what. */
static GError *
new_rival_error (Assign *self,
                 GError *error)
{
  g_autoptr(IssWanted) won = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = NULL;

  if (!g_error_matches (error, ISS_ERROR, ISS_ERROR_CHANGED))
    return error;

  won = iss_central_store_get_wanted (self->store, self->pool_name, self->type, NULL, NULL);
  if (won == NULL)
    return error;

  text = iss_global_rival_dup_text (won, self->manifest, zone);
  g_error_free (error);

  return g_error_new_literal (ISS_ERROR, ISS_ERROR_CHANGED, text);
}

static void
commit_worker (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Assign *self = task_data;
  g_autoptr(IssWanted) wanted = NULL;
  g_autoptr(GError) error = NULL;

  wanted = new_wanted (self, &error);

  /* Packages first: what is wanted names only those that are there. */
  if (wanted == NULL || !put_packages (self, wanted, &error) ||
      !iss_central_store_put_wanted (self->store, wanted, self->seen, &error))
    {
      g_task_return_error (task, new_rival_error (self, g_steal_pointer (&error)));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
committed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, outcome_new (g_task_get_task_data (task)),
                         (GDestroyNotify) iss_global_outcome_free);
}

static void
commit (GTask *task)
{
  Assign *self = g_task_get_task_data (task);
  g_autoptr(GTask) work = NULL;
  guint n_served = 0;

  for (guint i = 0; i < self->targets->len; i++)
    if (((IssGlobalTarget *) self->targets->pdata[i])->trouble == NULL)
      n_served++;

  if (n_served == 0)
    {
      const IssGlobalTarget *first = self->targets->len > 0 ? self->targets->pdata[0] : NULL;

      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_REFUSED,
                               _("No server of the pool would get it; %s: %s"),
                               first != NULL ? first->server : self->pool_name,
                               first != NULL ? first->trouble : _("it has no servers"));
      return;
    }

  if (self->what_if)
    {
      g_task_return_pointer (task, outcome_new (self), (GDestroyNotify) iss_global_outcome_free);
      return;
    }

  /* From here on the answer is what happened. */
  g_task_set_check_cancellable (task, FALSE);
  work = g_task_new (NULL, NULL, committed_cb, g_object_ref (task));
  g_task_set_task_data (work, self, NULL);
  g_task_run_in_thread (work, commit_worker);
}

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (iss_global_keys_collect_finish (result, &error))
    commit (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
prepared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Assign *self = g_task_get_task_data (task);
  const IssGlobalKeys keys =
    {
      .pool = self->pool, .manifest = self->manifest, .targets = self->targets,
      .signer = self->signer, .signer_key = self->signer_key, .now = self->now,
    };
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->what_if)
    commit (task);
  else
    iss_global_keys_collect_async (&keys, g_task_get_cancellable (task), collected_cb,
                                   g_object_ref (task));
}

/**
 * iss_global_assign_async:
 * @request: what is decided; not needed after this returns
 * @cancellable: (nullable): a cancellable; counts until it is decided
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Records the next revision of a type in the central store, with a package for each server that
 * is enrolled: all of it by one compare and swap. A key that is not given is sealed by a server
 * that has it. Nothing is delivered here: see core/central/replicator.h.
 */
void
iss_global_assign_async (const IssGlobalRequest *request,
                         GCancellable           *cancellable,
                         GAsyncReadyCallback     callback,
                         gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) work = NULL;
  Assign *self;

  g_return_if_fail (request != NULL);

  self = g_new0 (Assign, 1);
  self->store = g_object_ref (request->store);
  self->pool = g_object_ref (request->pool);
  self->pool_name = g_strdup (iss_pool_get_name (request->pool));
  self->server_names = iss_pool_dup_server_names (request->pool);
  self->type = request->type;
  g_set_object (&self->signer, request->signer);
  g_set_object (&self->signer_key, request->signer_key);
  g_set_object (&self->certificate, request->certificate);
  self->chain = request->chain != NULL ? g_ptr_array_ref (request->chain) : NULL;
  g_set_object (&self->key, request->key);
  self->excepted = g_strdupv ((char **) request->excepted);
  self->force = request->force;
  self->anew = request->anew;
  self->what_if = request->what_if;
  self->now = request->now;
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_global_target_free);
  if (request->change != NULL)
    {
      self->has_change = TRUE;
      self->change = *request->change;
      self->change.typed = g_strdup (request->change->typed);
      self->change.zone = g_strdup (request->change->zone);
      self->change.compromised_hex = g_strdup (request->change->compromised_hex);
    }

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_global_assign_async);
  g_task_set_task_data (task, self, assign_free);
  work = g_task_new (NULL, cancellable, prepared_cb, g_object_ref (task));
  g_task_set_task_data (work, self, NULL);
  g_task_run_in_thread (work, prepare_worker);
}

/**
 * iss_global_assign_finish:
 * @result: what the callback got
 * @error: return location for an error: as of iss_global_plan_make(); %ISS_ERROR_CHANGED when
 *   another administrator was faster; %ISS_ERROR_REFUSED when no server would get it
 *
 * Returns: (transfer full): what was decided
 */
IssGlobalOutcome *
iss_global_assign_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
