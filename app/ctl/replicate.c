/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "app/ctl/central.h"
#include "app/ctl/verb.h"
#include "core/central/replication-service.h"

static const char *const options[] = { "pool", "watch", NULL };

/* What the signals' and the service's handlers share. */
typedef struct
{
  CtlContext *context;
  gboolean    is_over;
} Watch;

static gboolean
over_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->is_over = TRUE;

  return G_SOURCE_CONTINUE;
}

/* What went wrong in a pass, once it is over. */
static void
changed_cb (IssReplicationService *service,
            Watch                 *watch)
{
  const GError *error = iss_replication_service_get_error (service);
  GPtrArray *reports = iss_replication_service_get_reports (service);

  if (iss_replication_service_is_running (service))
    return;

  if (error != NULL)
    ctl_context_warn (watch->context, error->message);

  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);

      if (report->error != NULL)
        ctl_context_warn (watch->context, report->error);
    }
}

static CtlExitStatus
serve (CtlContext *context,
       CtlCentral *central)
{
  g_autoptr(IssReplicationService) service = NULL;
  Watch watch = { .context = context };
  const guint term = g_unix_signal_add (SIGTERM, over_cb, &watch);
  const guint interrupt = g_unix_signal_add (SIGINT, over_cb, &watch);

  service = iss_replication_service_new (central->store, central->pool);
  iss_replication_service_set_closes (service, TRUE);
  g_signal_connect (service, "changed", G_CALLBACK (changed_cb), &watch);
  iss_replication_service_start (service);
  while (!watch.is_over)
    g_main_context_iteration (NULL, TRUE);

  iss_replication_service_stop (service);
  g_signal_handlers_disconnect_by_data (service, &watch);
  g_source_remove (term);
  g_source_remove (interrupt);

  return CTL_EXIT_STATUS_DONE;
}

static CtlExitStatus
replicate (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GError) error = NULL;

  if (!ctl_central_open (context, &central, NULL, &error))
    return ctl_context_fail (context, error);

  return ctl_context_has (context, "watch") ? serve (context, &central)
                                            : ctl_central_replicate (context, &central, NULL,
                                                                     ISS_REPLICATOR_NORMAL);
}

const CtlVerb ctl_replicate_verb =
{
  .name = "replicate",
  .summary = N_("Bring what is assigned globally to the servers of a pool; --watch stays"),
  .words = "",
  .options = options,
  .run = replicate,
};
