/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/presence-output.h"

#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/drift.h"
#include "core/pool/pool-drift.h"
#include "core/pool/pool-use.h"
#include "core/pool/presence-rung.h"

/* The ladder: what is known of each rung, since when, from whom. */
static void
add_rungs (IssJsonText           *json,
           const IssPresenceCell *cell,
           gint64                 now)
{
  iss_json_text_name (json, "rungs");
  iss_json_text_begin_array (json);
  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    {
      g_auto(IssPresenceRung) known = { ISS_RUNG_MARK_NONE };
      g_autofree char *at = NULL;

      iss_presence_rung_init (&known, cell, (IssRung) rung, now, NULL);
      at = known.at != 0 ? iss_time_text_iso (known.at) : NULL;
      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "rung", iss_rung_get_name ((IssRung) rung));
      iss_json_text_name_string (json, "state", iss_presence_rung_get_nick (known.mark));
      iss_json_text_name_string (json, "at", at);
      iss_json_text_name_string (json, "text", known.text);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

/**
 * ctl_presence_output_add_cells:
 * @json: JSON, in an object
 * @presence: a presence
 * @now: the present
 *
 * Adds its cells, each with its ladder.
 */
void
ctl_presence_output_add_cells (IssJsonText *json,
                               IssPresence *presence,
                               gint64       now)
{
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
        iss_json_text_name_string (json, "notReloaded", cell->not_reloaded);
        iss_json_text_name_boolean (json, "unattended", cell->unattended);
        iss_json_text_name_boolean (json, "answers", !cell->stale);
        iss_json_text_name_string (json, "seen", seen);
        iss_json_text_name_string (json, "issuedTo", cell->issued_to);
        iss_json_text_name_string (json, "thumbprint", sha1);
        iss_json_text_name_string (json, "sha256", sha256);
        iss_json_text_name_string (json, "sentence", cell->sentence);
        add_rungs (json, cell, now);
        iss_json_text_end_object (json);
      }
  iss_json_text_end_array (json);
}

static char *
dup_cell (const IssPresenceCell *cell)
{
  const char *symbol = iss_verdict_get_symbol (cell->verdict,
                                               iss_presence_cell_get_rung_in_effect (cell));
  const char *word = cell->word != NULL ? cell->word : iss_verdict_get_label (cell->verdict);

  if (cell->stale && cell->age != NULL)
    return g_strdup_printf ("%s %s (%s)", symbol, word, cell->age);

  return g_strdup_printf ("%s %s", symbol, word);
}

/* Of a key in a token a word does not say enough: when it was tried, and why not. */
static void
print_tokens (IssPresence *presence)
{
  gboolean first = TRUE;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, i);

        if (!cell->has_certificate ||
            iss_observation_get_token (iss_server_get_observation (cell->server),
                                       cell->sha256) == NULL)
          continue;

        g_print ("%s%s\n", first ? "\n" : "", cell->sentence);
        first = FALSE;
      }
}

/**
 * ctl_presence_output_print_table:
 * @context: a context
 * @presence: a presence
 *
 * Prints the answer, then the matrix.
 */
void
ctl_presence_output_print_table (CtlContext  *context,
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
  print_tokens (presence);
}

/**
 * ctl_presence_output_print_remedies:
 * @context: a context
 * @pool: a pool
 * @presence: its presence
 *
 * Prints the lines to be typed that put right what was changed on one server.
 */
void
ctl_presence_output_print_remedies (CtlContext  *context,
                                    IssPool     *pool,
                                    IssPresence *presence)
{
  g_auto(GStrv) lines = iss_drift_dup_remedies (pool, presence);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = ctl_context_dup_lines (context, lines[i]);

      g_print ("%s%s\n", i == 0 ? "\n" : "", line);
    }
}

/**
 * ctl_presence_output_ask:
 * @context: a context
 * @pool: a pool that was looked at
 * @servers: (element-type IssServer): its servers
 *
 * Connects where services can be seen, and asks the logs of servers that are not as it was
 * agreed.
 */
void
ctl_presence_output_ask (CtlContext *context,
                         IssPool    *pool,
                         GPtrArray  *servers)
{
  g_autoptr(IssJob) using = iss_pool_use_new (servers);
  g_autoptr(IssJob) asking = iss_pool_drift_new (pool, ctl_context_get_now (context));

  if (using != NULL)
    ctl_context_run_job (context, using);
  if (asking != NULL)
    ctl_context_run_job (context, asking);
}
