/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/as-of.h"
#include "app/ctl/presence-output.h"
#include "app/ctl/verb.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/drift.h"
#include "core/pool/presence.h"

static const char *const options[] = { "pool", "type", "as-of", NULL };

/* Who changed what is not as it was agreed, and when. */
static void
print_changes (CtlContext  *context,
               IssPresence *presence)
{
  gboolean is_first = TRUE;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, i);
        g_autoptr(GBytes) present =
          cell->has_certificate ? g_bytes_new (cell->sha256, sizeof cell->sha256) : NULL;
        g_autofree char *change = NULL;

        if (!iss_drift_is_one (cell, iss_presence_get_column (presence, i)))
          continue;

        change = iss_drift_dup_text (cell->server, cell->type, present,
                                     ctl_context_get_now (context),
                                     ctl_context_get_zone (context));
        if (change == NULL)
          continue;

        g_print ("%s%s\n", is_first ? "\n" : "", cell->sentence);
        is_first = FALSE;
      }
}

static void
print_json (CtlContext  *context,
            IssPool     *pool,
            IssPresence *presence,
            gint64       at)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *as_of = at != 0 ? iss_time_text_iso (at) : NULL;
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_pool_get_name (pool));
  iss_json_text_name_string (json, "asOf", as_of);
  iss_json_text_name_boolean (json, "good", iss_presence_is_good (presence));
  iss_json_text_name_string (json, "verdict", iss_presence_get_verdict (presence));
  ctl_presence_output_add_cells (json, presence, ctl_context_get_now (context));
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
warn_of_clocks (CtlContext *context,
                IssPool    *pool)
{
  g_autofree char *warning = iss_clock_check_dup_warning (pool, NULL, NULL);

  if (warning != NULL)
    ctl_context_warn (context, warning);
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
  gint64 at;

  if (type_name != NULL)
    {
      type = iss_certificate_type_parse (type_name, &error);
      if (type == NULL)
        return ctl_context_fail (context, error);
    }

  if (!ctl_as_of_get (context, &at, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  ctl_context_look (context, pool, NULL);
  if (at == 0)
    ctl_presence_output_ask (context, pool, servers);
  presence = iss_presence_new_at (pool, type != NULL ? type->name : NULL,
                                  ctl_context_get_now (context), at,
                                  ctl_context_get_zone (context));

  if (ctl_context_wants_json (context))
    print_json (context, pool, presence, at);
  else
    {
      ctl_presence_output_print_table (context, presence);
      print_changes (context, presence);
      ctl_presence_output_print_remedies (context, pool, presence);
    }
  ctl_context_warn_of_pool (context, pool);
  warn_of_clocks (context, pool);

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
