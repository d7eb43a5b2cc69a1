/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/replication-warning.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ORIGIN_MANUAL "manual"

/* Whether a server has the certificate, as it was last seen. */
typedef enum
{
  HAS_IT,
  HAS_IT_NOT,
  NOT_ASKED,     /* it was looked at, but not for this certificate */
  NEVER_SEEN
} Holding;

/**
 * iss_replication_warning_free:
 * @self: (transfer full): a warning
 */
void
iss_replication_warning_free (IssReplicationWarning *self)
{
  g_free (self->issued_to);
  g_clear_pointer (&self->holders, g_ptr_array_unref);
  g_clear_pointer (&self->missing, g_ptr_array_unref);
  g_clear_pointer (&self->silent, g_ptr_array_unref);
  g_free (self->text);
  g_free (self->lead);
  g_free (self->rest);
  g_free (self);
}

static Holding
get_holding (IssServer    *server,
             const guint8 *sha256)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedCertificate *certificate;

  if (observation == NULL)
    return NEVER_SEEN;

  certificate = iss_observation_find_certificate (observation, sha256);
  if (certificate == NULL)
    return NOT_ASKED;

  return certificate->rung >= ISS_RUNG_IN_STORE ? HAS_IT : HAS_IT_NOT;
}

/* "fe02 and fe04 do not have auth.contoso.example." */
static char *
dup_missing (const IssReplicationWarning *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (guint i = 0; i < self->missing->len; i++)
    g_ptr_array_add (names, iss_server_dup_short_name (g_ptr_array_index (self->missing, i)));
  g_ptr_array_add (names, NULL);
  list = iss_text_join_names ((const char *const *) names->pdata);

  /* Translators: servers, certificate */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s does not have %s.",
                                       "%s do not have %s.", self->missing->len),
                          list, self->issued_to);
}

/* What is said of a server that cannot be said to have it or not. @what is "it",
 * or the certificate's name where nothing has named it before. */
static char *
dup_silent (IssServer  *server,
            Holding     holding,
            const char *what,
            gint64      now,
            GTimeZone  *zone)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *silence = NULL;
  g_autofree char *seen = NULL;

  if (!iss_sighting_is_stale (server, now))
    /* Translators: server, "it" or a certificate's name */
    return g_strdup_printf (_("%s was not looked at for %s yet."), name, what);

  silence = iss_sighting_dup_silence (server, now, zone);
  if (holding == NEVER_SEEN && iss_server_get_failing_since (server) == 0)
    return g_strdup_printf ("%s.", silence);
  if (holding == NEVER_SEEN)
    /* Translators: "fe03 has not answered since 13:58" */
    return g_strdup_printf (_("%s; it was never looked at."), silence);
  if (holding == NOT_ASKED)
    /* Translators: "fe03 has not answered since 13:58", "it" or a certificate's name */
    return g_strdup_printf (_("%s; it was never looked at for %s."), silence, what);

  seen = iss_time_text_since (iss_server_get_seen_at (server), now, zone);
  /* Translators: "fe03 has not answered since 13:58", "it" or a certificate's name, time */
  return g_strdup_printf (_("%s; it did not have %s at %s."), silence, what, seen);
}

static void
write_text (IssReplicationWarning *self,
            gint64                 now,
            GTimeZone             *zone)
{
  g_autoptr(GString) rest = g_string_new (NULL);
  gboolean named = FALSE;

  if (self->missing->len > 0)
    {
      g_autofree char *missing = dup_missing (self);

      g_string_append (rest, missing);
      named = TRUE;
    }

  for (guint i = 0; i < self->silent->len; i++)
    {
      IssServer *server = g_ptr_array_index (self->silent, i);
      Holding holding = get_holding (server, self->sha256);
      /* Translators: a certificate that was named before */
      g_autofree char *sentence = dup_silent (server, holding,
                                              named ? C_("certificate", "it") : self->issued_to,
                                              now, zone);

      named = named || holding == HAS_IT_NOT || holding == NOT_ASKED;
      g_string_append_printf (rest, "%s%s", rest->len > 0 ? " " : "", sentence);
    }

  self->lead = g_strdup (_("Manual import does not replicate."));
  self->rest = g_string_free (g_steal_pointer (&rest), FALSE);
  self->text = g_strdup_printf ("%s %s", self->lead, self->rest);
}

/* The warning, or NULL if every server has it. */
static IssReplicationWarning *
warning_new (IssPool      *pool,
             const guint8 *sha256,
             const guint8 *sha1,
             const char   *issued_to,
             GPtrArray    *ticked,
             gint64        now,
             GTimeZone    *zone)
{
  g_autoptr(IssReplicationWarning) self = g_new0 (IssReplicationWarning, 1);

  memcpy (self->sha256, sha256, ISS_SHA256_SIZE);
  if (sha1 != NULL)
    memcpy (self->sha1, sha1, ISS_SHA1_SIZE);
  self->issued_to = g_strdup (issued_to);
  self->holders = g_ptr_array_new_with_free_func (g_object_unref);
  self->missing = g_ptr_array_new_with_free_func (g_object_unref);
  self->silent = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      Holding holding = get_holding (server, sha256);
      GPtrArray *kind = self->silent;

      if (holding == HAS_IT || (ticked != NULL && g_ptr_array_find (ticked, server, NULL)))
        kind = self->holders;
      else if (holding == HAS_IT_NOT && !iss_sighting_is_stale (server, now))
        kind = self->missing;

      g_ptr_array_add (kind, g_object_ref (server));
    }

  if (self->missing->len == 0 && self->silent->len == 0)
    return NULL;

  write_text (self, now, zone);

  return g_steal_pointer (&self);
}

static gboolean
is_meant_for_pool (const IssObservedCertificate *certificate)
{
  return certificate->rung >= ISS_RUNG_IN_STORE && certificate->intent == ISS_INTENT_POOL &&
         g_strcmp0 (certificate->origin, ORIGIN_MANUAL) == 0;
}

/**
 * iss_replication_warning_find:
 * @pool: a pool, as it was last seen
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Looks for certificates that were imported by hand on some server, are meant
 * for every server, and are not known to be on each. A server that does not
 * answer is never said not to have one now, only what was last seen there; one
 * that had it then does not count. A server that was looked at without being
 * asked about the certificate (iss_pool_look_async()) is said not to have been
 * looked at for it.
 *
 * Returns: (transfer full) (element-type IssReplicationWarning): the warnings;
 *   empty if there is nothing to warn of
 */
GPtrArray *
iss_replication_warning_find (IssPool   *pool,
                              gint64     now,
                              GTimeZone *zone)
{
  g_autoptr(GPtrArray) warnings =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replication_warning_free);
  g_autoptr(GHashTable) done = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                      (GDestroyNotify) g_bytes_unref, NULL);

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));
      guint n = observation != NULL ? iss_observation_get_n_certificates (observation) : 0;

      for (guint j = 0; j < n; j++)
        {
          const IssObservedCertificate *certificate =
            iss_observation_get_certificate (observation, j);
          IssReplicationWarning *warning;

          if (!is_meant_for_pool (certificate) ||
              !g_hash_table_add (done, g_bytes_new (certificate->sha256, ISS_SHA256_SIZE)))
            continue;

          warning = warning_new (pool, certificate->sha256, certificate->sha1,
                                 certificate->issued_to, NULL, now, zone);
          if (warning != NULL)
            g_ptr_array_add (warnings, warning);
        }
    }

  return g_steal_pointer (&warnings);
}

/**
 * iss_replication_warning_new_for:
 * @pool: a pool, as it was last seen
 * @sha256: (array fixed-size=32): a certificate that shall be imported
 * @sha1: (nullable) (array fixed-size=20): its thumbprint
 * @issued_to: its name
 * @ticked: (nullable) (element-type IssServer): where it shall be imported
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * The warning before an import: as if the ticked servers had the certificate
 * already and it were meant for the pool.
 *
 * Returns: (transfer full) (nullable): the warning, or %NULL if every server
 *   would have it
 */
IssReplicationWarning *
iss_replication_warning_new_for (IssPool      *pool,
                                 const guint8 *sha256,
                                 const guint8 *sha1,
                                 const char   *issued_to,
                                 GPtrArray    *ticked,
                                 gint64        now,
                                 GTimeZone    *zone)
{
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);
  g_return_val_if_fail (issued_to != NULL, NULL);

  return warning_new (pool, sha256, sha1, issued_to, ticked, now, zone);
}
