/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/central.h"
#include "app/ctl/replication-output.h"
#include "app/ctl/verb.h"

static const char *const options[] = { "server", "pool", "details", NULL };

static CtlExitStatus
get_replication_status (CtlContext *context)
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

  return ctl_replication_output_print (context, pool, central.store, servers);
}

const CtlVerb ctl_get_replication_status_verb =
{
  .name = "get-replication-status",
  .summary = N_("Show how far each server is with what is assigned globally, as last reported"),
  .words = "",
  .options = options,
  .run = get_replication_status,
};
