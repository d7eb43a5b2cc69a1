/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-rung.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"
#include "core/pool/reload-note.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* After this the hour alone could be yesterday's. */
#define HALF_A_DAY (12 * 3600)

/* (nullable) */
static const IssObservedCertificate *
find_certificate (const IssPresenceCell *cell)
{
  IssObservation *observation = iss_server_get_observation (cell->server);

  return observation != NULL && cell->has_certificate
         ? iss_observation_find_certificate (observation, cell->sha256) : NULL;
}

/**
 * iss_presence_rung_is_replicated:
 * @cell: a cell
 *
 * Returns: whether its certificate came from the central store; only then was it
 *   received and decrypted
 */
gboolean
iss_presence_rung_is_replicated (const IssPresenceCell *cell)
{
  const IssObservedCertificate *certificate = find_certificate (cell);

  return certificate != NULL && g_str_has_prefix (certificate->origin, "global");
}

/* (nullable) */
static const char *
get_readers (const IssPresenceCell *cell)
{
  IssObservation *observation = iss_server_get_observation (cell->server);

  return observation != NULL && cell->has_certificate
         ? iss_observation_get_readers (observation, cell->sha256) : NULL;
}

/* (nullable) */
static const IssWitnessed *
get_proof (const IssPresenceCell *cell)
{
  return cell->has_certificate
         ? iss_presence_seen_proof (cell->server, cell->sha256, cell->rung) : NULL;
}

/* (nullable): only what is current can be in use, not what is to be */
static const IssWitnessed *
get_use (const IssPresenceCell *cell)
{
  if (cell->origin != ISS_SLOT_CURRENT || !cell->has_certificate)
    return NULL;

  return iss_witness_get_use (iss_server_get_witness (cell->server), cell->type);
}

static gboolean
shows (const IssWitnessed    *use,
       const IssPresenceCell *cell)
{
  return use->sha256 != NULL && memcmp (g_bytes_get_data (use->sha256, NULL), cell->sha256,
                                        ISS_SHA256_SIZE) == 0;
}

static IssRungMark
get_mark_of_use (const IssPresenceCell *cell)
{
  const IssWitnessed *use = get_use (cell);

  if (use != NULL && use->sha256 != NULL)
    return shows (use, cell) ? ISS_RUNG_MARK_REACHED : ISS_RUNG_MARK_FAILED;

  if (cell->rung >= ISS_RUNG_SEEN_IN_USE)
    return ISS_RUNG_MARK_REACHED;

  /* A service that was not reloaded goes on with what it had. */
  return cell->not_reloaded != NULL ? ISS_RUNG_MARK_FAILED : ISS_RUNG_MARK_NONE;
}

/* (nullable): whether the services' accounts could really read what is published; that is about
 * what is current */
static char *
dup_trial (const IssPresenceCell *cell,
           GTimeZone             *zone,
           gboolean              *out_readable)
{
  IssObservation *observation = iss_server_get_observation (cell->server);
  const IssObservedType *type = NULL;

  if (observation != NULL && cell->has_certificate && cell->origin == ISS_SLOT_CURRENT)
    type = iss_observation_find_type (observation, cell->type);
  if (type == NULL || type->published != type->revision)
    return NULL;

  return iss_reload_note_dup_trial (cell->server, cell->type, zone, out_readable);
}

/* (nullable): whether they will be able to read what is staged */
static char *
dup_staged (const IssPresenceCell *cell,
            GTimeZone             *zone,
            gboolean              *out_readable,
            gboolean              *out_tried)
{
  return cell->has_certificate && cell->origin == ISS_SLOT_STAGED
         ? iss_reload_note_dup_staged (cell->server, cell->type, zone, out_readable, out_tried)
         : NULL;
}

static IssRungMark
get_mark_of_readable (const IssPresenceCell *cell)
{
  gboolean readable = FALSE;
  gboolean tried = FALSE;
  g_autofree char *trial = dup_trial (cell, NULL, &readable);
  g_autofree char *staged = dup_staged (cell, NULL, &readable, &tried);

  if (trial != NULL || staged != NULL)
    return readable ? ISS_RUNG_MARK_REACHED : ISS_RUNG_MARK_FAILED;

  return get_readers (cell) != NULL ? ISS_RUNG_MARK_REACHED : ISS_RUNG_MARK_NONE;
}

/**
 * iss_presence_rung_get_mark:
 * @cell: a cell
 * @rung: a rung
 *
 * A certificate that was imported by hand was never received or decrypted. What
 * is only kept, to verify or for later, need not be published.
 *
 * Returns: what stands below @rung
 */
IssRungMark
iss_presence_rung_get_mark (const IssPresenceCell *cell,
                            IssRung                rung)
{
  const IssWitnessed *proof;
  IssRung wanted;
  IssRung first;

  g_return_val_if_fail (cell != NULL, ISS_RUNG_MARK_NONE);
  g_return_val_if_fail (rung > ISS_RUNG_NONE && rung < ISS_N_RUNGS, ISS_RUNG_MARK_NONE);

  if (cell->verdict == ISS_VERDICT_UNKNOWN || cell->verdict == ISS_VERDICT_NONE)
    return ISS_RUNG_MARK_NONE;

  if (rung <= ISS_RUNG_DECRYPTED && !iss_presence_rung_is_replicated (cell))
    return ISS_RUNG_MARK_NONE;

  /* What is published says nothing about who may read its key. Where only the owner may, the
   * service may be the owner: that is no failure. */
  if (rung == ISS_RUNG_READABLE)
    return get_mark_of_readable (cell);

  if (rung == ISS_RUNG_SEEN_IN_USE)
    return get_mark_of_use (cell);

  /* What was tried counts more than what is said. */
  proof = rung == ISS_RUNG_KEY_MATCHES ? get_proof (cell) : NULL;
  if (proof != NULL)
    return proof->failure != NULL ? ISS_RUNG_MARK_FAILED : ISS_RUNG_MARK_REACHED;

  if (rung <= cell->rung)
    return ISS_RUNG_MARK_REACHED;

  wanted = cell->origin == ISS_SLOT_CURRENT ? ISS_RUNG_PUBLISHED : ISS_RUNG_IN_STORE;
  first = MAX (cell->rung + 1,
               iss_presence_rung_is_replicated (cell) ? ISS_RUNG_RECEIVED : ISS_RUNG_IN_STORE);
  if (first == ISS_RUNG_READABLE)
    first = ISS_RUNG_PUBLISHED;

  return rung == first && rung <= wanted ? ISS_RUNG_MARK_FAILED : ISS_RUNG_MARK_NONE;
}

/**
 * iss_presence_rung_get_nick:
 * @mark: a mark
 *
 * Returns: (transfer none): its word for machines
 */
const char *
iss_presence_rung_get_nick (IssRungMark mark)
{
  static const char *const nicks[] = { "none", "reached", "failed" };

  g_return_val_if_fail ((guint) mark < G_N_ELEMENTS (nicks), NULL);

  return nicks[mark];
}

static char *
dup_time (gint64     at,
          gint64     now,
          GTimeZone *zone)
{
  return now - at < HALF_A_DAY ? iss_time_text_clock (at, zone)
                               : iss_time_text_since (at, now, zone);
}

/* (nullable): its key is in no token */
static const IssTokenCheck *
get_token (const IssPresenceCell *cell)
{
  IssObservation *observation = iss_server_get_observation (cell->server);

  return observation != NULL && cell->has_certificate
         ? iss_observation_get_token (observation, cell->sha256) : NULL;
}

static void
init_key (IssPresenceRung       *self,
          const IssPresenceCell *cell,
          const char            *server,
          GTimeZone             *zone)
{
  const IssWitnessed *proof = get_proof (cell);
  const IssTokenCheck *token = get_token (cell);

  if (proof == NULL && token != NULL)
    {
      g_autofree char *known = iss_token_check_dup_text (token, zone);

      self->observer = g_strdup (token->trial == ISS_TOKEN_TRIAL_SIGNED ? _("token") : _("agent"));
      /* Translators: a sentence, a time, a server */
      self->text = self->time != NULL
        ? g_strdup_printf (_("%s; seen %s by the agent on %s"), known, self->time, server)
        : g_strdup (known);
    }
  else if (proof == NULL && self->mark == ISS_RUNG_MARK_REACHED)
    {
      self->observer = g_strdup (_("agent"));
      /* Translators: a time, a server */
      self->text = g_strdup_printf (_("seen %s by the agent on %s, not proved"), self->time,
                                    server);
    }
  else if (proof != NULL && proof->failure != NULL)
    {
      self->observer = g_strdup (_("not proved"));
      /* Translators: a time, a sentence */
      self->text = g_strdup_printf (_("not proved %s: %s"), self->time, proof->failure);
    }
  else if (proof != NULL)
    {
      self->observer = g_strdup (_("proved"));
      /* Translators: a time */
      self->text = g_strdup_printf (_("proved %s by this console"), self->time);
    }
}

static void
init_readable (IssPresenceRung       *self,
               const IssPresenceCell *cell,
               GTimeZone             *zone)
{
  const char *readers = get_readers (cell);
  gboolean readable = FALSE;
  gboolean tried = FALSE;
  g_autofree char *trial = dup_trial (cell, zone, &readable);
  g_autofree char *staged = dup_staged (cell, zone, &readable, &tried);

  if (staged != NULL)
    {
      self->observer = g_strdup (tried ? _("tried") : _("by permissions"));
      self->text = tried
        ? g_strdup_printf (_("%s by root's watcher"), staged)
        /* Translators: whether accounts can read a key, a time */
        : g_strdup_printf (_("%s, seen %s"), staged, self->time);
    }
  else if (trial != NULL)
    {
      self->observer = g_strdup (_("tried"));
      /* Translators: whether accounts could read a key, and when that was tried */
      self->text = g_strdup_printf (_("%s by root's watcher"), trial);
    }
  else if (readers != NULL)
    {
      self->observer = g_strdup (_("by permissions"));
      /* Translators: accounts, a time */
      self->text = g_strdup_printf (_("%s, by permissions, seen %s"), readers, self->time);
    }
  else if (get_token (cell) != NULL)
    {
      self->text = g_strdup (_("the key is in a token: who may use it, the token decides"));
    }
  else if (cell->rung >= ISS_RUNG_KEY_MATCHES)
    {
      self->text = g_strdup (_("only the owner of the folder may read the key, by permissions"));
    }
}

/* Published is one thing, read by those who use it another. */
static void
init_published (IssPresenceRung       *self,
                const IssPresenceCell *cell,
                const char            *server,
                GTimeZone             *zone)
{
  g_autofree char *trouble = NULL;
  g_autofree char *state = NULL;

  if (cell->origin != ISS_SLOT_CURRENT || !cell->has_certificate ||
      self->mark == ISS_RUNG_MARK_NONE)
    return;

  trouble = iss_reload_note_dup_trouble (cell->server, cell->type);
  state = iss_reload_note_dup_state (cell->server, cell->type, zone);
  if (trouble != NULL)
    {
      self->observer = g_strdup (_("not reloaded"));
      /* Translators: sentences without the last full stop, a time, a server */
      self->text = g_strdup_printf (_("%s; seen %s by the agent on %s"), trouble, self->time,
                                    server);
    }
  else if (state != NULL)
    {
      self->observer = g_strdup (_("agent"));
      /* Translators: a time, a server, "nginx reloaded 14:02:13" */
      self->text = g_strdup_printf (_("seen %s by the agent on %s; %s"), self->time, server,
                                    state);
    }
}

static void
init_use (IssPresenceRung       *self,
          const IssPresenceCell *cell,
          const char            *server)
{
  const IssWitnessed *use = get_use (cell);

  if (use == NULL && cell->not_reloaded != NULL)
    {
      self->observer = g_strdup (_("agent"));
      /* Translators: "nginx not reloaded", a time, a server */
      self->text = g_strdup_printf (_("%s: nothing shows that it uses it; seen %s by the agent on "
                                      "%s"), cell->not_reloaded, self->time, server);
      return;
    }

  if (use == NULL)
    {
      if (cell->slot == ISS_SLOT_CURRENT && cell->has_certificate)
        self->text = g_strdup (_("not looked at: the topology file may say where "
                                 "(seen-in-use)"));
      return;
    }

  self->observer = g_strdup (_("this console"));
  if (use->failure != NULL)
    /* Translators: a place, a time, a sentence */
    self->text = g_strdup_printf (_("%s did not show it, tried %s: %s"), use->place, self->time,
                                  use->failure);
  else if (shows (use, cell) && use->is_named)
    /* Translators: a place, a time */
    self->text = g_strdup_printf (_("%s names it by its thumbprint, seen %s by this console: "
                                    "whether the key is the certificate's was not compared"),
                                  use->place, self->time);
  else if (shows (use, cell))
    /* Translators: a place, a time */
    self->text = g_strdup_printf (_("%s shows it, seen %s by this console"), use->place,
                                  self->time);
  else
    self->text = g_strdup_printf (_("%s shows another certificate, seen %s by this console"),
                                  use->place, self->time);
}

static gint64
find_instant (const IssPresenceCell *cell,
              IssRung                rung,
              IssRungMark            mark)
{
  const IssWitnessed *tried = NULL;

  if (rung == ISS_RUNG_KEY_MATCHES)
    tried = get_proof (cell);
  else if (rung == ISS_RUNG_SEEN_IN_USE)
    tried = get_use (cell);
  if (tried != NULL)
    return tried->at;

  return mark != ISS_RUNG_MARK_NONE ? cell->seen_at : 0;
}

/**
 * iss_presence_rung_init:
 * @self: a rung, all zero
 * @cell: a cell
 * @rung: which one
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Works out what is known of the rung, when that was seen, and by whom: told by the server's
 * agent, worked out from permissions, tried by root's watcher there, or by this console.
 */
void
iss_presence_rung_init (IssPresenceRung       *self,
                        const IssPresenceCell *cell,
                        IssRung                rung,
                        gint64                 now,
                        GTimeZone             *zone)
{
  g_autofree char *server = iss_server_dup_short_name (cell->server);

  self->mark = iss_presence_rung_get_mark (cell, rung);
  self->at = find_instant (cell, rung, self->mark);
  if (self->at != 0)
    self->time = dup_time (self->at, now, zone);

  if (rung == ISS_RUNG_KEY_MATCHES)
    init_key (self, cell, server, zone);
  else if (rung == ISS_RUNG_READABLE)
    init_readable (self, cell, zone);
  else if (rung == ISS_RUNG_PUBLISHED)
    init_published (self, cell, server, zone);
  else if (rung == ISS_RUNG_SEEN_IN_USE)
    init_use (self, cell, server);
  else if (rung <= ISS_RUNG_DECRYPTED && self->mark == ISS_RUNG_MARK_NONE && cell->has_certificate)
    self->text = g_strdup (_("it was imported by hand, not replicated"));

  if (self->text != NULL)
    return;

  if (self->mark == ISS_RUNG_MARK_NONE)
    {
      self->text = g_strdup (_("not looked at, or does not exist here"));
      return;
    }

  self->observer = g_strdup (_("agent"));
  self->text = self->mark == ISS_RUNG_MARK_REACHED
             ? g_strdup_printf (_("seen %s by the agent on %s"), self->time, server)
             : g_strdup_printf (_("not reached, seen %s by the agent on %s"), self->time, server);
}

/**
 * iss_presence_rung_clear:
 * @self: a rung
 *
 * Frees what it owns.
 */
void
iss_presence_rung_clear (IssPresenceRung *self)
{
  g_clear_pointer (&self->time, g_free);
  g_clear_pointer (&self->observer, g_free);
  g_clear_pointer (&self->text, g_free);
}
