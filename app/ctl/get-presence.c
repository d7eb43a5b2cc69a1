/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence.h"

static const char *const options[] = { "pool", "type", NULL };

static void
print_json (CtlContext  *context,
            IssPool     *pool,
            IssPresence *presence)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_pool_get_name (pool));
  iss_json_text_name_boolean (json, "good", iss_presence_is_good (presence));
  iss_json_text_name_string (json, "verdict", iss_presence_get_verdict (presence));
  iss_json_text_name (json, "cells");
  iss_json_text_begin_array (json);
  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint column = 0; column < iss_presence_get_n_columns (presence); column++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
        g_autofree char *sha256 = cell->has_certificate
          ? iss_text_hex (cell->sha256, sizeof cell->sha256, FALSE) : NULL;
        g_autofree char *sha1 = cell->has_certificate
          ? iss_text_hex (cell->sha1, sizeof cell->sha1, TRUE) : NULL;
        g_autofree char *seen = cell->seen_at != 0 ? iss_time_text_iso (cell->seen_at) : NULL;

        iss_json_text_begin_object (json);
        iss_json_text_name_string (json, "server", iss_server_get_name (cell->server));
        iss_json_text_name_string (json, "type", cell->type);
        iss_json_text_name_string (json, "slot", iss_slot_get_name (cell->slot));
        iss_json_text_name_string (json, "verdict", iss_verdict_get_nick (cell->verdict));
        iss_json_text_name_string (json, "rung", iss_rung_get_name (cell->rung));
        iss_json_text_name_boolean (json, "answers", !cell->stale);
        iss_json_text_name_string (json, "seen", seen);
        iss_json_text_name_string (json, "issuedTo", cell->issued_to);
        iss_json_text_name_string (json, "thumbprint", sha1);
        iss_json_text_name_string (json, "sha256", sha256);
        iss_json_text_name_string (json, "sentence", cell->sentence);
        iss_json_text_end_object (json);
      }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static char *
dup_cell (const IssPresenceCell *cell)
{
  const char *symbol = iss_verdict_get_symbol (cell->verdict, cell->rung);
  const char *word = cell->word != NULL ? cell->word : iss_verdict_get_label (cell->verdict);

  if (cell->stale && cell->age != NULL)
    return g_strdup_printf ("%s %s (%s)", symbol, word, cell->age);

  return g_strdup_printf ("%s %s", symbol, word);
}

static void
print_table (CtlContext  *context,
             IssPresence *presence)
{
  guint n_columns = iss_presence_get_n_columns (presence);
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(CtlTable) table = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (titles, g_strdup (_("Server")));
  g_ptr_array_add (expected, g_strdup (""));
  for (guint i = 0; i < n_columns; i++)
    {
      const IssPresenceColumn *column = iss_presence_get_column (presence, i);

      g_ptr_array_add (titles, g_strdup_printf ("%s · %s", column->type,
                                                iss_slot_get_label (column->slot)));
      g_ptr_array_add (expected, g_strdup (column->expected_text));
    }
  g_ptr_array_add (titles, NULL);
  g_ptr_array_add (expected, NULL);

  table = ctl_table_new ((const char *const *) titles->pdata);
  ctl_table_add (table, (const char *const *) expected->pdata);
  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (cells, iss_server_dup_short_name (iss_presence_get_server (presence, row)));
      for (guint i = 0; i < n_columns; i++)
        g_ptr_array_add (cells, dup_cell (iss_presence_get_cell (presence, row, i)));
      g_ptr_array_add (cells, NULL);
      ctl_table_add (table, (const char *const *) cells->pdata);
    }

  text = ctl_table_to_text (table);
  g_print ("%s\n\n%s", iss_presence_get_verdict (presence), text);
}

static CtlExitStatus
get_presence (CtlContext *context)
{
  const char *type_name = ctl_context_get (context, "type");
  const IssCertificateType *type = NULL;
  g_autoptr(IssPresence) presence = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  guint n_answering = 0;

  if (type_name != NULL)
    {
      type = iss_certificate_type_parse (type_name, &error);
      if (type == NULL)
        return ctl_context_fail (context, error);
    }

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  ctl_context_look (context, pool, NULL);
  presence = iss_presence_new (pool, type != NULL ? type->name : NULL,
                               ctl_context_get_now (context), ctl_context_get_zone (context));

  if (ctl_context_wants_json (context))
    print_json (context, pool, presence);
  else
    print_table (context, presence);
  ctl_context_warn_of_pool (context, pool);

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      const GError *why = iss_server_get_error (server);

      if (iss_server_is_answering (server))
        n_answering++;
      else if (why != NULL)
        ctl_context_warn_of_server (server, why->message);
    }

  if (n_answering == 0)
    return CTL_EXIT_STATUS_NOT_REACHED;

  return n_answering == servers->len ? CTL_EXIT_STATUS_DONE : CTL_EXIT_STATUS_PARTLY;
}

const CtlVerb ctl_get_presence_verb =
{
  .name = "get-presence",
  .summary = N_("Is it the same certificate everywhere? One line a server, and what is true"),
  .words = "",
  .options = options,
  .run = get_presence,
};
