/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/overview-fact.h"
#include "core/pool/overview-forecast.h"
#include "core/pool/presence-forecast.h"

#include <glib/gi18n-lib.h>

/**
 * IssOverview:
 *
 * Whether everything is as it should be in a pool, and the facts that say so:
 * the types that are the same everywhere, the types with one certificate a
 * server, what does not replicate, the clocks, and who does not answer. The
 * console's first page and `issuantctl` show the same facts.
 */
struct _IssOverview
{
  GObject           parent_instance;

  /* Owned */
  char             *pool;
  char             *answer;
  GPtrArray        *facts;     /* (element-type IssOverviewFact) */

  IssOverviewLevel  level;
  gint64            seen_at;
  gint64            now;
};

G_DEFINE_FINAL_TYPE (IssOverview, iss_overview, G_TYPE_OBJECT)

static void
iss_overview_finalize (GObject *object)
{
  IssOverview *self = ISS_OVERVIEW (object);

  g_clear_pointer (&self->pool, g_free);
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->facts, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_overview_parent_class)->finalize (object);
}

static void
iss_overview_class_init (IssOverviewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_overview_finalize;
}

static void
iss_overview_init (IssOverview *self)
{
}

/* The oldest look at a server that answers; if none does, the oldest of all. */
static gint64
find_seen_at (IssPool *pool)
{
  gint64 fresh = 0;
  gint64 any = 0;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      gint64 seen_at = iss_server_get_seen_at (server);

      if (seen_at == 0)
        continue;

      any = any == 0 ? seen_at : MIN (any, seen_at);
      if (iss_server_get_failing_since (server) == 0)
        fresh = fresh == 0 ? seen_at : MIN (fresh, seen_at);
    }

  return fresh != 0 ? fresh : any;
}

static guint
count_connecting (IssPool *pool)
{
  guint n = 0;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      if (iss_server_get_state (iss_pool_get_server (pool, i)) == ISS_SERVER_STATE_CONNECTING)
        n++;
    }

  return n;
}

static char *
dup_answer (IssOverview *self,
            IssPool     *pool)
{
  guint n_servers = iss_pool_get_n_servers (pool);
  guint n_connecting = count_connecting (pool);

  if (n_servers == 0)
    /* Translators: %s is a pool */
    return g_strdup_printf (_("%s: there is no server in it yet."), self->pool);

  if (self->level <= ISS_OVERVIEW_UNKNOWN && n_connecting > 0)
    /* Translators: pool; servers that have answered, all servers */
    return g_strdup_printf (ngettext ("%s: looking at its servers, %u of %u has answered.",
                                      "%s: looking at its servers, %u of %u have answered.",
                                      n_servers - n_connecting),
                            self->pool, n_servers - n_connecting, n_servers);

  if (self->seen_at == 0 && self->level <= ISS_OVERVIEW_UNKNOWN)
    return g_strdup_printf (_("%s: nobody has looked at its servers yet."), self->pool);

  switch (self->level)
    {
    case ISS_OVERVIEW_GOOD:
      return g_strdup_printf (_("%s: everything is as it should be."), self->pool);

    case ISS_OVERVIEW_UNKNOWN:
      return g_strdup_printf (_("%s: not everything was looked at."), self->pool);

    case ISS_OVERVIEW_WARNING:
    case ISS_OVERVIEW_ERROR:
    case ISS_N_OVERVIEW_LEVELS:
      break;
    }

  return g_strdup_printf (_("%s: not everything is as it should be."), self->pool);
}

static char *
dup_forecast (IssOverview *self,
              gint64       at,
              GTimeZone   *zone)
{
  g_autofree char *when = iss_presence_forecast_dup_when (at, zone);

  if (self->facts->len == 0)
    return g_strdup_printf (_("%s: there is no server in it yet."), self->pool);

  if (self->level == ISS_OVERVIEW_GOOD)
    /* Translators: "On 14 July 2027", a pool */
    return g_strdup_printf (_("%s, as things are now: everything is as it should be in %s."),
                            when, self->pool);

  return g_strdup_printf (_("%s, as things are now: not everything is as it should be in %s."),
                          when, self->pool);
}

/**
 * iss_overview_new_at:
 * @pool: a pool
 * @now: the present, in seconds since 1970 by the console's clock
 * @at: as of which instant; 0: as it was seen
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): what is true of @pool at @now, as far as it was seen, or will be at
 *   @at, as it is staged now
 */
IssOverview *
iss_overview_new_at (IssPool   *pool,
                     gint64     now,
                     gint64     at,
                     GTimeZone *zone)
{
  IssOverview *self;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_OVERVIEW, NULL);
  self->pool = g_strdup (iss_pool_get_name (pool));
  self->now = now;
  self->seen_at = find_seen_at (pool);
  self->facts = at != 0 ? iss_overview_forecast_find (pool, now, at, zone)
                        : iss_overview_fact_find (pool, now, zone);

  for (guint i = 0; i < self->facts->len; i++)
    {
      const IssOverviewFact *fact = g_ptr_array_index (self->facts, i);

      self->level = MAX (self->level, fact->level);
    }

  self->answer = at != 0 ? dup_forecast (self, at, zone) : dup_answer (self, pool);

  return self;
}

/**
 * iss_overview_new:
 * @pool: a pool
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): as iss_overview_new_at(), as it was seen
 */
IssOverview *
iss_overview_new (IssPool   *pool,
                  gint64     now,
                  GTimeZone *zone)
{
  return iss_overview_new_at (pool, now, 0, zone);
}

/**
 * iss_overview_get_level:
 * @self: an overview
 *
 * Returns: the level of its worst fact
 */
IssOverviewLevel
iss_overview_get_level (IssOverview *self)
{
  g_return_val_if_fail (ISS_IS_OVERVIEW (self), ISS_OVERVIEW_UNKNOWN);

  return self->level;
}

/**
 * iss_overview_get_answer:
 * @self: an overview
 *
 * Returns: (transfer none): the answer in one line
 */
const char *
iss_overview_get_answer (IssOverview *self)
{
  g_return_val_if_fail (ISS_IS_OVERVIEW (self), NULL);

  return self->answer;
}

/**
 * iss_overview_get_seen_at:
 * @self: an overview
 *
 * Returns: the oldest look at a server that answers, or if none does at any, in
 *   seconds since 1970 by the console's clock; 0 if there was none
 */
gint64
iss_overview_get_seen_at (IssOverview *self)
{
  g_return_val_if_fail (ISS_IS_OVERVIEW (self), 0);

  return self->seen_at;
}

guint
iss_overview_get_n_facts (IssOverview *self)
{
  g_return_val_if_fail (ISS_IS_OVERVIEW (self), 0);

  return self->facts->len;
}

/**
 * iss_overview_get_fact:
 * @self: an overview
 * @index: less than iss_overview_get_n_facts()
 *
 * Returns: (transfer none): one line of it
 */
const IssOverviewFact *
iss_overview_get_fact (IssOverview *self,
                       guint        index)
{
  g_return_val_if_fail (ISS_IS_OVERVIEW (self), NULL);
  g_return_val_if_fail (index < self->facts->len, NULL);

  return g_ptr_array_index (self->facts, index);
}

/**
 * iss_overview_dup_ticket:
 * @self: an overview
 * @observer: who looked
 *
 * Returns: (transfer full): the answer and every fact as plain text for a ticket
 */
char *
iss_overview_dup_ticket (IssOverview *self,
                         const char  *observer)
{
  GString *text;
  g_autofree char *made = NULL;

  g_return_val_if_fail (ISS_IS_OVERVIEW (self), NULL);
  g_return_val_if_fail (observer != NULL, NULL);

  text = g_string_new (self->answer);
  g_string_append_c (text, '\n');

  for (guint i = 0; i < self->facts->len; i++)
    {
      const IssOverviewFact *fact = g_ptr_array_index (self->facts, i);

      g_string_append_printf (text, "[%s] %s%s%s\n", iss_overview_level_get_label (fact->level),
                              fact->subject, *fact->subject != '\0' ? ": " : "", fact->sentence);
    }

  made = iss_time_text_iso (self->now);
  g_string_append_printf (text, _("Observed by %s, %s"), observer, made);
  if (self->seen_at != 0)
    {
      g_autofree char *seen = iss_time_text_iso (self->seen_at);

      g_string_append_printf (text, _("; seen %s"), seen);
    }
  g_string_append_c (text, '\n');

  return g_string_free (text, FALSE);
}

/**
 * iss_overview_level_get_label:
 * @level: a level
 *
 * Returns: (transfer none): its word, translated
 */
const char *
iss_overview_level_get_label (IssOverviewLevel level)
{
  static const char *const labels[] =
  {
    [ISS_OVERVIEW_GOOD]    = N_("good"),
    [ISS_OVERVIEW_UNKNOWN] = N_("not known"),
    [ISS_OVERVIEW_WARNING] = N_("warning"),
    [ISS_OVERVIEW_ERROR]   = N_("error"),
  };

  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (labels), NULL);

  return _(labels[level]);
}
