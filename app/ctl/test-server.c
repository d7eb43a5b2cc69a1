/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/time-text.h"

static const char *const options[] = { "server", "pool", NULL };

static char *
dup_confinement (IssServer *server)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  return iss_parser_confinement_dup_text (iss_server_get_parser_lacks (server), name);
}

static void
print_json (CtlContext *context,
            GPtrArray  *servers)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      const GError *error = iss_server_get_error (server);
      g_autofree char *state = iss_server_dup_state_text (server);
      g_autofree char *remedy = iss_server_dup_remedy_text (server);
      g_autofree char *trouble = iss_server_dup_trouble_text (server);
      g_autofree char *confinement = dup_confinement (server);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_boolean (json, "answers", iss_server_is_answering (server));
      iss_json_text_name_string (json, "state", state);
      iss_json_text_name_string (json, "reason", error != NULL ? error->message : NULL);
      iss_json_text_name_string (json, "remedy", remedy);
      iss_json_text_name_string (json, "trouble", trouble);
      iss_json_text_name_string (json, "version", iss_server_get_agent_version (server));
      iss_json_text_name_string (json, "role", iss_server_get_role (server));
      iss_json_text_name_integer (json, "clockOffsetSeconds",
                                  (gint64) iss_server_get_clock_offset (server));
      iss_json_text_name_integer (json, "clockOffsetMilliseconds",
                                  (gint64) (iss_server_get_clock_offset (server) * 1000));
      iss_json_text_name_string (json, "confinement", confinement);
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
             GPtrArray  *servers)
{
  const char *titles[] = { _("Server"), _("State"), _("Agent"), _("Role"), _("Clock"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      g_autofree char *name = iss_server_dup_short_name (server);
      g_autofree char *state = iss_server_dup_state_text (server);
      const char *version = iss_server_get_agent_version (server);
      const char *role = iss_server_get_role (server);
      gboolean answers = iss_server_is_answering (server);
      g_autofree char *offset = answers
        ? g_strdup_printf (_("%+.1f s"), iss_server_get_clock_offset (server)) : g_strdup ("");
      const char *cells[] = { name, state, answers && version != NULL ? version : "",
                              answers && role != NULL ? role : "", offset, NULL };

      ctl_table_add (table, cells);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      const GError *error = iss_server_get_error (server);
      g_autofree char *remedy = iss_server_dup_remedy_text (server);
      g_autofree char *trouble = iss_server_dup_trouble_text (server);
      g_autofree char *confinement = dup_confinement (server);

      if (error == NULL && confinement != NULL)
        ctl_context_warn_of_server (server, confinement);
      if (error == NULL && trouble != NULL)
        ctl_context_warn_of_server (server, trouble);
      if (error != NULL)
        ctl_context_warn_of_server (server, error->message);
      /* Elsewhere the remedy is to look at the details: here they stand. */
      if (error != NULL && remedy != NULL &&
          iss_server_get_state (server) != ISS_SERVER_STATE_FAILED)
        ctl_context_warn_of_server (server, remedy);
    }
}

static CtlExitStatus
test_server (CtlContext *context)
{
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  guint n_answering = 0;

  if (words[0] != NULL &&
      (ctl_context_has (context, "server") || ctl_context_has (context, "pool")))
    {
      g_printerr (_("issuantctl: Say the server's name or --server or --pool, one of them\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (words[0] != NULL)
    {
      IssServer *server = ctl_context_find_server (context, words[0], NULL, &error);

      if (server == NULL)
        return ctl_context_fail (context, error);

      servers = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (servers, g_object_ref (server));
    }
  else
    {
      servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
      if (servers == NULL)
        return ctl_context_fail (context, error);
    }

  ctl_context_look_at (context, servers);

  if (ctl_context_wants_json (context))
    print_json (context, servers);
  else
    print_table (context, servers);

  for (guint i = 0; i < servers->len; i++)
    n_answering += iss_server_is_answering (g_ptr_array_index (servers, i)) ? 1 : 0;

  if (n_answering == servers->len)
    return CTL_EXIT_STATUS_DONE;

  return n_answering > 0 ? CTL_EXIT_STATUS_PARTLY : CTL_EXIT_STATUS_NOT_REACHED;
}

const CtlVerb ctl_test_server_verb =
{
  .name = "test-server",
  .summary = N_("Connect to servers and say whether they answer, and if not, why"),
  .words = "[NAME]",
  .n_words = 1,
  .options = options,
  .run = test_server,
};
