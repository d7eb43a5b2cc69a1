/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/central.h"
#include "app/ctl/verb.h"

static const char *const options[] = { "server", "pool", "force", NULL };

static CtlExitStatus
invoke_replication (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  if (!ctl_central_open (context, &central, pool, &error))
    return ctl_context_fail (context, error);

  return ctl_central_replicate (context, &central, servers,
                                ctl_context_has (context, "force") ? ISS_REPLICATOR_FORCE
                                                                   : ISS_REPLICATOR_NORMAL);
}

const CtlVerb ctl_invoke_replication_verb =
{
  .name = "invoke-replication",
  .summary = N_("Bring what is assigned globally to the servers now; --force ends drift"),
  .words = "",
  .options = options,
  .run = invoke_replication,
};
