/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/not-yet.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/pool/pool-assign.h"

static const char *const options[] = { CTL_VERB_WHERE, "type", "thumbprint", "roll",
                                       "effective-date", "what-if", "force", NULL };

static char **
parse_types (const char  *typed,
             GError     **error)
{
  g_auto(GStrv) names = g_strsplit (typed, ",", -1);
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_parse (g_strstrip (names[i]), error);

      if (type == NULL)
        return NULL;

      g_strv_builder_add (types, type->name);
    }

  return g_strv_builder_end (types);
}

static CtlExitStatus
set_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "type");
  const char *thumbprint = ctl_context_get (context, "thumbprint");
  gboolean what_if = ctl_context_has (context, "what-if");
  g_auto(GStrv) types = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  gboolean agreed = FALSE;
  CtlExitStatus status;

  if (typed == NULL || thumbprint == NULL)
    {
      g_printerr (_("issuantctl: Say what for and which: --type OAuthTokenIssuer "
                    "--thumbprint T\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!ctl_not_yet_check_roll (context, &error))
    return ctl_context_fail (context, error);

  types = parse_types (typed, &error);
  if (types == NULL)
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate (context, servers, thumbprint, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  job = iss_pool_assign_new (pool, servers, (const char *const *) types, sha256,
                             ctl_context_has (context, "force"), what_if);
  ctl_context_run_job (context, job);
  status = ctl_job_output_print (context, job, "set-certificate");

  if (!what_if && !iss_pool_assign_record (ctl_context_get_workspace (context), pool, job,
                                           ctl_context_get_who (context), &agreed, &error))
    return ctl_context_fail (context, error);
  if (agreed)
    g_printerr (_("%s agrees on this certificate now.\n"), iss_pool_get_name (pool));

  return status;
}

const CtlVerb ctl_set_certificate_verb =
{
  .name = "set-certificate",
  .summary = N_("Assign a certificate to a type on servers, at once"),
  .words = "",
  .options = options,
  .run = set_certificate,
};
