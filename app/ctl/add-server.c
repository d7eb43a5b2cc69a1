/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/verb.h"
#include "core/base/error.h"

static const char *const options[] = { "pool", "connection", "agent-path", "what-if", NULL };

static CtlExitStatus
add_server (CtlContext *context)
{
  IssWorkspace *workspace = ctl_context_get_workspace (context);
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  const char *pool = ctl_context_get (context, "pool");
  const char *connection = ctl_context_get (context, "connection");
  const char *agent_path = ctl_context_get (context, "agent-path");
  g_autofree char *usual = words[0] != NULL ? g_strconcat ("ssh://", words[0], NULL) : NULL;
  g_autoptr(IssServer) tried = NULL;
  IssServer *known;
  g_autoptr(GError) error = NULL;

  if (words[0] == NULL)
    {
      g_printerr (_("issuantctl: Say which server: add-server fe01.contoso.example --pool P\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (pool == NULL && iss_workspace_get_n_pools (workspace) == 1)
    pool = iss_pool_get_name (iss_workspace_get_pool (workspace, 0));
  if (pool == NULL)
    {
      g_printerr (_("issuantctl: Say which pool it joins: --pool P\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (connection == NULL)
    connection = usual;

  known = iss_workspace_find_server (workspace, words[0], NULL);
  if (known != NULL && g_ascii_strcasecmp (iss_server_get_name (known), words[0]) == 0)
    {
      g_printerr (_("issuantctl: There is a server %s already\n"), iss_server_get_name (known));
      return CTL_EXIT_STATUS_FAILED;
    }

  tried = iss_workspace_make_server (workspace, words[0], connection, agent_path, &error);
  if (tried == NULL)
    return ctl_context_fail (context, error);

  if (!ctl_context_has (context, "what-if") &&
      !iss_workspace_add_server (workspace, pool, words[0], connection, agent_path, &error))
    return ctl_context_fail (context, error);

  g_printerr (ctl_context_has (context, "what-if")
              ? _("%s would be added to %s, reached by %s.\n")
              : _("%s was added to %s, reached by %s. Try it with test-server.\n"),
              words[0], pool, connection);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_add_server_verb =
{
  .name = "add-server",
  .summary = N_("Add a server to a pool"),
  .words = "NAME",
  .n_words = 1,
  .options = options,
  .run = add_server,
};
