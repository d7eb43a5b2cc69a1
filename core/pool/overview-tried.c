/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview-tried.h"

#include "core/pool/drift.h"
#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"
#include "core/pool/reload-warning.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* @sentence is taken. */
static void
add_fact (GPtrArray        *facts,
          IssServer        *server,
          const char       *type,
          IssOverviewLevel  level,
          char             *sentence)
{
  IssOverviewFact *fact = g_new0 (IssOverviewFact, 1);

  fact->level = level;
  fact->subject = iss_server_dup_short_name (server);
  fact->sentence = sentence;
  fact->remedy = ISS_REMEDY_PRESENCE;
  fact->target = g_strdup (type);
  g_ptr_array_add (facts, fact);
}

static void
add_proof (IssServer             *server,
           const IssObservedType *type,
           IssSlot                slot,
           GPtrArray             *facts)
{
  const IssObservedSlot *observed = &type->slots[slot];
  const IssWitnessed *proof = NULL;

  if (observed->is_set)
    proof = iss_presence_seen_proof (server, observed->sha256, observed->rung);
  if (proof == NULL || proof->failure == NULL)
    return;

  add_fact (facts, server, type->type, ISS_OVERVIEW_ERROR,
            /* Translators: certificate type, slot, a sentence without its full stop */
            g_strdup_printf (_("the private key for %s (%s) was not proved: %s."), type->type,
                             iss_slot_get_label (slot), proof->failure));
}

static void
add_use (IssServer             *server,
         const IssObservedType *type,
         GPtrArray             *facts)
{
  const IssObservedSlot *current = &type->slots[ISS_SLOT_CURRENT];
  const IssWitnessed *use = iss_witness_get_use (iss_server_get_witness (server), type->type);

  if (use == NULL || !current->is_set)
    return;

  if (use->failure != NULL)
    add_fact (facts, server, type->type, ISS_OVERVIEW_WARNING,
              /* Translators: a place, certificate type, a sentence without its full stop */
              g_strdup_printf (_("%s does not show what is in use for %s: %s."), use->place,
                               type->type, use->failure));
  else if (memcmp (g_bytes_get_data (use->sha256, NULL), current->sha256,
                   sizeof current->sha256) != 0)
    add_fact (facts, server, type->type, ISS_OVERVIEW_ERROR,
              /* Translators: a place, certificate type */
              g_strdup_printf (_("%s shows another certificate than the one that is current for "
                                 "%s. Reload the service."), use->place, type->type));
}

/* Services that go on with what they had. */
static void
add_reloads (IssServer *server,
             GPtrArray *facts)
{
  g_autoptr(GPtrArray) warnings = iss_reload_warning_find_on (server);

  for (guint i = 0; i < warnings->len; i++)
    {
      const IssReloadWarning *warning = g_ptr_array_index (warnings, i);

      add_fact (facts, server, warning->type, ISS_OVERVIEW_ERROR,
                g_strdup_printf ("%s %s", warning->lead, warning->rest));
    }
}

/* Before the roll, when it is easy to mend. */
static void
add_unreadable (IssServer             *server,
                const IssObservedType *type,
                GPtrArray             *facts)
{
  g_autofree char *who = NULL;

  if (type->slots[ISS_SLOT_STAGED].is_set)
    who = iss_reload_note_dup_unreadable (server, type->type);
  if (who != NULL)
    add_fact (facts, server, type->type, ISS_OVERVIEW_WARNING,
              /* Translators: "rtc, whose account rtc-service cannot read the staged key (tried)",
               * certificate type */
              g_strdup_printf (_("%s, would be left with the old certificate at the roll of %s."),
                               who, type->type));
}

static void
add_changes (IssPool   *pool,
             gint64     now,
             GTimeZone *zone,
             GPtrArray *facts)
{
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, now, zone);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, i);
        g_autoptr(GBytes) present =
          cell->has_certificate ? g_bytes_new (cell->sha256, sizeof cell->sha256) : NULL;
        g_autofree char *change = NULL;

        if (!iss_drift_is_one (cell, iss_presence_get_column (presence, i)))
          continue;

        change = iss_drift_dup_text (cell->server, cell->type, present, now, zone);
        if (change != NULL)
          add_fact (facts, cell->server, cell->type, ISS_OVERVIEW_WARNING,
                    /* Translators: certificate type, "missing", who changed it and when */
                    g_strdup_printf (_("%s is %s. %s."), cell->type, cell->word, change));
      }
}

/**
 * iss_overview_tried_add:
 * @pool: a pool
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @facts: (element-type IssOverviewFact): where to add
 *
 * Adds what was changed on one server, with who did it and when, the private keys that servers
 * did not prove to hold, the services that show another certificate than they should, or
 * none, those that were not reloaded, and those that could not use what is staged.
 */
void
iss_overview_tried_add (IssPool   *pool,
                        gint64     now,
                        GTimeZone *zone,
                        GPtrArray *facts)
{
  g_return_if_fail (ISS_IS_POOL (pool));
  g_return_if_fail (facts != NULL);

  add_changes (pool, now, zone, facts);
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      IssObservation *observation = iss_server_get_observation (server);
      guint n = observation != NULL ? iss_observation_get_n_types (observation) : 0;

      for (guint k = 0; k < n; k++)
        {
          const IssObservedType *type = iss_observation_get_type_at (observation, k);

          for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
            add_proof (server, type, (IssSlot) slot, facts);
          add_use (server, type, facts);
          add_unreadable (server, type, facts);
        }

      add_reloads (server, facts);
    }
}
