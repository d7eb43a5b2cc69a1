/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/next-roll.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"

/* Names are borrowed from an observation. */
typedef struct
{
  const char *armed;      /* (nullable): a type */
  gint64      armed_at;
  const char *held;       /* (nullable): a type */
  gint64      held_at;
  gboolean    was_seen;   /* any server */
} Next;

static void
take_earlier (const char             **name,
              gint64                  *at,
              const IssObservedType   *type)
{
  const gint64 instant = type->slots[ISS_SLOT_STAGED].instant;

  if (*name != NULL && *at <= instant)
    return;

  *name = type->type;
  *at = instant;
}

static void
look_at (Next           *next,
         IssObservation *observation)
{
  next->was_seen = TRUE;

  for (guint i = 0; i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (observation, i);
      const IssObservedSlot *staged = &type->slots[ISS_SLOT_STAGED];

      if (!staged->is_set || staged->instant == 0)
        continue;

      if (type->held)
        take_earlier (&next->held, &next->held_at, type);
      else
        take_earlier (&next->armed, &next->armed_at, type);
    }
}

static Next
find (IssPool *pool)
{
  Next next = { NULL };

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));

      if (observation != NULL)
        look_at (&next, observation);
    }

  return next;
}

/**
 * iss_next_roll_dup_text:
 * @pool: a pool
 * @now: the present, in seconds since 1970
 * @zone: (nullable): the zone to show the instant in; %NULL is UTC
 *
 * What is held is said only where nothing is armed, because it does not happen by itself.
 *
 * Returns: (transfer full): the earliest instant at which something that is staged becomes
 *   current on a server, and of which type; or that there is none, or that nobody has looked
 */
char *
iss_next_roll_dup_text (IssPool   *pool,
                        gint64     now,
                        GTimeZone *zone)
{
  Next next;
  g_autofree char *when = NULL;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  next = find (pool);
  if (next.armed != NULL)
    {
      when = iss_time_text_instant (next.armed_at, zone);
      /* Translators: a type of certificate, an instant */
      return g_strdup_printf (next.armed_at > now ? _("next: roll of %s, %s")
                                                  : _("next: roll of %s, due since %s"),
                              next.armed, when);
    }

  if (next.held != NULL)
    {
      when = iss_time_text_instant (next.held_at, zone);
      /* Translators: a type of certificate, an instant */
      return g_strdup_printf (_("next: roll of %s, %s, held"), next.held, when);
    }

  if (!next.was_seen && iss_pool_get_n_servers (pool) > 0)
    return g_strdup (_("next: not known, nobody has looked"));

  return g_strdup (_("next: nothing scheduled"));
}

/**
 * iss_next_roll_get_type:
 * @pool: a pool
 *
 * Returns: (transfer none) (nullable): the type of certificate that iss_next_roll_dup_text() speaks
 *   of, until @pool is looked at again; %NULL: it speaks of none
 */
const char *
iss_next_roll_get_type (IssPool *pool)
{
  Next next;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  next = find (pool);

  return next.armed != NULL ? next.armed : next.held;
}
