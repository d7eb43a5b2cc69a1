/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/time-text.h"

static const char *const options[] = { "pool", NULL };

static void
print_json (CtlContext *context,
            GPtrArray  *pools)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "pools");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < pools->len; i++)
    {
      IssPool *pool = g_ptr_array_index (pools, i);
      const char *const *domains = iss_pool_get_sip_domains (pool);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "pool", iss_pool_get_name (pool));
      iss_json_text_name (json, "sipDomains");
      iss_json_text_begin_array (json);
      for (guint k = 0; domains[k] != NULL; k++)
        iss_json_text_string (json, domains[k]);
      iss_json_text_end_array (json);
      iss_json_text_name (json, "servers");
      iss_json_text_begin_array (json);
      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        {
          IssServer *server = iss_pool_get_server (pool, k);
          const char *uri = iss_connection_address_get_uri (iss_server_get_address (server));
          gint64 seen_at = iss_server_get_seen_at (server);
          g_autofree char *seen = seen_at != 0 ? iss_time_text_iso (seen_at) : NULL;

          iss_json_text_begin_object (json);
          iss_json_text_name_string (json, "server", iss_server_get_name (server));
          iss_json_text_name_string (json, "connection", uri);
          iss_json_text_name_string (json, "seen", seen);
          iss_json_text_end_object (json);
        }
      iss_json_text_end_array (json);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_table (CtlContext *context,
             GPtrArray  *pools)
{
  const char *titles[] = { _("Server"), _("Pool"), _("Connection"), _("Last seen"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < pools->len; i++)
    {
      IssPool *pool = g_ptr_array_index (pools, i);

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        {
          IssServer *server = iss_pool_get_server (pool, k);
          const char *uri = iss_connection_address_get_uri (iss_server_get_address (server));
          gint64 seen_at = iss_server_get_seen_at (server);
          g_autofree char *seen = seen_at != 0
            ? iss_time_text_instant (seen_at, ctl_context_get_zone (context))
            : g_strdup (_("never"));
          const char *cells[] = { iss_server_get_name (server), iss_pool_get_name (pool), uri, seen,
                                  NULL };

          ctl_table_add (table, cells);
        }
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}

static CtlExitStatus
list_servers (CtlContext *context)
{
  IssWorkspace *workspace = ctl_context_get_workspace (context);
  const char *name = ctl_context_get (context, "pool");
  g_autoptr(GPtrArray) pools = g_ptr_array_new ();

  for (guint i = 0; i < iss_workspace_get_n_pools (workspace); i++)
    {
      IssPool *pool = iss_workspace_get_pool (workspace, i);

      if (name == NULL || pool == iss_workspace_find_pool (workspace, name))
        g_ptr_array_add (pools, pool);
    }

  if (name != NULL && pools->len == 0)
    {
      g_printerr (_("issuantctl: There is no pool “%s”\n"), name);
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (ctl_context_wants_json (context))
    print_json (context, pools);
  else if (pools->len == 0)
    g_printerr (_("There is no pool yet in %s: begin with set-pool and add-server, "
                  "or look around with --demo.\n"), iss_workspace_get_path (workspace));
  else
    print_table (context, pools);

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_list_servers_verb =
{
  .name = "list-servers",
  .summary = N_("List pools and servers, without asking them"),
  .words = "",
  .options = options,
  .run = list_servers,
};
