/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/verb.h"
#include "core/pool/topology.h"

static const char *const options[] = { "sip-domains", "what-if", NULL };

static CtlExitStatus
set_pool (CtlContext *context)
{
  IssWorkspace *workspace = ctl_context_get_workspace (context);
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  const char *typed = ctl_context_get (context, "sip-domains");
  g_autoptr(IssTopology) tried = iss_topology_new ();
  g_auto(GStrv) domains = NULL;
  g_autoptr(GError) error = NULL;

  if (words[0] == NULL || typed == NULL)
    {
      g_printerr (_("issuantctl: Say which pool, and its SIP domains: "
                    "set-pool pool01.contoso.example --sip-domains contoso.example\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  domains = g_strsplit (typed, ",", -1);
  for (guint i = 0; domains[i] != NULL; i++)
    g_strstrip (domains[i]);

  /* Judged here as well, so that what is only asked is refused alike. */
  if (*typed == '\0')
    {
      g_printerr (_("issuantctl: --sip-domains is empty: say at least one SIP domain\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }
  if (!iss_topology_set_pool (tried, words[0], (const char *const *) domains, &error))
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "what-if"))
    {
      g_printerr (_("%s would have the SIP domains %s.\n"), words[0], typed);
      return CTL_EXIT_STATUS_DONE;
    }

  if (!iss_workspace_set_pool (workspace, words[0], (const char *const *) domains, &error))
    return ctl_context_fail (context, error);

  g_printerr (_("%s has the SIP domains %s.\n"), words[0], typed);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_set_pool_verb =
{
  .name = "set-pool",
  .summary = N_("Make a pool, or change its SIP domains"),
  .words = "NAME",
  .n_words = 1,
  .options = options,
  .run = set_pool,
};
