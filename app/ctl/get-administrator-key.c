/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/verb.h"

static const char *const options[] = { NULL };

static CtlExitStatus
get_administrator_key (CtlContext *context)
{
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(GError) error = NULL;

  administrator = ctl_administrator_open (context, &error);
  if (administrator == NULL)
    return ctl_context_fail (context, error);

  ctl_administrator_print (context, administrator);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_get_administrator_key_verb =
{
  .name = "get-administrator-key",
  .summary = N_("Say with which key you sign, and where its certificate is"),
  .words = "",
  .options = options,
  .is_local = TRUE,
  .run = get_administrator_key,
};
