/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-cell.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/drift.h"
#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static IssVerdict
judge_dates (const IssObservedCertificate *certificate,
             gint64                        now)
{
  if (certificate == NULL || certificate->rung < ISS_RUNG_IN_STORE)
    return ISS_VERDICT_AGREES;
  if (now > certificate->not_after)
    return ISS_VERDICT_EXPIRED;
  if (now < certificate->not_before)
    return ISS_VERDICT_NOT_YET_VALID;

  return ISS_VERDICT_AGREES;
}

static IssVerdict
judge_empty (IssPool                 *pool,
             const IssPresenceColumn *column)
{
  if (column->has_expected)
    return ISS_VERDICT_MISSING;
  if (column->slot == ISS_SLOT_PREVIOUS || (!column->pool_wide && column->slot != ISS_SLOT_CURRENT))
    return ISS_VERDICT_NONE;

  return iss_presence_seen_is_used (pool, column->type, column->slot, column->at)
         ? ISS_VERDICT_MISSING : ISS_VERDICT_NONE;
}

static IssVerdict
judge (IssPool                      *pool,
       const IssPresenceColumn      *column,
       const IssObservedSlot        *observed,
       const IssObservedCertificate *certificate,
       gint64                        now)
{
  if (observed == NULL)
    return judge_empty (pool, column);

  if (column->has_expected && memcmp (observed->sha256, column->expected, ISS_SHA256_SIZE) != 0)
    return ISS_VERDICT_DIFFERENT;
  if (column->pool_wide && !column->has_expected &&
      iss_presence_seen_common (pool, column->type, column->slot, column->at) == NULL)
    return ISS_VERDICT_DIFFERENT;

  /* Assigned, and gone from its store since. */
  if (observed->rung < ISS_RUNG_IN_STORE)
    return ISS_VERDICT_MISSING;

  /* A previous certificate only verifies what it signed: that it expires is how
   * it ends, not something to mend. */
  if (column->slot == ISS_SLOT_PREVIOUS)
    return ISS_VERDICT_AGREES;

  return judge_dates (certificate, now);
}

/* (nullable): what is published is not what its services use */
static char *
dup_not_reloaded (const IssPresenceCell   *cell,
                  const IssPresenceColumn *column)
{
  if (column->at != 0 || cell->slot != ISS_SLOT_CURRENT)
    return NULL;

  return iss_reload_note_dup_in_vain (cell->server, cell->type, cell->rung);
}

static char *
dup_word (const IssPresenceCell        *cell,
          const IssObservedCertificate *wanted,
          gint64                        now)
{
  switch (cell->verdict)
    {
    case ISS_VERDICT_AGREES:
      if (cell->not_reloaded != NULL)
        return g_strdup (cell->not_reloaded);
      return g_strdup (iss_rung_get_label (cell->rung));

    case ISS_VERDICT_MISSING:
      if (cell->has_certificate)
        return g_strdup (_("assigned, but not in store"));
      if (wanted != NULL && wanted->rung >= ISS_RUNG_IN_STORE)
        return g_strdup (_("not assigned"));
      break;

    case ISS_VERDICT_DIFFERENT:
      if (cell->issued_to == NULL)
        break;
      if (cell->not_after != 0 && now > cell->not_after)
        /* Translators: a certificate's name */
        return g_strdup_printf (_("different: %s, expired"), cell->issued_to);
      return g_strdup_printf (_("different: %s"), cell->issued_to);

    case ISS_VERDICT_NONE:
    case ISS_VERDICT_EXPIRED:
    case ISS_VERDICT_NOT_YET_VALID:
    case ISS_VERDICT_UNKNOWN:
      break;
    }

  return g_strdup (iss_verdict_get_label (cell->verdict));
}

/* (nullable): its key is in no token */
static char *
dup_token (const IssPresenceCell *cell,
           GTimeZone             *zone)
{
  IssObservation *observation = iss_server_get_observation (cell->server);
  const IssTokenCheck *check = NULL;

  if (observation != NULL && cell->has_certificate)
    check = iss_observation_get_token (observation, cell->sha256);

  return check != NULL ? iss_token_check_dup_text (check, zone) : NULL;
}

/* What the word cannot say, or NULL. */
static char *
dup_detail (const IssPresenceColumn      *column,
            const IssPresenceCell        *cell,
            const IssObservedCertificate *own,
            const IssObservedCertificate *wanted,
            GTimeZone                    *zone)
{
  const char *name = column->expected_name != NULL ? column->expected_name
                                                   : _("the agreed certificate");
  g_autofree char *token = dup_token (cell, zone);
  g_autofree char *used = NULL;
  g_autofree char *date = NULL;

  if (cell->issued_to != NULL)
    used = iss_presence_seen_dup_name (cell->issued_to, cell->sha1);

  switch (cell->verdict)
    {
    case ISS_VERDICT_MISSING:
      if (cell->has_certificate)
        return g_strdup (_("Its certificate is no longer in the Personal store"));
      if (!column->has_expected)
        return g_strdup (_("Nothing is assigned"));
      if (wanted == NULL)
        return g_strdup_printf (_("It is not assigned; whether the server has %s "
                                  "was not looked at"),
                                name);
      if (wanted->rung >= ISS_RUNG_IN_STORE)
        return g_strdup_printf (_("%s is in its Personal store, but not assigned"), name);

      /* What a silent server has now nobody knows. */
      if (cell->stale)
        return g_strdup_printf (_("%s was not in its Personal store"), name);
      return g_strdup_printf (_("%s is not in its Personal store"), name);

    case ISS_VERDICT_DIFFERENT:
      if (used != NULL && column->has_expected)
        /* Translators: two certificates with their thumbprints */
        return g_strdup_printf (_("It uses %s; agreed is %s"), used, column->expected_text);
      if (used != NULL)
        return g_strdup_printf (_("It uses %s; another server uses another one, "
                                  "and none is agreed"),
                                used);
      break;

    case ISS_VERDICT_EXPIRED:
      date = iss_time_text_date (own->not_after, zone);
      return g_strdup_printf (_("%s expired on %s"), used, date);

    case ISS_VERDICT_NOT_YET_VALID:
      date = iss_time_text_instant (own->not_before, zone);
      return g_strdup_printf (_("%s is not valid before %s"), used, date);

    case ISS_VERDICT_AGREES:
      return used != NULL && token != NULL ? g_strdup_printf ("%s. %s", used, token)
                                           : g_strdup (used);

    case ISS_VERDICT_NONE:
    case ISS_VERDICT_UNKNOWN:
      break;
    }

  return NULL;
}

static char *
dup_seen (const IssPresenceCell *cell,
          GTimeZone             *zone)
{
  g_autofree char *clock = NULL;

  if (cell->age != NULL)
    {
      g_autofree char *age = g_strdup (cell->age);

      age[0] = g_ascii_toupper (age[0]);
      return g_steal_pointer (&age);
    }
  if (cell->seen_at == 0)
    return NULL;

  clock = iss_time_text_clock (cell->seen_at, zone);
  /* Translators: a time: "Seen 14:02:11" */
  return g_strdup_printf (_("Seen %s"), clock);
}

static char *
dup_sentence (const IssPresenceCell *cell,
              const char            *detail,
              const char            *change,
              const char            *trouble,
              const IssWitnessed    *proof,
              GTimeZone             *zone)
{
  g_autofree char *server = iss_server_dup_short_name (cell->server);
  g_autofree char *seen = dup_seen (cell, zone);
  g_autoptr(GString) text = g_string_new (NULL);

  /* Translators: server, certificate type, slot, verdict:
   * "fe02 · OAuthTokenIssuer · current: missing." */
  g_string_append_printf (text, _("%s · %s · %s: %s."), server, cell->type,
                          iss_slot_get_label (cell->slot), cell->word);
  if (detail != NULL)
    g_string_append_printf (text, " %s.", detail);
  if (proof != NULL && proof->failure != NULL)
    {
      g_string_append_c (text, ' ');
      /* Translators: a sentence without its full stop */
      g_string_append_printf (text, _("Its private key was not proved: %s."), proof->failure);
    }
  if (trouble != NULL)
    g_string_append_printf (text, " %s.", trouble);
  if (cell->unattended)
    {
      g_string_append_c (text, ' ');
      /* Translators: a server */
      g_string_append_printf (text, _("No service on %s runs the roll: start "
                                      "issuant-agent.service there."), server);
    }
  if (change != NULL)
    g_string_append_printf (text, " %s.", change);
  if (seen != NULL)
    g_string_append_printf (text, " %s.", seen);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (nullable): who made it other than agreed */
static char *
dup_change (const IssPresenceCell   *cell,
            const IssPresenceColumn *column,
            gint64                   now,
            GTimeZone               *zone)
{
  g_autoptr(GBytes) present = cell->has_certificate ? g_bytes_new (cell->sha256, ISS_SHA256_SIZE)
                                                    : NULL;

  return iss_drift_is_one (cell, column)
         ? iss_drift_dup_text (cell->server, cell->type, present, now, zone) : NULL;
}

/**
 * iss_presence_cell_init:
 * @self: a cell, all zero
 * @pool: a pool, as it was last seen
 * @column: a slot of a type
 * @server: one of the pool's servers
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Works out the truth about the slot on the server.
 */
void
iss_presence_cell_init (IssPresenceCell         *self,
                        IssPool                 *pool,
                        const IssPresenceColumn *column,
                        IssServer               *server,
                        gint64                   now,
                        GTimeZone               *zone)
{
  const IssObservedSlot *observed = iss_presence_seen_slot (server, column->type, column->slot,
                                                             column->at);
  const IssObservedCertificate *own = NULL;
  const IssObservedCertificate *wanted = NULL;
  const IssWitnessed *proof = NULL;
  const gint64 at = column->at != 0 ? column->at : now;
  g_autofree char *detail = NULL;
  g_autofree char *change = NULL;
  g_autofree char *trouble = NULL;

  self->server = server;
  self->type = column->type;
  self->slot = column->slot;
  self->origin = iss_presence_seen_origin (server, column->type, column->slot, column->at);
  self->unattended = column->slot == ISS_SLOT_CURRENT && self->origin == ISS_SLOT_STAGED &&
                     iss_observation_is_unattended (iss_server_get_observation (server));
  self->seen_at = iss_server_get_seen_at (server);
  self->stale = iss_sighting_is_stale (server, now);
  self->age = iss_sighting_dup_age (server, now, zone);

  if (observed != NULL)
    {
      own = iss_presence_seen_certificate (server, observed->sha256);
      proof = iss_presence_seen_proof (server, observed->sha256, observed->rung);
      self->has_certificate = TRUE;
      self->rung = observed->rung;
      if (proof != NULL && proof->failure != NULL)
        self->rung = MIN (self->rung, ISS_RUNG_IN_STORE);
      memcpy (self->sha256, observed->sha256, ISS_SHA256_SIZE);
    }
  if (own != NULL && own->rung < ISS_RUNG_IN_STORE)
    own = NULL;
  if (own != NULL)
    {
      memcpy (self->sha1, own->sha1, ISS_SHA1_SIZE);
      self->issued_to = g_strdup (own->issued_to);
      self->not_after = own->not_after;
    }
  if (column->has_expected)
    wanted = iss_presence_seen_certificate (server, column->expected);

  self->verdict = iss_server_get_observation (server) != NULL
                  ? judge (pool, column, observed, own, at)
                  : ISS_VERDICT_UNKNOWN;
  self->not_reloaded = dup_not_reloaded (self, column);
  self->word = dup_word (self, wanted, at);
  if (self->not_reloaded != NULL)
    trouble = iss_reload_note_dup_trouble (server, self->type);
  detail = dup_detail (column, self, own, wanted, zone);
  change = dup_change (self, column, now, zone);
  self->sentence = dup_sentence (self, detail, change, trouble, proof, zone);
}

/**
 * iss_presence_cell_clear:
 * @self: a cell
 *
 * Frees what it owns.
 */
void
iss_presence_cell_clear (IssPresenceCell *self)
{
  g_clear_pointer (&self->issued_to, g_free);
  g_clear_pointer (&self->word, g_free);
  g_clear_pointer (&self->not_reloaded, g_free);
  g_clear_pointer (&self->age, g_free);
  g_clear_pointer (&self->sentence, g_free);
}

/**
 * iss_presence_cell_get_rung_in_effect:
 * @self: a cell
 *
 * Returns: its rung, or one below published where a service has not read what is published: so
 *   nobody takes for done what is not
 */
IssRung
iss_presence_cell_get_rung_in_effect (const IssPresenceCell *self)
{
  g_return_val_if_fail (self != NULL, ISS_RUNG_NONE);

  return self->not_reloaded != NULL ? MIN (self->rung, ISS_RELOAD_NOTE_RUNG) : self->rung;
}

/**
 * iss_presence_cell_is_in_effect:
 * @self: a cell
 *
 * Returns: whether what should be used is: the right certificate, published, and no service is
 *   known that has not read it
 */
gboolean
iss_presence_cell_is_in_effect (const IssPresenceCell *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->verdict == ISS_VERDICT_AGREES &&
         iss_presence_cell_get_rung_in_effect (self) >= ISS_RUNG_PUBLISHED;
}
