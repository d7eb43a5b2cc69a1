/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/central.h"
#include "app/ctl/replication-output.h"
#include "app/ctl/verb.h"

static const char *const options[] = { "server", "pool", NULL };

static CtlExitStatus
get_replication_status (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GPtrArray) reports =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  if (!ctl_central_open (context, &central, pool, &error))
    return ctl_context_fail (context, error);

  for (guint i = 0; i < servers->len; i++)
    {
      const char *name = iss_server_get_name (servers->pdata[i]);
      IssReplicaReport *report = iss_central_store_get_report (central.store,
                                                               iss_pool_get_name (pool), name,
                                                               NULL);

      g_ptr_array_add (reports, report != NULL ? report : iss_replica_report_new (name));
    }

  return ctl_replication_output_print (context, pool, central.store, reports);
}

const CtlVerb ctl_get_replication_status_verb =
{
  .name = "get-replication-status",
  .summary = N_("Show how far each server is with what is assigned globally, as last reported"),
  .words = "",
  .options = options,
  .run = get_replication_status,
};
