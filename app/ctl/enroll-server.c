/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/central.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/central/enroller.h"

static const char *const options[] = { "server", "pool", "key-password-file", "what-if",
                                       "force", NULL };

/* Takes @error. */
static GError *
name_way_out (IssServer *server,
              GError    *error)
{
  g_autofree char *short_name = iss_server_dup_short_name (server);
  g_autofree char *text = NULL;

  if (!g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION))
    return error;

  /* Translators: why a server may be another one, a server */
  text = g_strdup_printf (_("%s. Have what is seen now confirmed; then “issuantctl enroll-server "
                            "--server %s --force” enrols it"), error->message, short_name);
  g_free (error->message);
  error->message = g_steal_pointer (&text);

  return error;
}

static gboolean
enroll (CtlContext *context,
        CtlCentral *central,
        IssServer  *server,
        GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(IssEnrolment) enrolment = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *line = NULL;

  if (ctl_context_has (context, "what-if"))
    {
      line = g_strdup_printf (_("%s would be enrolled.\n"), iss_server_get_name (server));
      ctl_context_print (context, line);
      return TRUE;
    }

  iss_enroller_run_async (central->store, iss_pool_get_name (central->pool), server,
                          central->signer, central->signer_key, ctl_context_get_now (context),
                          ctl_context_has (context, "force") ? ISS_ENROLLER_ANY_KEY : NULL, NULL,
                          ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  enrolment = iss_enroller_run_finish (result, &local_error);
  if (enrolment == NULL)
    {
      g_propagate_error (error, name_way_out (server, g_steal_pointer (&local_error)));
      return FALSE;
    }

  seen = iss_enrolment_dup_seen (enrolment);
  /* Translators: a server, "ssh host key …", SHA-256 of its key's certificate */
  line = g_strdup_printf (_("%s is enrolled, %s; packages for it are sealed to %s.\n"),
                          enrolment->server, seen,
                          iss_certificate_get_sha256_hex (enrolment->recipient));
  ctl_context_print (context, line);

  /* Of many servers, none is kept waiting for all. */
  iss_server_disconnect (server);

  return TRUE;
}

/* What was assigned globally before goes to them, too. */
static CtlExitStatus
complete (CtlContext *context,
          CtlCentral *central)
{
  g_autoptr(GPtrArray) wanted = NULL;
  g_autoptr(GError) error = NULL;
  CtlExitStatus status = CTL_EXIT_STATUS_DONE;

  wanted = iss_central_store_list_wanted (central->store, iss_pool_get_name (central->pool),
                                          &error);
  if (wanted == NULL)
    return ctl_context_fail (context, error);

  for (guint i = 0; i < wanted->len; i++)
    {
      const IssGlobalRequest request =
        {
          .type = iss_wanted_get_manifest (wanted->pdata[i])->type,
        };
      const CtlExitStatus one = ctl_central_assign (context, central, &request);

      if (one != CTL_EXIT_STATUS_DONE)
        status = one;
    }

  return status;
}

static CtlExitStatus
enroll_server (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  CtlExitStatus status = CTL_EXIT_STATUS_NOT_REACHED;
  IssPool *pool = NULL;
  guint n = 0;

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL || !ctl_central_unlock (context, &central, &error) ||
      !ctl_central_open (context, &central, pool, &error))
    return ctl_context_fail (context, error);

  for (guint i = 0; i < servers->len; i++)
    {
      g_clear_error (&error);
      if (enroll (context, &central, servers->pdata[i], &error))
        {
          n++;
          continue;
        }

      ctl_context_warn_of_server (servers->pdata[i], error->message);
      if (iss_server_is_answering (servers->pdata[i]))
        status = ctl_exit_status_of_error (error);
    }

  if (n == 0)
    return status;

  if (!ctl_context_has (context, "what-if"))
    {
      status = complete (context, &central);
      if (status != CTL_EXIT_STATUS_DONE)
        return status;
    }

  return n == servers->len ? CTL_EXIT_STATUS_DONE : CTL_EXIT_STATUS_PARTLY;
}

const CtlVerb ctl_enroll_server_verb =
{
  .name = "enroll-server",
  .summary = N_("Let servers take part in global assignment: exchange keys with them"),
  .words = "",
  .options = options,
  .run = enroll_server,
};
