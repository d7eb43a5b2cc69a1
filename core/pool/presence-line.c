/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-line.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TOKEN_ISSUER "OAuthTokenIssuer"
#define MAX_NAMED 3

/* One current column in numbers. As last seen, unless `answering` is in the name. */
typedef struct
{
  guint n_servers;
  guint n_answering;         /* not stale */
  guint n_assigned;
  guint n_unknown;           /* nobody has ever looked */
  guint n_agreeing;          /* answering, with the right certificate, however old it is */
  guint n_published;         /* of those, published */
  guint n_in_effect;         /* of those, read by the services, as far as that is known */
  guint n_stale_agreeing;
  guint n_answering_assigned;
  guint n_expired;
  guint n_early;
  guint n_different;
} Count;

/* A certificate and who holds it, where nothing is agreed. */
typedef struct
{
  const IssPresenceCell *cell;
  GPtrArray             *servers;   /* (element-type utf8): short names */
} Holding;

static Count
count_column (IssPresence *presence,
              guint        column)
{
  Count count = { 0 };

  count.n_servers = iss_presence_get_n_servers (presence);
  for (guint row = 0; row < count.n_servers; row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
      gboolean right = cell->verdict == ISS_VERDICT_AGREES ||
                       cell->verdict == ISS_VERDICT_EXPIRED ||
                       cell->verdict == ISS_VERDICT_NOT_YET_VALID;

      count.n_answering += !cell->stale;
      count.n_assigned += cell->has_certificate;
      count.n_answering_assigned += cell->has_certificate && !cell->stale;
      count.n_unknown += cell->verdict == ISS_VERDICT_UNKNOWN;
      count.n_different += cell->verdict == ISS_VERDICT_DIFFERENT;
      count.n_expired += cell->verdict == ISS_VERDICT_EXPIRED;
      count.n_early += cell->verdict == ISS_VERDICT_NOT_YET_VALID;
      count.n_agreeing += right && !cell->stale;
      count.n_published += right && !cell->stale && cell->rung >= ISS_RUNG_PUBLISHED;
      count.n_in_effect += right && !cell->stale &&
                           iss_presence_cell_get_rung_in_effect (cell) >= ISS_RUNG_PUBLISHED;
      count.n_stale_agreeing += right && cell->stale;
    }

  return count;
}

/* "; fe03 has not answered since 13:58", or "" where every server answers. */
static char *
dup_silence (IssPresence *presence,
             guint        column,
             gint64       now,
             GTimeZone   *zone)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
      g_autofree char *silence = NULL;

      if (!cell->stale || n++ >= MAX_NAMED)
        continue;

      silence = iss_sighting_dup_silence (cell->server, now, zone);
      g_string_append_printf (text, "; %s", silence);
    }

  if (n > MAX_NAMED)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "; %u more is silent",
                                               "; %u more are silent", n - MAX_NAMED),
                            n - MAX_NAMED);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const IssPresenceCell *
find_cell (IssPresence *presence,
           guint        column,
           IssVerdict   verdict)
{
  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);

      if (cell->verdict == verdict)
        return cell;
    }

  return NULL;
}

static void
holding_free (gpointer data)
{
  Holding *self = data;

  g_ptr_array_unref (self->servers);
  g_free (self);
}

static GPtrArray *
list_holdings (IssPresence *presence,
               guint        column)
{
  g_autoptr(GPtrArray) holdings = g_ptr_array_new_with_free_func (holding_free);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, column);
      Holding *holding = NULL;

      if (!cell->has_certificate)
        continue;

      for (guint i = 0; i < holdings->len && holding == NULL; i++)
        {
          Holding *known = g_ptr_array_index (holdings, i);

          if (memcmp (known->cell->sha256, cell->sha256, ISS_SHA256_SIZE) == 0)
            holding = known;
        }

      if (holding == NULL)
        {
          holding = g_new0 (Holding, 1);
          holding->cell = cell;
          holding->servers = g_ptr_array_new_with_free_func (g_free);
          g_ptr_array_add (holdings, holding);
        }
      g_ptr_array_add (holding->servers, iss_server_dup_short_name (cell->server));
    }

  return g_steal_pointer (&holdings);
}

static char *
dup_holder_names (GPtrArray *servers)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < servers->len; i++)
    g_ptr_array_add (names, g_strdup (g_ptr_array_index (servers, i)));
  g_ptr_array_add (names, NULL);

  return iss_text_join_names ((const char *const *) names->pdata);
}

static char *
dup_certificate_name (const IssPresenceCell *cell,
                      gboolean               with_thumbprint)
{
  g_autoptr(GBytes) sha1 = NULL;
  g_autofree char *thumbprint = NULL;

  if (cell->issued_to == NULL)
    {
      g_autofree char *hex = iss_text_hex (cell->sha256, 4, FALSE);

      /* Translators: the first digits of a SHA-256 */
      return g_strdup_printf (_("a certificate (SHA-256 %s…)"), hex);
    }

  if (!with_thumbprint)
    return g_strdup (cell->issued_to);

  sha1 = g_bytes_new (cell->sha1, ISS_SHA1_SIZE);
  thumbprint = iss_text_thumbprint_short (sha1);

  return g_strdup_printf ("%s (%s)", cell->issued_to, thumbprint);
}

static gboolean
have_equal_names (GPtrArray *holdings)
{
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < holdings->len; i++)
    {
      const Holding *holding = g_ptr_array_index (holdings, i);

      if (holding->cell->issued_to != NULL &&
          !g_hash_table_add (names, holding->cell->issued_to))
        return TRUE;
    }

  return FALSE;
}

/* "two different certificates, A on fe01 and B on fe02; none is agreed" */
static char *
dup_different (IssPresence *presence,
               guint        column,
               const char  *type,
               const char  *silence)
{
  g_autoptr(GPtrArray) holdings = list_holdings (presence, column);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  gboolean with_thumbprint = have_equal_names (holdings);

  for (guint i = 0; i < holdings->len; i++)
    {
      const Holding *holding = g_ptr_array_index (holdings, i);
      g_autofree char *name = dup_certificate_name (holding->cell, with_thumbprint);
      g_autofree char *servers = dup_holder_names (holding->servers);

      /* Translators: certificate, servers: "auth.contoso.example on fe01 and fe02" */
      g_ptr_array_add (parts, g_strdup_printf (_("%s on %s"), name, servers));
    }
  g_ptr_array_add (parts, NULL);
  list = iss_text_join_names ((const char *const *) parts->pdata);

  if (holdings->len == 2)
    /* Translators: type, "A on fe01 and B on fe02", what is said of silent servers */
    return g_strdup_printf (_("%s: two different certificates, %s; none is agreed%s."), type, list,
                            silence);

  return g_strdup_printf (_("%s: %u different certificates, %s; none is agreed%s."), type,
                          holdings->len, list, silence);
}

static char *
dup_nothing_assigned (const char  *type,
                      const Count *count,
                      const char  *silence)
{
  if (count->n_unknown > 0 || count->n_answering == 0)
    return g_strdup_printf (_("%s: nothing is assigned on any server that was seen%s."), type,
                            silence);

  if (g_str_equal (type, TOKEN_ISSUER))
    return g_strdup_printf (_("%s: nothing is assigned on any server. "
                              "Server-to-server authentication cannot work."), type);

  return g_strdup_printf (_("%s: nothing is assigned on any server."), type);
}

static char *
dup_nothing_agreed (IssPresence *presence,
                    guint        column,
                    const char  *type,
                    const Count *count,
                    const char  *silence)
{
  if (count->n_different > 0)
    return dup_different (presence, column, type, silence);

  if (count->n_answering < count->n_servers)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%s: the same on %u of %u server that answers, "
                                         "but nothing is agreed%s.",
                                         "%s: the same on %u of %u servers that answer, "
                                         "but nothing is agreed%s.", count->n_answering),
                            type, count->n_answering_assigned, count->n_answering, silence);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s: the same on %u of %u server, but nothing is agreed.",
                                       "%s: the same on %u of %u servers, but nothing is agreed.",
                                       count->n_servers),
                          type, count->n_assigned, count->n_servers);
}

/* The agreed certificate is out of its time somewhere. */
static char *
dup_out_of_time (IssPresence *presence,
                 guint        column,
                 const char  *type,
                 const Count *count,
                 GTimeZone   *zone,
                 const char  *silence)
{
  IssVerdict verdict = count->n_expired > 0 ? ISS_VERDICT_EXPIRED : ISS_VERDICT_NOT_YET_VALID;
  const IssPresenceCell *cell = find_cell (presence, column, verdict);
  const IssPresenceColumn *expected = iss_presence_get_column (presence, column);
  g_autofree char *server = iss_server_dup_short_name (cell->server);
  g_autofree char *date = iss_time_text_date (cell->not_after, zone);
  g_autofree char *name = dup_certificate_name (cell, FALSE);

  if (verdict == ISS_VERDICT_EXPIRED && expected->has_expected)
    /* Translators: type, certificate, date, what is said of silent servers */
    return g_strdup_printf (_("%s: %s, which is agreed, expired on %s%s."), type, name, date,
                            silence);
  if (verdict == ISS_VERDICT_EXPIRED)
    /* Translators: type, certificate, server, date, what is said of silent servers */
    return g_strdup_printf (_("%s: %s on %s expired on %s%s."), type, name, server, date, silence);
  if (expected->has_expected)
    return g_strdup_printf (_("%s: %s, which is agreed, is not valid yet%s."), type, name, silence);

  return g_strdup_printf (_("%s: %s on %s is not valid yet%s."), type, name, server, silence);
}

static char *
dup_not_the_same (const char  *type,
                  const Count *count,
                  const char  *silence)
{
  /* A silent server that was last seen without it is counted as it was seen; of one that was
   * seen with it, or never, nothing can be said. */
  if (count->n_stale_agreeing == 0 && count->n_unknown == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%s: not the same everywhere. %u of %u servers uses "
                                         "the agreed certificate.",
                                         "%s: not the same everywhere. %u of %u servers use "
                                         "the agreed certificate.", count->n_agreeing),
                            type, count->n_agreeing, count->n_servers);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s: not the same everywhere. %u of %u servers that answer "
                                       "uses the agreed certificate%s.",
                                       "%s: not the same everywhere. %u of %u servers that answer "
                                       "use the agreed certificate%s.", count->n_agreeing),
                          type, count->n_agreeing, count->n_answering, silence);
}

static char *
dup_agreed (IssPresence *presence,
            guint        column,
            const char  *type,
            const Count *count,
            GTimeZone   *zone,
            const char  *silence,
            gboolean    *out_good)
{
  if (count->n_agreeing < count->n_answering)
    return dup_not_the_same (type, count, silence);

  if (count->n_expired + count->n_early > 0)
    return dup_out_of_time (presence, column, type, count, zone, silence);

  if (count->n_answering < count->n_servers)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%s: %u of %u server that answers uses the agreed "
                                         "certificate%s.",
                                         "%s: %u of %u servers that answer use the agreed "
                                         "certificate%s.", count->n_answering),
                            type, count->n_agreeing, count->n_answering, silence);

  if (count->n_published < count->n_agreeing)
    return g_strdup_printf (_("%s: the same certificate is assigned on %u of %u servers, "
                              "but published on %u only."),
                            type, count->n_agreeing, count->n_servers, count->n_published);

  if (count->n_in_effect < count->n_published)
    return g_strdup_printf (_("%s: the same certificate is published on %u of %u servers, but "
                              "on %u of them a service has not read it."),
                            type, count->n_published, count->n_servers,
                            count->n_published - count->n_in_effect);

  *out_good = TRUE;
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s: the same certificate on %u of %u server.",
                                       "%s: the same certificate on %u of %u servers.",
                                       count->n_servers),
                          type, count->n_agreeing, count->n_servers);
}

static char *
dup_per_server (IssPresence *presence,
                guint        column,
                const char  *type,
                const Count *count,
                GTimeZone   *zone,
                const char  *silence,
                gboolean    *out_good)
{
  if (count->n_expired + count->n_early > 0)
    return dup_out_of_time (presence, column, type, count, zone, silence);

  if (count->n_answering < count->n_servers)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%s: one per server, on %u of %u server that answers%s.",
                                         "%s: one per server, on %u of %u servers that answer%s.",
                                         count->n_answering),
                            type, count->n_answering_assigned, count->n_answering, silence);

  if (count->n_agreeing < count->n_servers)
    return g_strdup_printf (_("%s: one per server, but on %u of %u servers only."), type,
                            count->n_agreeing, count->n_servers);

  if (count->n_published < count->n_agreeing)
    return g_strdup_printf (_("%s: one per server, but published on %u of %u servers only."), type,
                            count->n_published, count->n_servers);

  if (count->n_in_effect < count->n_published)
    return g_strdup_printf (_("%s: one per server, published on %u of %u servers, but on %u of "
                              "them a service has not read it."), type, count->n_published,
                            count->n_servers, count->n_published - count->n_in_effect);

  *out_good = TRUE;
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s: one per server, on %u of %u server.",
                                       "%s: one per server, on %u of %u servers.",
                                       count->n_servers),
                          type, count->n_agreeing, count->n_servers);
}

static char *
dup_column_line (IssPresence *presence,
                 guint        index,
                 gint64       now,
                 GTimeZone   *zone,
                 gboolean    *out_good)
{
  const IssPresenceColumn *column = iss_presence_get_column (presence, index);
  g_autofree char *silence = dup_silence (presence, index, now, zone);
  Count count = count_column (presence, index);

  *out_good = FALSE;

  if (count.n_servers == 0)
    return g_strdup_printf (_("%s: the pool has no servers."), column->type);
  if (count.n_unknown == count.n_servers)
    return g_strdup_printf (_("%s: nothing was seen yet%s."), column->type, silence);
  if (count.n_assigned == 0)
    return dup_nothing_assigned (column->type, &count, silence);
  if (count.n_answering == 0)
    return g_strdup_printf (_("%s: no server answers%s."), column->type, silence);
  if (!column->pool_wide)
    return dup_per_server (presence, index, column->type, &count, zone, silence, out_good);
  if (!column->has_expected)
    return dup_nothing_agreed (presence, index, column->type, &count, silence);

  return dup_agreed (presence, index, column->type, &count, zone, silence, out_good);
}

/**
 * iss_presence_line_dup:
 * @presence: a presence whose cells are made
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 * @out_good: (out) (optional): whether the line says yes
 *
 * Returns: (transfer full): the line of the first type whose current slots are
 *   not as they should be, or else of the first type
 */
char *
iss_presence_line_dup (IssPresence *presence,
                       gint64       now,
                       GTimeZone   *zone,
                       gboolean    *out_good)
{
  g_autofree char *first = NULL;

  g_return_val_if_fail (ISS_IS_PRESENCE (presence), NULL);

  if (out_good != NULL)
    *out_good = FALSE;

  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      g_autofree char *line = NULL;
      gboolean good;

      if (iss_presence_get_column (presence, i)->slot != ISS_SLOT_CURRENT)
        continue;

      line = dup_column_line (presence, i, now, zone, &good);
      if (!good)
        return g_steal_pointer (&line);
      if (first == NULL)
        first = g_steal_pointer (&line);
    }

  if (out_good != NULL)
    *out_good = TRUE;

  return g_steal_pointer (&first);
}

static void
append_cell (GString               *text,
             const IssPresenceCell *cell)
{
  g_autofree char *sha256 = iss_text_hex (cell->sha256, ISS_SHA256_SIZE, FALSE);
  gint64 failing_since = iss_server_get_failing_since (cell->server);

  g_string_append_printf (text, "  %s: %s", iss_server_get_name (cell->server), cell->word);

  if (cell->has_certificate)
    {
      g_autofree char *sha1 = iss_text_hex (cell->sha1, ISS_SHA1_SIZE, TRUE);

      if (cell->issued_to != NULL)
        g_string_append_printf (text, "; %s, SHA-1 %s", cell->issued_to, sha1);
      g_string_append_printf (text, ", SHA-256 %s", sha256);
    }

  if (cell->seen_at != 0)
    {
      g_autofree char *seen = iss_time_text_iso (cell->seen_at);

      /* Translators: an instant in a ticket */
      g_string_append_printf (text, _("; seen %s"), seen);
    }

  if (cell->stale && failing_since != 0)
    {
      g_autofree char *since = iss_time_text_iso (failing_since);

      g_string_append_printf (text, _("; not answering since %s"), since);
    }

  g_string_append_c (text, '\n');
}

static void
append_expected (GString                 *text,
                 const IssPresenceColumn *column)
{
  g_string_append_printf (text, "\n%s, %s", column->type, iss_slot_get_label (column->slot));

  if (column->has_expected)
    {
      g_autofree char *sha256 = iss_text_hex (column->expected, ISS_SHA256_SIZE, FALSE);

      if (column->expected_name != NULL)
        {
          g_autofree char *sha1 = iss_text_hex (column->expected_sha1, ISS_SHA1_SIZE, TRUE);

          /* Translators: a certificate's name in a ticket */
          g_string_append_printf (text, _("; agreed: %s"), column->expected_name);
          g_string_append_printf (text, ", SHA-1 %s, SHA-256 %s", sha1, sha256);
        }
      else
        {
          g_string_append_printf (text, _("; agreed: %s"), "SHA-256 ");
          g_string_append (text, sha256);
        }
    }
  else if (column->pool_wide && column->slot == ISS_SLOT_CURRENT)
    {
      g_string_append_printf (text, "; %s", _("nothing is agreed"));
    }

  g_string_append (text, ":\n");
}

/**
 * iss_presence_line_dup_ticket:
 * @presence: a presence
 * @pool: the pool's name
 * @verdict: the verdict line, in UTC
 * @observer: who looked
 * @now: when the snapshot was made
 *
 * Returns: (transfer full): plain text: who, what, thumbprints, in UTC
 */
char *
iss_presence_line_dup_ticket (IssPresence *presence,
                              const char  *pool,
                              const char  *verdict,
                              const char  *observer,
                              gint64       now)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *when = iss_time_text_iso (now);

  g_return_val_if_fail (ISS_IS_PRESENCE (presence), NULL);

  g_string_append_printf (text, "%s\n%s\n", pool, verdict);
  /* Translators: a person, an instant */
  g_string_append_printf (text, _("Observer: %s, %s; all times are UTC"), observer, when);
  g_string_append_c (text, '\n');

  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      append_expected (text, iss_presence_get_column (presence, i));
      for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
        append_cell (text, iss_presence_get_cell (presence, row, i));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
