/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/central.h"

#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/replication-output.h"
#include "core/base/error.h"
#include "core/central/central-folder.h"
#include "core/central/global-agreement.h"
#include "core/central/pin-folder.h"

/* Below the administrator's own folder: what he believes of the pools. */
#define PINS "pools"

static char *
dup_folder (CtlContext *context)
{
  if (ctl_context_has (context, "demo"))
    return g_build_filename (g_get_user_data_dir (), "issuant", "demo", ISS_CENTRAL_FOLDER_NAME,
                             NULL);

  return g_build_filename (g_get_user_data_dir (), "issuant", ISS_CENTRAL_FOLDER_NAME, NULL);
}

/* The one that is named, or the only one there is. */
static IssPool *
find_pool (CtlContext  *context,
           GError     **error)
{
  IssWorkspace *workspace = ctl_context_get_workspace (context);
  const char *name = ctl_context_get (context, "pool");
  IssPool *pool = NULL;

  if (name != NULL)
    pool = iss_workspace_find_pool (workspace, name);
  else if (iss_workspace_get_n_pools (workspace) == 1)
    pool = iss_workspace_get_pool (workspace, 0);

  if (pool != NULL)
    return pool;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("Say which pool: --pool P, as list-servers shows them"));

  return NULL;
}

/**
 * ctl_central_exists:
 * @context: a context
 *
 * Returns: whether there is a central store already; opening it would make one
 */
gboolean
ctl_central_exists (CtlContext *context)
{
  g_autofree char *folder = dup_folder (context);

  return g_file_test (folder, G_FILE_TEST_IS_DIR);
}

/**
 * ctl_central_open:
 * @context: a context
 * @self: zeroed, or unlocked already: what is opened
 * @pool: (nullable): the pool that is meant; %NULL: that of --pool, or the only one
 * @error: return location for an error
 *
 * Returns: whether there is a central store, and it is clear which pool is meant
 */
gboolean
ctl_central_open (CtlContext  *context,
                  CtlCentral  *self,
                  IssPool     *pool,
                  GError     **error)
{
  g_autofree char *folder = dup_folder (context);
  g_autofree char *own = ctl_administrator_dup_folder (context);
  g_autofree char *pins = g_build_filename (own, PINS, NULL);
  g_autoptr(IssCentralFolder) engine = NULL;

  self->pool = pool != NULL ? pool : find_pool (context, error);
  engine = self->pool != NULL ? iss_central_folder_new (folder, error) : NULL;
  if (engine == NULL)
    return FALSE;

  self->store = iss_central_store_new (ISS_CENTRAL_ENGINE (engine), pins);

  return TRUE;
}

/**
 * ctl_central_unlock:
 * @context: a context
 * @self: zeroed, or opened already
 * @error: return location for an error
 *
 * Takes the passphrase of the administrator's key, or the PIN of the token where it is, from
 * --key-password-file, or asks for it.
 *
 * Returns: whether something can be signed
 */
gboolean
ctl_central_unlock (CtlContext  *context,
                    CtlCentral  *self,
                    GError     **error)
{
  g_autoptr(IssAdministrator) administrator = ctl_administrator_open (context, error);

  if (administrator == NULL)
    return FALSE;

  g_set_object (&self->signer, iss_administrator_get_certificate (administrator));
  if (ctl_context_has (context, "what-if"))
    return TRUE;

  self->signer_key = ctl_administrator_unlock_signing (context, administrator, error);

  return self->signer_key != NULL;
}

/**
 * ctl_central_clear:
 * @self: what was opened
 */
void
ctl_central_clear (CtlCentral *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->signer);
  g_clear_object (&self->signer_key);
}

/**
 * ctl_central_dup_pin_path:
 * @context: a context
 * @pool: a pool
 *
 * Returns: (transfer full): the file from which it follows whom the administrator believes
 */
char *
ctl_central_dup_pin_path (CtlContext *context,
                          IssPool    *pool)
{
  g_autofree char *own = ctl_administrator_dup_folder (context);
  g_autofree char *name = iss_pin_folder_dup_name (iss_pool_get_name (pool));

  return g_build_filename (own, PINS, name, NULL);
}

/**
 * ctl_central_replicate:
 * @context: a context
 * @self: what was opened
 * @servers: (nullable) (element-type IssServer): which; %NULL: all
 * @flags: what it does that it would not do by itself
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_central_replicate (CtlContext *context,
                       CtlCentral *self,
                       GPtrArray  *servers,
                       IssReplicatorFlags flags)
{
  g_autoptr(IssReplicator) replicator = iss_replicator_new (self->store, self->pool);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  g_autoptr(GError) error = NULL;

  iss_replicator_set_closes (replicator, TRUE);
  iss_replicator_run_async (replicator, servers, flags, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  reports = iss_replicator_run_finish (replicator, result, &error);
  if (reports == NULL)
    return ctl_context_fail (context, error);

  return ctl_replication_output_print (context, self->pool, self->store, servers);
}

static void
say_only_holds (CtlContext *context)
{
  ctl_context_warn (context,
                    _("The roll was armed: a server that does not answer may still make it. So "
                      "that all know what it signs with, the roll is held on every server first, "
                      "and taken out when all were seen to hold it"));
}

static void
say_outcome (CtlContext              *context,
             const IssGlobalOutcome  *outcome)
{
  const gboolean what_if = ctl_context_has (context, "what-if");

  g_printerr (what_if ? _("It would be revision %" G_GUINT64_FORMAT " of %s, for %u of %u "
                          "servers.\n")
                      : _("This is revision %" G_GUINT64_FORMAT " of %s, for %u of %u "
                          "servers.\n"),
              outcome->manifest->revision, outcome->manifest->type->name,
              g_strv_length (outcome->served),
              g_strv_length (outcome->served) + g_strv_length (outcome->unserved));
  for (guint i = 0; outcome->unserved[i] != NULL; i++)
    ctl_context_warn (context, outcome->unserved[i]);
}

/**
 * ctl_central_assign:
 * @context: a context
 * @self: what was opened and, unless it is a what-if, unlocked
 * @request: what is decided; store, pool, signer, time, force and what-if are filled in here
 *
 * Returns: the exit status: %CTL_EXIT_STATUS_DONE when every server of the pool has it
 */
CtlExitStatus
ctl_central_assign (CtlContext             *context,
                    CtlCentral             *self,
                    const IssGlobalRequest *request)
{
  const IssReplicatorFlags flags =
    ctl_context_has (context, "force") ? ISS_REPLICATOR_ANY_CLOCK : ISS_REPLICATOR_NORMAL;
  IssGlobalRequest whole = *request;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(IssGlobalOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  CtlExitStatus status;

  whole.store = self->store;
  whole.pool = self->pool;
  whole.signer = self->signer;
  whole.signer_key = self->signer_key;
  whole.now = ctl_context_get_now (context);
  whole.force = ctl_context_has (context, "force");
  whole.what_if = ctl_context_has (context, "what-if");

  iss_global_assign_async (&whole, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  outcome = iss_global_assign_finish (result, &error);

  /* Decided already, but perhaps not delivered. */
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS))
    {
      g_printerr ("%s.\n", error->message);
      return whole.what_if ? CTL_EXIT_STATUS_DONE
                           : ctl_central_replicate (context, self, NULL, flags);
    }

  if (outcome == NULL)
    return ctl_context_fail (context, error);

  say_outcome (context, outcome);
  if (outcome->only_holds)
    say_only_holds (context);
  if (whole.what_if)
    return CTL_EXIT_STATUS_DONE;

  if (!iss_global_agreement_record (ctl_context_get_workspace (context), self->pool, outcome,
                                    ctl_context_get_who (context), &error))
    return ctl_context_fail (context, error);

  status = ctl_central_replicate (context, self, NULL, flags);

  /* If all hold it, it is taken out at once; else that is refused, and says who is missing. */
  return outcome->only_holds ? ctl_central_assign (context, self, request) : status;
}
