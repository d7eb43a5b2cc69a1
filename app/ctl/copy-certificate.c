/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/pool/pool-copy.h"

static const char *const options[] = { CTL_VERB_WHERE, "from", "thumbprint", "exportable",
                                       "intent", "what-if", NULL };

static IssIntent
read_intent (CtlContext  *context,
             GError     **error)
{
  const char *typed = ctl_context_get (context, "intent");
  IssIntent intent;

  /* A key that another server has already is meant for more than one. */
  if (typed == NULL)
    return ISS_INTENT_POOL;

  intent = iss_intent_from_string (typed);
  if (intent == ISS_INTENT_UNKNOWN)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                         _("--intent is pool or server"));
  return intent;
}

/* --pool means the others of the pool. */
static GPtrArray *
dup_recipients (CtlContext  *context,
                IssServer   *holder,
                IssPool    **out_pool,
                GError     **error)
{
  g_autoptr(GPtrArray) servers = ctl_context_dup_servers (context, TRUE, out_pool, error);

  if (servers == NULL)
    return NULL;

  if (ctl_context_has (context, "pool"))
    g_ptr_array_remove (servers, holder);

  if (servers->len == 0 || g_ptr_array_find (servers, holder, NULL))
    {
      g_autofree char *name = iss_server_dup_short_name (holder);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s is where the certificate comes from: say other servers"), name);
      return NULL;
    }

  return g_steal_pointer (&servers);
}

static CtlExitStatus
copy_certificate (CtlContext *context)
{
  const char *from = ctl_context_get (context, "from");
  const char *typed = ctl_context_get (context, "thumbprint");
  g_autoptr(GPtrArray) holders = g_ptr_array_new ();
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPoolCopyRequest request = { .store = ISS_STORE_MY };
  IssPool *pool = NULL;
  IssPool *holder_pool = NULL;
  CtlExitStatus status;

  if (from == NULL || typed == NULL)
    {
      g_printerr (from == NULL ? _("issuantctl: Say which server has the certificate: --from S\n")
                               : _("issuantctl: Say which certificate: --thumbprint T (get-store "
                                   "lists them)\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  request.intent = read_intent (context, &error);
  if (error != NULL)
    return ctl_context_fail (context, error);

  request.holder = ctl_context_find_server (context, from, &holder_pool, &error);
  if (request.holder == NULL)
    return ctl_context_fail (context, error);

  servers = dup_recipients (context, request.holder, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  g_ptr_array_add (holders, request.holder);
  sha256 = ctl_context_find_certificate (context, holders, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  request.sha256 = sha256;
  request.exportable = ctl_context_has (context, "exportable");
  request.what_if = ctl_context_has (context, "what-if");
  job = iss_pool_copy_new (servers, &request);
  ctl_context_run_job (context, job);
  status = ctl_job_output_print (context, job, "copy-certificate");

  if (iss_pool_copy_get_note (job) != NULL)
    ctl_context_warn (context, iss_pool_copy_get_note (job));

  g_ptr_array_add (asked, sha256);
  ctl_context_look (context, pool, asked);
  ctl_context_warn_of_pool (context, pool);

  return status;
}

const CtlVerb ctl_copy_certificate_verb =
{
  .name = "copy-certificate",
  .summary = N_("Copy a certificate with its private key from one server to others"),
  .words = "",
  .options = options,
  .run = copy_certificate,
};
