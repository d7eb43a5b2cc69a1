/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview-fact.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/overview-tried.h"
#include "core/pool/presence.h"
#include "core/pool/replication-warning.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define POOL_WIDE_TYPE "OAuthTokenIssuer"
#define MAX_NAMED 4

/* What the facts are made from, and where they go. */
typedef struct
{
  IssPool    *pool;
  gint64      now;
  GTimeZone  *zone;
  GPtrArray  *facts;
} Finding;

/* @sentence is taken. */
static IssOverviewFact *
add_fact (Finding          *finding,
          IssOverviewLevel  level,
          const char       *subject,
          char             *sentence)
{
  IssOverviewFact *fact = g_new0 (IssOverviewFact, 1);

  fact->level = level;
  fact->subject = g_strdup (subject);
  fact->sentence = sentence;
  g_ptr_array_add (finding->facts, fact);

  return fact;
}

static void
set_remedy (IssOverviewFact *fact,
            IssRemedy        remedy,
            const char      *target)
{
  fact->remedy = remedy;
  fact->target = g_strdup (target);
}

static char *
dup_name (const char   *issued_to,
          const guint8 *sha1)
{
  g_autoptr(GBytes) bytes = g_bytes_new (sha1, ISS_SHA1_SIZE);
  g_autofree char *thumbprint = iss_text_thumbprint_short (bytes);

  /* Translators: a certificate's name and thumbprint */
  return g_strdup_printf (_("%s (%s)"), issued_to, thumbprint);
}

static char *
join (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);

  return iss_text_join_names ((const char *const *) names->pdata);
}

/* Beyond a few the matrix tells who. */
static char *
join_servers (GPtrArray *servers)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint n_named = servers->len > MAX_NAMED + 1 ? MAX_NAMED : servers->len;

  for (guint i = 0; i < n_named; i++)
    g_ptr_array_add (names, iss_server_dup_short_name (g_ptr_array_index (servers, i)));

  if (n_named < servers->len)
    g_ptr_array_add (names, g_strdup_printf (_("%u more"), servers->len - n_named));

  return join (names);
}

static void
append_clause (GString *sentence,
               char    *clause)
{
  if (sentence->len > 0)
    g_string_append (sentence, _("; "));
  g_string_append (sentence, clause);
  g_free (clause);
}

/* Several servers of which the same is to be said. */
static void
append_servers (GString    *sentence,
                GPtrArray  *servers,
                const char *singular,
                const char *plural)
{
  g_autofree char *names = NULL;

  if (servers->len == 0)
    return;

  names = join_servers (servers);
  append_clause (sentence, g_strconcat (names, " ", servers->len == 1 ? singular : plural, NULL));
}

static gint64
find_not_after (IssPresence *presence,
                guint        column)
{
  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);

      if (cell->verdict == ISS_VERDICT_AGREES && cell->not_after != 0)
        return cell->not_after;
    }

  return 0;
}

static char *
dup_expiry (Finding *finding,
            gint64   not_after)
{
  g_autofree char *date = iss_time_text_date (not_after, finding->zone);
  gint64 days = (not_after - finding->now) / (24 * 3600);

  if (not_after - finding->now > ISS_OVERVIEW_SOON)
    /* Translators: %s is a date */
    return g_strdup_printf (_("expires %s"), date);

  return g_strdup_printf (ngettext ("expires in %d day, %s", "expires in %d days, %s", (int) days),
                          (int) days, date);
}

/* What is said of a stale cell behind its server's name. */
static char *
dup_stale (Finding               *finding,
           const IssPresenceCell *cell,
           gboolean               is_one)
{
  gint64 failing_since = iss_server_get_failing_since (cell->server);
  g_autofree char *since = NULL;
  g_autofree char *seen = NULL;

  if (failing_since != 0)
    since = iss_time_text_since (failing_since, finding->now, finding->zone);
  if (cell->seen_at != 0)
    seen = iss_time_text_since (cell->seen_at, finding->now, finding->zone);

  if (since != NULL && seen != NULL)
    /* Translators: "fe03 has not answered since 13:58 (missing, seen 13:41)" */
    return g_strdup_printf (is_one ? _("has not answered since %s (%s, seen %s)")
                                   : _("have not answered since %s (%s, seen %s)"),
                            since, cell->word, seen);
  if (since != NULL)
    return g_strdup_printf (is_one ? _("has not answered since %s")
                                   : _("have not answered since %s"),
                            since);
  if (seen != NULL)
    return g_strdup_printf (is_one ? _("was last looked at %s (%s)")
                                   : _("were last looked at %s (%s)"), seen, cell->word);

  return g_strdup (is_one ? _("was not looked at yet") : _("were not looked at yet"));
}

/* The servers of whose present nothing is known, those together of which the
 * same is to be said. */
static void
append_stale (Finding          *finding,
              IssPresence      *presence,
              GString          *sentence,
              IssOverviewLevel *level)
{
  g_autoptr(GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_servers = iss_presence_get_n_servers (presence);

  for (guint row = 0; row < n_servers; row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);
      g_autoptr(GPtrArray) servers = g_ptr_array_new ();
      g_autofree char *one = NULL;
      g_autofree char *several = NULL;

      if (!cell->stale && cell->verdict != ISS_VERDICT_UNKNOWN)
        continue;

      *level = MAX (*level, iss_server_get_failing_since (cell->server) != 0
                            ? ISS_OVERVIEW_WARNING : ISS_OVERVIEW_UNKNOWN);
      one = dup_stale (finding, cell, TRUE);
      if (g_hash_table_contains (done, one))
        continue;

      for (guint other = row; other < n_servers; other++)
        {
          const IssPresenceCell *twin = iss_presence_get_cell (presence, other, 0);
          g_autofree char *text = dup_stale (finding, twin, TRUE);

          if ((twin->stale || twin->verdict == ISS_VERDICT_UNKNOWN) && g_str_equal (text, one))
            g_ptr_array_add (servers, twin->server);
        }

      several = dup_stale (finding, cell, FALSE);
      append_servers (sentence, servers, one, several);
      g_hash_table_add (done, g_steal_pointer (&one));
    }
}

/* Something is agreed: who has it, and who has not. */
static void
add_agreed (Finding     *finding,
            IssPresence *presence)
{
  const IssPresenceColumn *column = iss_presence_get_column (presence, 0);
  guint n_servers = iss_presence_get_n_servers (presence);
  gint64 not_after = find_not_after (presence, 0);
  gboolean is_soon = not_after != 0 && not_after - finding->now <= ISS_OVERVIEW_SOON;
  g_autoptr(GString) sentence = g_string_new (NULL);
  g_autoptr(GPtrArray) missing = g_ptr_array_new ();
  g_autoptr(GPtrArray) idle = g_ptr_array_new ();
  g_autofree char *name = NULL;
  IssOverviewLevel level = ISS_OVERVIEW_GOOD;
  IssOverviewFact *fact;

  name = column->expected_name != NULL ? dup_name (column->expected_name, column->expected_sha1)
                                       : g_strdup (column->expected_text);

  if (iss_presence_is_good (presence))
    append_clause (sentence, g_strdup_printf (ngettext ("%s on its %u server",
                                                        "%s, the same on all %u servers",
                                                        n_servers), name, n_servers));
  else
    append_clause (sentence, g_strdup_printf (_("agreed on %s"), name));

  for (guint row = 0; row < n_servers; row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);
      g_autofree char *server = iss_server_dup_short_name (cell->server);

      if (cell->stale || cell->verdict == ISS_VERDICT_UNKNOWN)
        continue;

      if (cell->verdict == ISS_VERDICT_MISSING && !cell->has_certificate)
        {
          IssObservation *seen = iss_server_get_observation (cell->server);
          const IssObservedCertificate *there =
            seen != NULL ? iss_observation_find_certificate (seen, column->expected) : NULL;

          g_ptr_array_add (there != NULL && there->rung >= ISS_RUNG_IN_STORE ? idle : missing,
                           cell->server);
        }
      else if (!iss_presence_cell_is_in_effect (cell))
        {
          append_clause (sentence, g_strdup_printf ("%s: %s", server, cell->word));
        }

      if (cell->verdict == ISS_VERDICT_EXPIRED || cell->verdict == ISS_VERDICT_NOT_YET_VALID)
        level = ISS_OVERVIEW_ERROR;
      else if (!iss_presence_cell_is_in_effect (cell))
        level = MAX (level, ISS_OVERVIEW_WARNING);
    }

  append_servers (sentence, missing, _("does not have it"), _("do not have it"));
  append_servers (sentence, idle, _("has it, but does not use it"),
                  _("have it, but do not use it"));

  append_stale (finding, presence, sentence, &level);

  if (level == ISS_OVERVIEW_GOOD || is_soon)
    {
      if (not_after != 0)
        append_clause (sentence, dup_expiry (finding, not_after));
      if (is_soon)
        level = MAX (level, ISS_OVERVIEW_WARNING);
    }

  fact = add_fact (finding, level, column->type, g_strdup (sentence->str));
  if (level == ISS_OVERVIEW_GOOD || missing->len + idle->len == 0 || missing->len > 0)
    set_remedy (fact, ISS_REMEDY_PRESENCE, column->type);
  else
    set_remedy (fact, ISS_REMEDY_ASSIGN, column->type);
}

/* One certificate of those that are used where nothing is agreed. */
typedef struct
{
  const IssPresenceCell *cell;
  GPtrArray             *servers;   /* (element-type IssServer) */
} Candidate;

static void
candidate_free (Candidate *self)
{
  g_ptr_array_unref (self->servers);
  g_free (self);
}

static GPtrArray *
dup_candidates (IssPresence *presence)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);
      Candidate *candidate = NULL;

      if (!cell->has_certificate)
        continue;

      for (guint i = 0; i < candidates->len && candidate == NULL; i++)
        {
          Candidate *other = g_ptr_array_index (candidates, i);

          if (memcmp (other->cell->sha256, cell->sha256, ISS_SHA256_SIZE) == 0)
            candidate = other;
        }

      if (candidate == NULL)
        {
          candidate = g_new0 (Candidate, 1);
          candidate->cell = cell;
          candidate->servers = g_ptr_array_new ();
          g_ptr_array_add (candidates, candidate);
        }
      g_ptr_array_add (candidate->servers, cell->server);
    }

  return candidates;
}

static char *
dup_candidate (Candidate *candidate)
{
  const IssPresenceCell *cell = candidate->cell;
  g_autofree char *servers = join_servers (candidate->servers);
  g_autofree char *name = NULL;

  name = cell->issued_to != NULL ? dup_name (cell->issued_to, cell->sha1)
                                 : g_strdup (_("a certificate that was not looked at"));

  /* Translators: certificate, servers: "auth.contoso.example (3F2A … 5B1E) on fe01 and fe02" */
  return g_strdup_printf (_("%s on %s"), name, servers);
}

static char *
dup_number (guint n)
{
  static const char *const numbers[] =
  {
    NULL, NULL, N_("two"), N_("three"), N_("four"), N_("five"), N_("six")
  };

  if (n < G_N_ELEMENTS (numbers) && numbers[n] != NULL)
    return g_strdup (_(numbers[n]));

  return g_strdup_printf ("%u", n);
}

static void
add_not_agreed (Finding     *finding,
                IssPresence *presence)
{
  const char *type = iss_presence_get_column (presence, 0)->type;
  g_autoptr(GPtrArray) candidates = dup_candidates (presence);
  g_autofree char *number = NULL;

  if (candidates->len == 0 && iss_presence_get_seen_at (presence) == 0)
    {
      add_fact (finding, ISS_OVERVIEW_UNKNOWN, type,
                g_strdup (_("not looked at on any server yet")));
      return;
    }

  if (candidates->len == 0)
    {
      set_remedy (add_fact (finding, ISS_OVERVIEW_WARNING, type,
                            g_strdup (_("nothing is assigned on any server. "
                                        "Server-to-server authentication cannot work."))),
                  ISS_REMEDY_ASSIGN, type);
      return;
    }

  if (candidates->len == 1)
    {
      Candidate *candidate = g_ptr_array_index (candidates, 0);
      g_autofree char *what = dup_candidate (candidate);
      g_autofree char *hex = iss_text_hex (candidate->cell->sha256, ISS_SHA256_SIZE, FALSE);

      set_remedy (add_fact (finding, ISS_OVERVIEW_WARNING, type,
                            g_strdup_printf (_("%s; it is not agreed that it shall be this one."),
                                             what)),
                  ISS_REMEDY_AGREE, hex);
      return;
    }

  number = dup_number (candidates->len);
  set_remedy (add_fact (finding, ISS_OVERVIEW_WARNING, type,
                        /* Translators: %s is a number of two or more */
                        g_strdup_printf (_("%s different certificates; none is agreed."), number)),
              ISS_REMEDY_PRESENCE, type);

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = g_ptr_array_index (candidates, i);
      g_autofree char *hex = iss_text_hex (candidate->cell->sha256, ISS_SHA256_SIZE, FALSE);

      set_remedy (add_fact (finding, ISS_OVERVIEW_UNKNOWN, "", dup_candidate (candidate)),
                  ISS_REMEDY_AGREE, hex);
    }
}

static void
add_pool_wide (Finding *finding)
{
  g_autoptr(IssPresence) presence = NULL;

  presence = iss_presence_new (finding->pool, POOL_WIDE_TYPE, finding->now, finding->zone);

  if (iss_presence_has_agreed (presence, POOL_WIDE_TYPE))
    add_agreed (finding, presence);
  else
    add_not_agreed (finding, presence);
}

static gboolean
is_sooner (const IssPresenceCell *a,
           const IssPresenceCell *b)
{
  if (a->not_after != b->not_after)
    return a->not_after < b->not_after;

  return g_strcmp0 (iss_server_get_name (a->server), iss_server_get_name (b->server)) < 0;
}

/* What one per-server type uses, in a sentence. */
static char *
dup_per_server (Finding          *finding,
                IssPresence      *presence,
                guint             column,
                IssOverviewLevel *out_level)
{
  g_autoptr(GString) sentence = g_string_new (NULL);
  g_autoptr(GPtrArray) without = g_ptr_array_new ();
  const IssPresenceCell *first = NULL;
  IssOverviewLevel level = ISS_OVERVIEW_GOOD;
  gboolean all_valid = TRUE;
  guint n_fresh = 0;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
      g_autofree char *server = iss_server_dup_short_name (cell->server);

      if (cell->verdict == ISS_VERDICT_UNKNOWN)
        continue;

      if (cell->verdict == ISS_VERDICT_EXPIRED || cell->verdict == ISS_VERDICT_NOT_YET_VALID)
        {
          append_clause (sentence, g_strdup_printf (_("%s on %s: %s"), cell->issued_to, server,
                                                    cell->word));
          level = ISS_OVERVIEW_ERROR;
          all_valid = FALSE;
        }
      else if (!cell->has_certificate)
        {
          g_ptr_array_add (without, cell->server);
          level = MAX (level, ISS_OVERVIEW_WARNING);
        }
      else if (!iss_presence_cell_is_in_effect (cell))
        {
          append_clause (sentence, g_strdup_printf ("%s: %s", server, cell->word));
          level = MAX (level, ISS_OVERVIEW_WARNING);
        }

      n_fresh += cell->stale ? 0 : 1;
      if (cell->has_certificate && cell->not_after != 0 &&
          (first == NULL || is_sooner (cell, first)))
        first = cell;
    }

  append_servers (sentence, without, _("has none"), _("have none"));

  if (first != NULL && all_valid)
    {
      g_autofree char *server = iss_server_dup_short_name (first->server);
      g_autofree char *date = iss_time_text_date (first->not_after, finding->zone);

      if (sentence->len == 0)
        append_clause (sentence, g_strdup (_("one per server, all valid")));
      append_clause (sentence,
                     /* Translators: certificate, server, date */
                     g_strdup_printf (_("first to expire: %s on %s, %s"), first->issued_to, server,
                                      date));
      if (first->not_after - finding->now <= ISS_OVERVIEW_SOON)
        level = MAX (level, ISS_OVERVIEW_WARNING);
    }

  if (n_fresh == 0)
    {
      append_clause (sentence, g_strdup (_("that was so when they last answered")));
      level = MAX (level, ISS_OVERVIEW_UNKNOWN);
    }

  *out_level = level;

  return g_strdup (sentence->str);
}

/* Types that the same can be said of share a line: they mostly share their
 * certificates, too. */
static void
add_other_types (Finding *finding)
{
  g_autoptr(IssPresence) presence = NULL;
  guint n_before = finding->facts->len;

  presence = iss_presence_new (finding->pool, NULL, finding->now, finding->zone);

  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      const IssPresenceColumn *column = iss_presence_get_column (presence, i);
      IssOverviewLevel level = ISS_OVERVIEW_GOOD;
      g_autofree char *sentence = NULL;
      IssOverviewFact *twin = NULL;

      if (column->pool_wide || column->slot != ISS_SLOT_CURRENT)
        continue;

      sentence = dup_per_server (finding, presence, i, &level);
      for (guint j = n_before; j < finding->facts->len; j++)
        {
          IssOverviewFact *other = g_ptr_array_index (finding->facts, j);

          if (g_str_equal (other->sentence, sentence))
            twin = other;
        }

      if (twin != NULL)
        {
          g_autofree char *subject = g_steal_pointer (&twin->subject);

          twin->subject = g_strdup_printf ("%s, %s", subject, column->type);
          continue;
        }

      set_remedy (add_fact (finding, level, column->type, g_steal_pointer (&sentence)),
                  level == ISS_OVERVIEW_GOOD ? ISS_REMEDY_NONE : ISS_REMEDY_PRESENCE,
                  column->type);
    }
}

static void
add_warnings (Finding *finding)
{
  g_autoptr(GPtrArray) warnings = NULL;

  warnings = iss_replication_warning_find (finding->pool, finding->now, finding->zone);

  for (guint i = 0; i < warnings->len; i++)
    {
      const IssReplicationWarning *warning = g_ptr_array_index (warnings, i);
      g_autofree char *holders = join_servers (warning->holders);
      g_autofree char *sha256 = iss_text_hex (warning->sha256, sizeof warning->sha256, FALSE);
      IssOverviewFact *fact;

      fact = add_fact (finding, ISS_OVERVIEW_WARNING, _("Nothing replicates"),
                       /* Translators: certificate, servers, which servers do not have it */
                       g_strdup_printf (_("%s was imported by hand on %s. %s"), warning->issued_to,
                                        holders, warning->rest));
      set_remedy (fact, ISS_REMEDY_MAKE_GLOBAL, sha256);
    }
}

static void
add_clocks (Finding *finding)
{
  IssOverviewLevel level = ISS_OVERVIEW_GOOD;
  gdouble worst = 0;
  guint n_measured = 0;
  char *sentence = iss_clock_check_dup_warning (finding->pool, &worst, &n_measured);

  if (n_measured == 0)
    return;

  if (sentence != NULL)
    level = worst > ISS_CLOCK_CHECK_LIMIT ? ISS_OVERVIEW_ERROR : ISS_OVERVIEW_WARNING;
  else
    sentence = g_strdup_printf (_("within %.1f s"), MAX (ceil (worst * 10) / 10, 0.1));

  add_fact (finding, level, _("Clocks"), sentence);
}

static char *
dup_silent (Finding   *finding,
            IssServer *server)
{
  g_autofree char *state = iss_server_dup_state_text (server);
  g_autofree char *seen = NULL;
  const GError *error = iss_server_get_error (server);
  GString *sentence = g_string_new (state);

  if (iss_server_get_state (server) == ISS_SERVER_STATE_NEW)
    {
      g_autofree char *silence = iss_sighting_dup_silence (server, finding->now, finding->zone);

      g_string_printf (sentence, "%s.", silence);
    }

  if (error != NULL)
    g_string_append_printf (sentence, " %s.", error->message);

  if (iss_server_get_seen_at (server) != 0 && iss_server_get_failing_since (server) != 0)
    {
      seen = iss_time_text_since (iss_server_get_seen_at (server), finding->now, finding->zone);
      g_string_append_printf (sentence, _(" Last seen %s."), seen);
    }

  return g_string_free (sentence, FALSE);
}

static void
add_silent (Finding *finding)
{
  for (guint i = 0; i < iss_pool_get_n_servers (finding->pool); i++)
    {
      IssServer *server = iss_pool_get_server (finding->pool, i);
      gboolean is_connecting = iss_server_get_state (server) == ISS_SERVER_STATE_CONNECTING;
      g_autofree char *name = iss_server_dup_short_name (server);
      IssOverviewFact *fact;

      if (!is_connecting && !iss_sighting_is_stale (server, finding->now))
        continue;
      if (is_connecting && iss_server_get_failing_since (server) == 0 &&
          iss_server_get_seen_at (server) != 0)
        continue;

      fact = add_fact (finding,
                       iss_server_get_failing_since (server) != 0 ? ISS_OVERVIEW_ERROR
                                                                  : ISS_OVERVIEW_UNKNOWN,
                       name, dup_silent (finding, server));
      fact->advice = iss_server_dup_remedy_text (server);
      if (!is_connecting)
        set_remedy (fact, ISS_REMEDY_LOOK, iss_server_get_name (server));
    }
}

/**
 * iss_overview_fact_find:
 * @pool: a pool
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full) (element-type IssOverviewFact): what is to be said of
 *   @pool, in the order of the first page
 */
GPtrArray *
iss_overview_fact_find (IssPool   *pool,
                        gint64     now,
                        GTimeZone *zone)
{
  Finding finding = { .pool = pool, .now = now, .zone = zone };

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  finding.facts = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_overview_fact_free);

  if (iss_pool_get_n_servers (pool) == 0)
    {
      set_remedy (add_fact (&finding, ISS_OVERVIEW_UNKNOWN, _("Servers"),
                            g_strdup (_("Add the front ends of this pool to see whether they use "
                                        "the same certificate."))),
                  ISS_REMEDY_ADD_SERVER, NULL);
      return finding.facts;
    }

  add_pool_wide (&finding);
  add_other_types (&finding);
  add_warnings (&finding);
  iss_overview_tried_add (pool, now, zone, finding.facts);
  add_clocks (&finding);
  add_silent (&finding);

  return finding.facts;
}

/**
 * iss_overview_fact_free:
 * @self: a fact
 */
void
iss_overview_fact_free (IssOverviewFact *self)
{
  g_free (self->subject);
  g_free (self->sentence);
  g_free (self->advice);
  g_free (self->target);
  g_free (self);
}
