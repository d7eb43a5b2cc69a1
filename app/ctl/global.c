/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/global.h"

#include <glib/gi18n.h>

#include "app/ctl/central.h"
#include "app/ctl/fetch.h"
#include "app/ctl/roll.h"
#include "core/agent/agent-path.h"
#include "core/base/error.h"
#include "core/central/global-distrust.h"
#include "core/certificate/chain.h"

/**
 * ctl_global_is_meant:
 * @context: a context
 *
 * Returns: whether --identity global is there
 */
gboolean
ctl_global_is_meant (CtlContext *context)
{
  return ctl_context_get (context, "identity") != NULL;
}

/* There is one identity, and it stands alone, but for the pool if there are several. */
static gboolean
check_identity (CtlContext  *context,
                GError     **error)
{
  const char *identity = ctl_context_get (context, "identity");

  if (g_ascii_strcasecmp (identity, "global") != 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--identity is global; a server is named with --server"));
      return FALSE;
    }

  if (ctl_context_has (context, "server"))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--server, --pool and --identity exclude each other"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
begin (CtlContext  *context,
       CtlCentral  *central,
       GError     **error)
{
  *central = (CtlCentral) { NULL };

  return check_identity (context, error) && ctl_central_unlock (context, central, error) &&
         ctl_central_open (context, central, NULL, error);
}

/* What the whole pool must use alike waits until all are ready. */
static void
set_date (IssTransition            *change,
          CtlContext               *context,
          const IssCertificateType *type,
          IssEffectiveDate         *date)
{
  change->instant = iss_effective_date_get_instant (date);
  change->typed = iss_effective_date_get_typed (date);
  change->zone = iss_effective_date_get_zone (date);
  change->held = type->pool_wide && !ctl_context_has (context, "unconditional");
}

static char **
dup_excepted (CtlContext  *context,
              GError     **error)
{
  const char *typed = ctl_context_get (context, "except");
  g_auto(GStrv) names = typed != NULL ? g_strsplit (typed, ",", -1) : g_new0 (char *, 1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      IssServer *server = ctl_context_find_server (context, g_strstrip (names[i]), NULL, error);

      if (server == NULL)
        return NULL;

      g_free (names[i]);
      names[i] = g_strdup (iss_server_get_name (server));
    }

  return g_steal_pointer (&names);
}

static CtlExitStatus
assign (CtlContext               *context,
        CtlCentral               *central,
        const IssCertificateType *type,
        IssTransition            *change,
        IssCertificate           *certificate,
        GPtrArray                *chain,
        IssPrivateKey            *key,
        IssEffectiveDate         *date)
{
  IssGlobalRequest request =
    {
      .type = type, .change = change, .certificate = certificate, .chain = chain, .key = key,
    };
  g_auto(GStrv) excepted = NULL;
  g_autoptr(GError) error = NULL;

  change->now = ctl_context_get_now (context);
  if (date != NULL)
    set_date (change, context, type, date);
  if (date != NULL && !ctl_roll_check_clocks (context, central->pool, NULL))
    return CTL_EXIT_STATUS_REFUSED;

  excepted = dup_excepted (context, &error);
  if (excepted == NULL)
    return ctl_context_fail (context, error);

  request.excepted = (const char *const *) excepted;

  return ctl_central_assign (context, central, &request);
}

/**
 * ctl_global_import:
 * @context: a context
 * @certificate: (nullable): what the file is about
 * @others: (element-type IssCertificate): what else is in it
 * @key: (nullable): its private key
 * @type: (nullable): what for
 * @date: (nullable): when it becomes current; %NULL: at once
 *
 * Assigns what is in a file on every server of the pool. Its private key leaves this program only
 * sealed.
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_global_import (CtlContext       *context,
                   IssCertificate   *certificate,
                   GPtrArray        *others,
                   IssPrivateKey    *key,
                   const char       *type,
                   IssEffectiveDate *date)
{
  IssTransition change = { .kind = date != NULL ? ISS_TRANSITION_STAGE : ISS_TRANSITION_SET };
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GPtrArray) chain = NULL;
  g_autoptr(GError) error = NULL;

  if (type == NULL)
    {
      g_printerr (_("issuantctl: What is imported globally is assigned as well: say what for: "
                    "--type OAuthTokenIssuer\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (certificate == NULL || key == NULL)
    {
      g_set_error_literal (&error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The file has no private key: what is assigned globally goes to every "
                             "server with its key. Import the file with the key, a PFX"));
      return ctl_context_fail (context, error);
    }

  if (!begin (context, &central, &error))
    return ctl_context_fail (context, error);

  chain = iss_chain_dup_issuers (certificate, others, ISS_MANIFEST_MAX_CHAIN,
                                 ctl_context_get_now (context));

  return assign (context, &central, iss_certificate_type_find (type), &change, certificate, chain,
                 key, date);
}

static GPtrArray *
dup_servers (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

/* The certificate and its issuers as a server that has it sees them. */
static IssAgentPath *
find_path (CtlContext  *context,
           GPtrArray   *servers,
           GBytes      *sha256,
           GError     **error)
{
  g_autoptr(IssAgentCall) call = iss_agent_path_new_call ("my", sha256);
  g_autoptr(GError) local_error = NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      IssAgentPath *path;

      g_clear_error (&local_error);
      iss_server_call_async (servers->pdata[i], call, NULL, ctl_context_result_cb, context);
      result = ctl_context_wait (context);
      path = iss_server_call_finish (servers->pdata[i], result, &local_error);
      if (path != NULL)
        return path;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static gboolean
is_current (CtlCentral               *central,
            const IssCertificateType *type,
            IssCertificate           *certificate)
{
  g_autoptr(IssWanted) wanted = iss_central_store_get_wanted (
    central->store, iss_pool_get_name (central->pool), type, NULL, NULL);
  IssCertificate *current = wanted != NULL
    ? iss_wanted_get_manifest (wanted)->slot[ISS_SLOT_CURRENT] : NULL;

  return current != NULL && g_bytes_equal (iss_certificate_get_sha256 (current),
                                           iss_certificate_get_sha256 (certificate));
}

static CtlExitStatus
distrust (CtlContext     *context,
          CtlCentral     *central,
          IssCertificate *compromised)
{
  g_autoptr(IssJob) job = iss_global_distrust_new (central->pool, compromised);
  const guint n = iss_job_get_n_entries (job);
  guint n_done;

  ctl_context_run_job (context, job);
  n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  for (guint i = 0; i < n; i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      g_autofree char *text = NULL;

      if (iss_job_entry_get_state (entry) == ISS_JOB_DONE)
        continue;

      /* Translators: why it is so */
      text = g_strdup_printf (_("It still trusts the compromised certificate: %s. Give the same "
                                "command once more when it answers"),
                              iss_job_entry_get_text (entry));
      ctl_context_warn_of_server (iss_job_entry_get_server (entry), text);
    }

  /* Translators: name of a certificate, two numbers of servers */
  g_printerr (_("“%s” is untrusted on %u of %u servers.\n"),
              iss_certificate_get_issued_to (compromised), n_done, n);

  return n_done == n ? CTL_EXIT_STATUS_DONE : CTL_EXIT_STATUS_PARTLY;
}

static CtlExitStatus
set_certificate (CtlContext               *context,
                 CtlCentral               *central,
                 const IssCertificateType *type,
                 IssTransition            *change,
                 IssEffectiveDate         *date)
{
  g_autoptr(GPtrArray) servers = dup_servers (central->pool);
  g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssAgentPath) path = NULL;
  g_autoptr(IssCertificate) compromised = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;
  CtlExitStatus status;

  if (ctl_context_has (context, "compromised"))
    {
      compromised = ctl_fetch_compromised (context, central->pool, &error);
      if (compromised == NULL)
        return ctl_context_fail (context, error);

      change->kind = ISS_TRANSITION_REPLACE;
      change->compromised_hex = iss_certificate_get_sha256_hex (compromised);
    }

  sha256 = ctl_context_find_certificate (context, servers,
                                         ctl_context_get (context, "thumbprint"), &error);
  path = sha256 != NULL ? find_path (context, servers, sha256, &error) : NULL;
  if (path == NULL)
    return ctl_context_fail (context, error);

  for (guint i = 1; i < iss_agent_path_get_n_links (path); i++)
    g_ptr_array_add (chain, g_object_ref (iss_agent_path_get_certificate (path, i)));

  certificate = iss_agent_path_get_certificate (path, 0);
  status = assign (context, central, type, change, certificate, chain, NULL, date);

  /* Nothing is distrusted that is still decided to be used. */
  if (compromised != NULL && status != CTL_EXIT_STATUS_REFUSED &&
      !ctl_context_has (context, "what-if") && is_current (central, type, certificate))
    {
      const CtlExitStatus after = distrust (context, central, compromised);

      return status != CTL_EXIT_STATUS_DONE ? status : after;
    }

  return status;
}

/**
 * ctl_global_set:
 * @context: a context
 * @types: (array zero-terminated=1): names of certificate types: one
 * @date: (nullable): of --effective-date or --postpone
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_global_set (CtlContext        *context,
                const char *const *types,
                IssEffectiveDate  *date)
{
  const IssCertificateType *type = iss_certificate_type_find (types[0]);
  IssTransition change = { .kind = date != NULL ? ISS_TRANSITION_STAGE : ISS_TRANSITION_SET };
  g_auto(CtlCentral) central = { NULL };
  g_auto(GStrv) excepted = NULL;
  g_autoptr(GError) error = NULL;

  if (types[1] != NULL)
    {
      g_printerr (_("issuantctl: Globally one type is assigned at a time\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!begin (context, &central, &error))
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "keep-staged"))
    change.staged = ISS_STAGED_KEEP;
  if (ctl_context_has (context, "cancel-staged"))
    change.staged = ISS_STAGED_CANCEL;
  if (ctl_context_has (context, "postpone"))
    change.kind = ISS_TRANSITION_POSTPONE;
  if (ctl_context_has (context, "swap-back"))
    change.kind = ISS_TRANSITION_SWAP_BACK;

  if (ctl_context_has (context, "arm"))
    {
      const IssGlobalRequest request = { .type = type };
      IssGlobalRequest arm = request;

      excepted = dup_excepted (context, &error);
      if (excepted == NULL)
        return ctl_context_fail (context, error);

      arm.excepted = (const char *const *) excepted;
      if (!ctl_roll_check_clocks (context, central.pool, NULL))
        return CTL_EXIT_STATUS_REFUSED;

      return ctl_central_assign (context, &central, &arm);
    }

  if (change.kind == ISS_TRANSITION_POSTPONE || change.kind == ISS_TRANSITION_SWAP_BACK)
    return assign (context, &central, type, &change, NULL, NULL, NULL, date);

  return set_certificate (context, &central, type, &change, date);
}

/**
 * ctl_global_remove:
 * @context: a context
 * @type: the name of a certificate type
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_global_remove (CtlContext *context,
                   const char *type)
{
  IssTransition change = { .kind = ISS_TRANSITION_REMOVE_CURRENT };
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GError) error = NULL;

  if (ctl_context_has (context, "previous"))
    change.kind = ISS_TRANSITION_REMOVE_PREVIOUS;
  if (ctl_context_has (context, "staged"))
    change.kind = ISS_TRANSITION_CANCEL;

  if (!begin (context, &central, &error))
    return ctl_context_fail (context, error);

  return assign (context, &central, iss_certificate_type_find (type), &change, NULL, NULL, NULL,
                 NULL);
}

/**
 * ctl_global_warn:
 * @context: a context
 * @pool: the pool whose servers are to be changed
 * @types: (array zero-terminated=1): names of certificate types that are to be changed there
 *
 * Says of each type that is assigned globally that a change by hand is drift.
 */
void
ctl_global_warn (CtlContext        *context,
                 IssPool           *pool,
                 const char *const *types)
{
  g_auto(CtlCentral) central = { NULL };

  if (!ctl_central_exists (context) || !ctl_central_open (context, &central, pool, NULL))
    return;

  for (guint i = 0; types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (types[i]);
      g_autoptr(IssWanted) wanted = NULL;
      g_autofree char *text = NULL;

      wanted = iss_central_store_get_wanted (central.store, iss_pool_get_name (pool), type, NULL,
                                             NULL);
      if (wanted == NULL || iss_manifest_is_empty (iss_wanted_get_manifest (wanted)))
        continue;

      text = g_strdup_printf (_("%s is assigned globally: what is changed by hand is drift, until "
                                "the next decision or invoke-replication --force. "
                                "--identity global changes it on every server"), type->name);
      ctl_context_warn (context, text);
    }
}
