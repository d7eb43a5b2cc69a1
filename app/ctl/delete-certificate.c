/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/verb.h"
#include "core/pool/pool-trash.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "store", "what-if", "force",
                                       NULL };

static GPtrArray *
find_certificates (CtlContext    *context,
                   GPtrArray     *servers,
                   IssStoreName   store,
                   const char    *typed,
                   GError       **error)
{
  g_auto(GStrv) thumbprints = g_strsplit (typed, ",", -1);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; thumbprints[i] != NULL; i++)
    {
      GBytes *sha256 = ctl_context_find_certificate_in (context, servers, store,
                                                        g_strstrip (thumbprints[i]), error);

      if (sha256 == NULL)
        return NULL;

      g_ptr_array_add (found, sha256);
    }

  return g_steal_pointer (&found);
}

static CtlExitStatus
delete_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  const char *nick = ctl_context_get (context, "store");
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GPtrArray) certificates = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssStoreName store;
  IssPool *pool = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say which certificate: --thumbprint T[,T…]\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!iss_store_name_parse (nick != NULL ? nick : "my", &store, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  certificates = find_certificates (context, servers, store, typed, &error);
  if (certificates == NULL)
    return ctl_context_fail (context, error);

  job = iss_pool_trash_delete_new (servers, store, certificates,
                                   ctl_context_has (context, "force"),
                                   ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);

  return ctl_job_output_print (context, job, "delete-certificate");
}

const CtlVerb ctl_delete_certificate_verb =
{
  .name = "delete-certificate",
  .summary = N_("Delete certificates on servers; they can be restored for 30 days"),
  .words = "",
  .options = options,
  .run = delete_certificate,
};
