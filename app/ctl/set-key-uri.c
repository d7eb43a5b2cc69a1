/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/set-key-uri.h"

#include <glib/gi18n.h>

#include "app/ctl/job-output.h"
#include "app/ctl/password.h"
#include "app/ctl/verb.h"
#include "core/pool/pool-properties.h"
#include "core/store/token-uri.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "key-uri", "pin-file",
                                       "forget", "what-if", NULL };

/**
 * ctl_set_key_uri_check:
 * @context: what was typed
 * @out_pin: (out) (nullable): the token's PIN, if the servers shall be given one
 * @error: return location for an error
 *
 * Looks at --key-uri before any server is asked, and gets the PIN.
 *
 * Returns: whether it may go on
 */
gboolean
ctl_set_key_uri_check (CtlContext  *context,
                       IssSecret  **out_pin,
                       GError     **error)
{
  g_autofree char *uri = iss_token_uri_normalise (ctl_context_get (context, "key-uri"), error);
  g_autoptr(GError) local_error = NULL;

  if (uri == NULL)
    return FALSE;

  if (ctl_context_has (context, "what-if"))
    return TRUE;

  *out_pin = ctl_password_get_pin (ctl_context_get_command_line (context), &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * ctl_set_key_uri_run:
 * @context: what was typed
 * @servers: (element-type IssServer): where
 * @sha256: a certificate of Personal
 * @pin: (nullable): of ctl_set_key_uri_check()
 *
 * Ties the certificate to the key that --key-uri names, and prints what came of it.
 *
 * Returns: how it ended
 */
CtlExitStatus
ctl_set_key_uri_run (CtlContext *context,
                     GPtrArray  *servers,
                     GBytes     *sha256,
                     IssSecret  *pin)
{
  g_autoptr(IssJob) job = NULL;

  job = iss_pool_properties_new_key_uri (servers, sha256, ctl_context_get (context, "key-uri"), pin,
                                         ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);

  return ctl_job_output_print (context, job, "set-key-uri");
}

static gboolean
check_words (CtlContext *context,
             gboolean    forget)
{
  gboolean has_uri = ctl_context_has (context, "key-uri");

  if (!ctl_context_has (context, "thumbprint") || has_uri == forget)
    {
      g_printerr (_("issuantctl: Say which certificate, and which key: --thumbprint T "
                    "--key-uri URI, or --forget\n"));
      return FALSE;
    }

  if (forget && ctl_context_has (context, "pin-file"))
    {
      g_printerr (_("issuantctl: --forget asks no token: leave out --pin-file\n"));
      return FALSE;
    }

  return TRUE;
}

static CtlExitStatus
run_forget (CtlContext *context,
            GPtrArray  *servers,
            GBytes     *sha256)
{
  gboolean what_if = ctl_context_has (context, "what-if");
  g_autoptr(IssJob) job = iss_pool_properties_new_forget_key_uri (servers, sha256, what_if);

  ctl_context_run_job (context, job);

  return ctl_job_output_print (context, job, "set-key-uri");
}

static CtlExitStatus
set_key_uri (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  gboolean forget = ctl_context_has (context, "forget");
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  if (!check_words (context, forget))
    return CTL_EXIT_STATUS_WRONG_USE;

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL || (!forget && !ctl_set_key_uri_check (context, &pin, &error)))
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate (context, servers, typed, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  return forget ? run_forget (context, servers, sha256)
                : ctl_set_key_uri_run (context, servers, sha256, pin);
}

const CtlVerb ctl_set_key_uri_verb =
{
  .name = "set-key-uri",
  .summary = N_("Say in which token (PKCS#11) the private key is, or have it forgotten"),
  .words = "",
  .options = options,
  .run = set_key_uri,
};
