/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/verb.h"
#include "core/pool/pool-properties.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "allow", "deny", "what-if",
                                       NULL };

/* (nullable): the option is not there */
static char **
dup_accounts (CtlContext *context,
              const char *option)
{
  const char *typed = ctl_context_get (context, option);
  char **accounts = typed != NULL ? g_strsplit (typed, ",", -1) : NULL;

  for (guint i = 0; accounts != NULL && accounts[i] != NULL; i++)
    g_strstrip (accounts[i]);

  return accounts;
}

/* Whom the permission lets read, but a folder stops: that is the surprise to be told of. */
static void
warn_of_blocked (CtlContext *context,
                 IssJob     *job)
{
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssServer *server = iss_job_entry_get_server (iss_job_get_entry (job, i));
      const IssKeyAccess *access = iss_pool_properties_get_access (job, server);

      for (guint k = 0; access != NULL && k < access->readers->len; k++)
        {
          const IssKeyReader *reader = access->readers->pdata[k];

          if (!reader->may_read && reader->why_not != NULL)
            ctl_context_warn_of_server (server, reader->why_not);
        }
    }
}

static CtlExitStatus
set_key_access (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  g_auto(GStrv) allow = dup_accounts (context, "allow");
  g_auto(GStrv) deny = dup_accounts (context, "deny");
  gboolean changes = allow != NULL || deny != NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which certificate: --thumbprint T\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  servers = ctl_context_dup_servers (context, changes, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate (context, servers, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  job = iss_pool_properties_new_access (servers, sha256, (const char *const *) allow,
                                        (const char *const *) deny,
                                        ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);
  warn_of_blocked (context, job);

  return ctl_job_output_print (context, job, "set-key-access");
}

const CtlVerb ctl_set_key_access_verb =
{
  .name = "set-key-access",
  .summary = N_("Let accounts read a private key; without --allow and --deny show who may"),
  .words = "",
  .options = options,
  .run = set_key_access,
};
