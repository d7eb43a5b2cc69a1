/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview-forecast.h"

#include "core/pool/overview-fact.h"
#include "core/pool/presence-forecast.h"

#include <string.h>

/**
 * iss_overview_forecast_find:
 * @pool: a pool
 * @now: the present, in seconds since 1970 by the console's clock
 * @at: as of which instant
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Of clocks, silence and what does not replicate only the present can be told.
 *
 * Returns: (transfer full) (element-type IssOverviewFact): what each type will use then, as it
 *   is staged now
 */
GPtrArray *
iss_overview_forecast_find (IssPool   *pool,
                            gint64     now,
                            gint64     at,
                            GTimeZone *zone)
{
  GPtrArray *facts;
  g_autoptr(IssPresence) presence = NULL;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  facts = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_overview_fact_free);
  presence = iss_presence_new_at (pool, NULL, now, at, zone);

  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      const IssPresenceColumn *column = iss_presence_get_column (presence, i);
      IssOverviewFact *twin = NULL;
      IssOverviewFact *fact;
      g_autofree char *sentence = NULL;
      gboolean good;

      if (column->slot != ISS_SLOT_CURRENT)
        continue;

      /* Types of which the same is to be said share a line. */
      sentence = iss_presence_forecast_dup_column (presence, i, zone, &good);
      for (guint k = 0; k < facts->len && good; k++)
        {
          IssOverviewFact *other = g_ptr_array_index (facts, k);

          if (strcmp (other->sentence, sentence) == 0)
            twin = other;
        }

      if (twin != NULL)
        {
          g_autofree char *subject = g_steal_pointer (&twin->subject);

          twin->subject = g_strdup_printf ("%s, %s", subject, column->type);
          continue;
        }

      fact = g_new0 (IssOverviewFact, 1);
      fact->level = good ? ISS_OVERVIEW_GOOD : ISS_OVERVIEW_ERROR;
      fact->subject = g_strdup (column->type);
      fact->sentence = g_steal_pointer (&sentence);
      fact->remedy = good ? ISS_REMEDY_NONE : ISS_REMEDY_PRESENCE;
      fact->target = good ? NULL : g_strdup (column->type);
      g_ptr_array_add (facts, fact);
    }

  return facts;
}
