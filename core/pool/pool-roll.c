/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-roll.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* (nullable): what a server has in a slot of a type, if it still has it. */
static const IssObservedCertificate *
find_certificate (IssServer  *server,
                  const char *type,
                  IssSlot     slot)
{
  IssObservation *seen = iss_server_get_observation (server);
  const IssObservedType *its = seen != NULL ? iss_observation_find_type (seen, type) : NULL;
  const IssObservedCertificate *certificate = NULL;

  if (its != NULL && its->slots[slot].is_set)
    certificate = iss_observation_find_certificate (seen, its->slots[slot].sha256);

  return certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE ? certificate : NULL;
}

static gint64
get_instant (IssServer  *server,
             const char *type,
             IssSlot     slot)
{
  return iss_observation_find_type (iss_server_get_observation (server), type)->slots[slot].instant;
}

/* Certificates are told apart by whom they are issued to, or where that is the same, by what
 * somebody called them. */
static void
set_old (IssPoolRoll                  *self,
         const IssObservedCertificate *certificate)
{
  gboolean is_same = strcmp (certificate->issued_to, self->new_name) == 0;
  gboolean has_other = *certificate->friendly_name != '\0' && is_same;

  g_free (self->old_name);
  self->old_name = g_strdup (has_other ? certificate->friendly_name : certificate->issued_to);
  self->plan.old_name = self->old_name;
  self->plan.old_not_after = certificate->not_after;
}

static IssPoolRoll *
new_roll (const char *name,
          gint64      not_before,
          gint64      not_after,
          gint64      now)
{
  IssPoolRoll *self = g_new0 (IssPoolRoll, 1);

  self->new_name = g_strdup (name);
  self->plan.new_name = self->new_name;
  self->plan.new_not_before = not_before;
  self->plan.new_not_after = not_after;
  self->plan.now = now;
  self->instant = now;

  return self;
}

static void
take_type (IssPoolRoll *self,
           const char  *name)
{
  const IssCertificateType *type = iss_certificate_type_find (name);

  if (type != NULL && (self->type == NULL || type->token_lifetime > self->type->token_lifetime))
    {
      self->type = type;
      self->plan.token_lifetime = type->token_lifetime;
    }
}

/**
 * iss_pool_roll_new:
 * @servers: (element-type IssServer): where
 * @types: names of certificate types
 * @name: name of the certificate that is rolled to
 * @not_before: from when it is valid
 * @not_after: until when
 * @now: the present
 *
 * Where servers, or types, use different certificates the one that expires first counts.
 *
 * Returns: (transfer full): a roll, at once
 */
IssPoolRoll *
iss_pool_roll_new (GPtrArray         *servers,
                   const char *const *types,
                   const char        *name,
                   gint64             not_before,
                   gint64             not_after,
                   gint64             now)
{
  IssPoolRoll *self;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (types != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = new_roll (name, not_before, not_after, now);
  for (guint i = 0; types[i] != NULL; i++)
    {
      take_type (self, types[i]);
      for (guint k = 0; k < servers->len; k++)
        {
          IssServer *server = g_ptr_array_index (servers, k);
          const IssObservedCertificate *certificate;

          certificate = find_certificate (server, types[i], ISS_SLOT_CURRENT);
          if (certificate != NULL
              && (self->old_name == NULL || certificate->not_after < self->plan.old_not_after))
            set_old (self, certificate);
        }
    }

  return self;
}

/* (nullable) */
static IssPoolRoll *
find_on (IssServer  *server,
         const char *type,
         gint64      now)
{
  const IssObservedCertificate *current = find_certificate (server, type, ISS_SLOT_CURRENT);
  const IssObservedCertificate *previous = find_certificate (server, type, ISS_SLOT_PREVIOUS);
  const IssObservedCertificate *staged = find_certificate (server, type, ISS_SLOT_STAGED);
  const IssObservedCertificate *to = staged != NULL ? staged : current;
  const IssObservedCertificate *from = staged != NULL ? current : previous;
  g_autoptr(IssPoolRoll) self = NULL;
  g_autoptr(IssRollSchedule) schedule = NULL;

  if (to == NULL || (staged == NULL && from == NULL))
    return NULL;

  self = new_roll (to->issued_to, to->not_before, to->not_after, now);
  self->instant = get_instant (server, type, staged != NULL ? ISS_SLOT_STAGED : ISS_SLOT_CURRENT);
  take_type (self, type);
  if (from != NULL)
    set_old (self, from);
  if (self->instant == 0)
    return NULL;

  schedule = iss_pool_roll_make_schedule (self, NULL);

  return iss_roll_schedule_is_over (schedule) ? NULL : g_steal_pointer (&self);
}

/**
 * iss_pool_roll_find:
 * @servers: (element-type IssServer): where
 * @type: name of a certificate type
 * @now: the present
 *
 * Looks for what is staged on a server, or was rolled so lately that the previous certificate is
 * still needed.
 *
 * Returns: (transfer full) (nullable): the roll that is the next, or else the last
 */
IssPoolRoll *
iss_pool_roll_find (GPtrArray  *servers,
                    const char *type,
                    gint64      now)
{
  IssPoolRoll *found = NULL;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      g_autoptr(IssPoolRoll) roll = find_on (g_ptr_array_index (servers, i), type, now);
      gboolean is_first = roll != NULL && roll->instant > now
                          && (found == NULL || found->instant <= now
                              || roll->instant < found->instant);
      gboolean is_last = roll != NULL && roll->instant <= now
                         && (found == NULL || (found->instant <= now
                                               && roll->instant > found->instant));

      if (!is_first && !is_last)
        continue;

      g_clear_pointer (&found, iss_pool_roll_free);
      found = g_steal_pointer (&roll);
    }

  return found;
}

void
iss_pool_roll_free (IssPoolRoll *self)
{
  if (self == NULL)
    return;

  g_free (self->old_name);
  g_free (self->new_name);
  g_free (self);
}

/**
 * iss_pool_roll_dup_headline:
 * @self: a roll
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what it is, in a sentence
 */
char *
iss_pool_roll_dup_headline (IssPoolRoll *self,
                            GTimeZone   *zone)
{
  const char *label;
  g_autofree char *when = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  label = self->type != NULL ? iss_certificate_type_get_label (self->type) : "";
  when = iss_time_text_instant (self->instant, zone);
  if (self->instant > self->plan.now)
    /* Translators: certificate type, certificate, instant */
    return g_strdup_printf (_("%s rolls to %s on %s."), label, self->new_name, when);

  /* Translators: certificate type, certificate, instant */
  return g_strdup_printf (_("%s uses %s since %s."), label, self->new_name, when);
}

/**
 * iss_pool_roll_make_schedule:
 * @self: a roll
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what happens when
 */
IssRollSchedule *
iss_pool_roll_make_schedule (IssPoolRoll *self,
                             GTimeZone   *zone)
{
  g_return_val_if_fail (self != NULL, NULL);

  return iss_roll_schedule_new (&self->plan, self->instant, zone);
}
