/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/pool/pool-properties.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "store", "friendly-name",
                                       "description", "intent", "not-exportable", "what-if",
                                       "force", NULL };

static gboolean
read_changes (CtlContext               *context,
              IssAgentPropertyChanges  *changes,
              GError                  **error)
{
  const char *intent = ctl_context_get (context, "intent");

  changes->friendly_name = ctl_context_get (context, "friendly-name");
  changes->description = ctl_context_get (context, "description");
  changes->not_exportable = ctl_context_has (context, "not-exportable");

  if (intent != NULL)
    {
      changes->intent = iss_intent_from_string (intent);
      if (changes->intent == ISS_INTENT_UNKNOWN)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("--intent is pool or server"));
          return FALSE;
        }
    }

  if (changes->friendly_name == NULL && changes->description == NULL &&
      changes->intent == ISS_INTENT_UNKNOWN && !changes->not_exportable)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("Say what to change: --friendly-name, --description, --intent, "
                             "--not-exportable"));
      return FALSE;
    }

  return TRUE;
}

static CtlExitStatus
set_property (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  const char *nick = ctl_context_get (context, "store");
  IssAgentPropertyChanges changes = { NULL };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssStoreName store;
  IssPool *pool = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which certificate: --thumbprint T\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!read_changes (context, &changes, &error) ||
      !iss_store_name_parse (nick != NULL ? nick : "my", &store, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate_in (context, servers, store, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  job = iss_pool_properties_new (servers, sha256, &changes, ctl_context_has (context, "force"),
                                 ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);

  return ctl_job_output_print (context, job, "set-property");
}

const CtlVerb ctl_set_property_verb =
{
  .name = "set-property",
  .summary = N_("Change the name, description, purpose of a certificate on servers"),
  .words = "",
  .options = options,
  .run = set_property,
};
