/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administration.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"

static const char *const options[] = { "pool", NULL };

static CtlExitStatus
get_administrator (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_central_open (context, &central, NULL, &error))
    return ctl_context_fail (context, error);

  administrators = iss_central_store_get_administrators (central.store,
                                                         iss_pool_get_name (central.pool), NULL,
                                                         &error);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_printerr (_("Pool %s has no administrators yet: whoever enrols its first server is the "
                    "first.\n"), iss_pool_get_name (central.pool));
      return CTL_EXIT_STATUS_DONE;
    }

  if (administrators == NULL)
    return ctl_context_fail (context, error);

  ctl_administration_print (context, administrators);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_get_administrator_verb =
{
  .name = "get-administrator",
  .summary = N_("Who may assign globally in a pool"),
  .words = "",
  .options = options,
  .run = get_administrator,
};
