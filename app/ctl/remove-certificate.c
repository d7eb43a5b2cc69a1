/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/global.h"
#include "app/ctl/job-output.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/pool/pool-assign.h"

static const char *const options[] = { CTL_VERB_WHERE, CTL_GLOBAL_OPTIONS, "type", "previous",
                                       "staged", "except", "what-if", "force", NULL };

static const IssTransitionKind changes[] =
{
  ISS_TRANSITION_REMOVE_CURRENT, ISS_TRANSITION_REMOVE_PREVIOUS, ISS_TRANSITION_CANCEL,
};

static IssSlot
get_slot (CtlContext *context)
{
  if (ctl_context_has (context, "staged"))
    return ISS_SLOT_STAGED;

  return ctl_context_has (context, "previous") ? ISS_SLOT_PREVIOUS : ISS_SLOT_CURRENT;
}

static CtlExitStatus
remove_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "type");
  const IssCertificateType *type;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  CtlExitStatus status;

  if (ctl_context_has (context, "staged") && ctl_context_has (context, "previous"))
    {
      g_printerr (_("issuantctl: One at a time: --previous or --staged\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which type: --type OAuthTokenIssuer\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  type = iss_certificate_type_parse (typed, &error);
  if (type == NULL)
    return ctl_context_fail (context, error);

  if (ctl_global_is_meant (context))
    return ctl_global_remove (context, type->name);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  ctl_global_warn (context, pool, (const char *const []) { type->name, NULL });
  job = iss_pool_assign_new_remove (pool, servers, type->name, get_slot (context),
                                    ctl_context_has (context, "force"),
                                    ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);
  status = ctl_job_output_print (context, job, "remove-certificate");

  if (!iss_pool_assign_record (ctl_context_get_workspace (context), pool, job,
                               ctl_context_get_who (context), NULL, &error))
    return ctl_context_fail (context, error);

  return status;
}

const CtlVerb ctl_remove_certificate_verb =
{
  .name = "remove-certificate",
  .summary = N_("Take a certificate out of use; it is not deleted"),
  .words = "",
  .options = options,
  .run = remove_certificate,
  .changes = changes,
  .n_changes = G_N_ELEMENTS (changes),
};
