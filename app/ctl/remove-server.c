/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/verb.h"

static const char *const options[] = { "what-if", NULL };

static CtlExitStatus
remove_server (CtlContext *context)
{
  IssWorkspace *workspace = ctl_context_get_workspace (context);
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  IssServer *known;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  if (words[0] == NULL)
    {
      g_printerr (_("issuantctl: Say which server: remove-server fe01.contoso.example\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  known = ctl_context_find_server (context, words[0], NULL, &error);
  if (known == NULL)
    return ctl_context_fail (context, error);

  name = g_strdup (iss_server_get_name (known));
  if (ctl_context_has (context, "what-if"))
    {
      g_printerr (_("%s would be removed from the topology.\n"), name);
      return CTL_EXIT_STATUS_DONE;
    }

  if (!iss_workspace_remove_server (workspace, name, &error))
    return ctl_context_fail (context, error);

  g_printerr (_("%s was removed from the topology. Its certificates and assignments are still "
                "on it.\n"), name);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_remove_server_verb =
{
  .name = "remove-server",
  .summary = N_("Take a server out of its pool; nothing changes on the server"),
  .words = "NAME",
  .n_words = 1,
  .options = options,
  .run = remove_server,
};
