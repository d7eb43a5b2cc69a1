/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-forecast.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is said of servers with a verdict. "%s" are the servers; with a type that issues no
 * tokens the second %s is the type. */
typedef struct
{
  IssVerdict  verdict;
  const char *signs;        /* one server */
  const char *sign;         /* several */
  const char *uses;
  const char *use;
} Phrase;

static const Phrase phrases[] =
{
  { ISS_VERDICT_EXPIRED,
    N_("%s signs with an expired certificate"),
    N_("%s sign with an expired certificate"),
    N_("%s uses an expired certificate for %s"),
    N_("%s use an expired certificate for %s") },
  { ISS_VERDICT_NOT_YET_VALID,
    N_("%s signs with a certificate that is not valid yet"),
    N_("%s sign with a certificate that is not valid yet"),
    N_("%s uses a certificate that is not valid yet for %s"),
    N_("%s use a certificate that is not valid yet for %s") },
  { ISS_VERDICT_DIFFERENT,
    N_("%s signs with another certificate than is agreed"),
    N_("%s sign with other certificates than are agreed"),
    N_("%s uses another certificate than is agreed for %s"),
    N_("%s use other certificates than are agreed for %s") },
  { ISS_VERDICT_MISSING,
    N_("%s has nothing to sign with"),
    N_("%s have nothing to sign with"),
    N_("%s has nothing for %s"),
    N_("%s have nothing for %s") },
  { ISS_VERDICT_UNKNOWN,
    N_("nobody has looked at %s"),
    N_("nobody has looked at %s"),
    N_("nobody has looked at %s (%s)"),
    N_("nobody has looked at %s (%s)") },
};

/**
 * iss_presence_forecast_dup_when:
 * @at: an instant
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "On 14 July 2027", or with the time of day where it is not midnight
 */
char *
iss_presence_forecast_dup_when (gint64     at,
                                GTimeZone *zone)
{
  g_autofree char *clock = iss_time_text_clock (at, zone);
  g_autofree char *text = strcmp (clock, "00:00:00") == 0 ? iss_time_text_date (at, zone)
                                                          : iss_time_text_instant (at, zone);

  /* Translators: a date: "On 14 July 2027" */
  return g_strdup_printf (_("On %s"), text);
}

static char *
dup_phrase (const Phrase *phrase,
            GPtrArray    *names,
            const char   *type,
            gboolean      signs)
{
  gboolean is_one = names->len == 1;
  g_autofree char *servers = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_ptr_array_add (names, NULL);
  servers = iss_text_join_names ((const char *const *) names->pdata);
  if (signs)
    g_string_assign (text, _(is_one ? phrase->signs : phrase->sign));
  else
    g_string_assign (text, _(is_one ? phrase->uses : phrase->use));

  /* The first %s, then the second, where there is one. */
  g_string_replace (text, "%s", servers, 1);
  g_string_replace (text, "%s", type, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (nullable): the servers with that verdict */
static GPtrArray *
dup_servers (IssPresence *presence,
             guint        column,
             IssVerdict   verdict)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint row = iss_presence_get_n_servers (presence); row > 0; row--)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row - 1, column);

      if (cell->verdict == verdict ||
          (verdict == ISS_VERDICT_MISSING && cell->verdict == ISS_VERDICT_NONE))
        g_ptr_array_insert (names, 0, iss_server_dup_short_name (cell->server));
    }

  return names->len > 0 ? g_steal_pointer (&names) : NULL;
}

/* "no service on fe01 runs the roll …", in @text */
static void
append_unattended (GString     *text,
                   IssPresence *presence,
                   guint        column)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *servers = NULL;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);

      if (cell->unattended)
        g_ptr_array_add (names, iss_server_dup_short_name (cell->server));
    }
  if (names->len == 0)
    return;

  g_ptr_array_add (names, NULL);
  servers = iss_text_join_names ((const char *const *) names->pdata);
  if (text->len > 0)
    g_string_append (text, _("; "));
  /* Translators: servers */
  g_string_append_printf (text, _("no service on %s runs the roll that is staged: start "
                                  "issuant-agent.service there"), servers);
}

/* "all valid, the first until 14 July 2029" */
static char *
dup_good (IssPresence *presence,
          guint        column,
          GTimeZone   *zone)
{
  g_autofree char *date = NULL;
  gint64 first = 0;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);

      if (cell->not_after != 0)
        first = first == 0 ? cell->not_after : MIN (first, cell->not_after);
    }

  if (first == 0)
    return g_strdup (_("as it should be"));

  date = iss_time_text_date (first, zone);
  if (iss_presence_get_column (presence, column)->pool_wide)
    /* Translators: a date */
    return g_strdup_printf (_("the same everywhere, valid until %s"), date);

  return g_strdup_printf (_("one per server, all valid; the first expires on %s"), date);
}

/**
 * iss_presence_forecast_dup_column:
 * @presence: a presence as of an instant
 * @column: one of its columns, of a current slot
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @out_good: (out): whether everything is as it should be
 *
 * Returns: (transfer full): what will be, without a full stop
 */
char *
iss_presence_forecast_dup_column (IssPresence *presence,
                                  guint        column,
                                  GTimeZone   *zone,
                                  gboolean    *out_good)
{
  const char *type = iss_presence_get_column (presence, column)->type;
  const IssCertificateType *known = iss_certificate_type_find (type);
  gboolean signs = known != NULL && known->token_lifetime > 0;
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (ISS_IS_PRESENCE (presence), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      g_autoptr(GPtrArray) names = dup_servers (presence, column, phrases[i].verdict);
      g_autofree char *phrase = NULL;

      if (names == NULL)
        continue;

      phrase = dup_phrase (&phrases[i], names, type, signs);
      if (text->len > 0)
        g_string_append (text, _("; "));
      g_string_append (text, phrase);
    }

  append_unattended (text, presence, column);
  *out_good = text->len == 0;
  return *out_good ? dup_good (presence, column, zone)
                   : g_string_free (g_steal_pointer (&text), FALSE);
}

/* "; fe03 has not answered since 13:58": what will be there rests on what was. */
static void
append_silence (GString     *text,
                IssPresence *presence)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *servers = NULL;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);

      if (cell->stale && cell->verdict != ISS_VERDICT_UNKNOWN)
        g_ptr_array_add (names, iss_server_dup_short_name (cell->server));
    }

  if (names->len == 0)
    return;

  g_ptr_array_add (names, NULL);
  servers = iss_text_join_names ((const char *const *) names->pdata);
  /* Translators: servers */
  g_string_append_printf (text, _(" That rests on what was last seen of %s."), servers);
}

/**
 * iss_presence_forecast_dup_line:
 * @presence: a presence as of @at
 * @at: the instant
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @out_good: (out) (optional): whether the line says yes
 *
 * Returns: (transfer full): everything that will not be as it should be, as things are staged
 *   now
 */
char *
iss_presence_forecast_dup_line (IssPresence *presence,
                                gint64       at,
                                GTimeZone   *zone,
                                gboolean    *out_good)
{
  g_autofree char *when = iss_presence_forecast_dup_when (at, zone);
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean all_good = iss_presence_get_n_servers (presence) > 0;

  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      g_autofree char *clause = NULL;
      gboolean good;

      if (iss_presence_get_column (presence, i)->slot != ISS_SLOT_CURRENT)
        continue;

      clause = iss_presence_forecast_dup_column (presence, i, zone, &good);
      if (good)
        continue;

      if (text->len > 0)
        g_string_append (text, _("; "));
      g_string_append (text, clause);
      all_good = FALSE;
    }

  if (iss_presence_get_n_servers (presence) == 0)
    g_string_append (text, _("the pool has no servers"));
  else if (all_good)
    g_string_append (text, _("everything is as it should be, as things are now"));

  g_string_prepend (text, ": ");
  g_string_prepend (text, when);
  g_string_append_c (text, '.');
  append_silence (text, presence);

  if (out_good != NULL)
    *out_good = all_good;
  return g_string_free (g_steal_pointer (&text), FALSE);
}
