/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology-private.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/topology-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a topology's pools have agreed on. */

/**
 * iss_topology_dup_agreed:
 * @self: a topology
 * @pool: a pool's name
 * @type: a certificate type's name
 *
 * Returns: (transfer full) (nullable): what is agreed, or %NULL: nothing is
 */
IssAgreed *
iss_topology_dup_agreed (IssTopology *self,
                         const char  *pool,
                         const char  *type)
{
  g_autofree char *group = g_strconcat ("agreed ", pool, NULL);
  g_autofree char *previous_key = g_strconcat (type, ".previous", NULL);
  g_autofree char *next_key = g_strconcat (type, ".next", NULL);
  g_auto(GStrv) parts = NULL;
  g_auto(GStrv) next = NULL;
  g_autoptr(IssAgreed) agreed = NULL;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  parts = g_key_file_get_string_list (self->key_file, group, type, NULL, NULL);
  if (parts == NULL || g_strv_length (parts) != 3)
    return NULL;

  agreed = g_new0 (IssAgreed, 1);
  agreed->sha256_hex = g_strdup (parts[0]);
  agreed->by = iss_text_sanitise (parts[1], -1, 256);
  agreed->previous_sha256_hex = g_key_file_get_string (self->key_file, group, previous_key, NULL);
  if (!iss_time_text_parse (parts[2], &agreed->at, NULL))
    return NULL;

  next = g_key_file_get_string_list (self->key_file, group, next_key, NULL, NULL);
  if (next != NULL && g_strv_length (next) == 3 &&
      iss_time_text_parse (next[2], &agreed->next_at, NULL))
    agreed->next_sha256_hex = g_strdup (next[0]);

  return g_steal_pointer (&agreed);
}

/* A roll whose instant has come was decided when it was staged: it is written down as what is
 * agreed before anything else is, or that would be forgotten. */
static void
settle (IssTopology *self,
        const char  *pool,
        const char  *type,
        gint64       now)
{
  g_autofree char *group = g_strconcat ("agreed ", pool, NULL);
  g_autofree char *previous_key = g_strconcat (type, ".previous", NULL);
  g_autofree char *next_key = g_strconcat (type, ".next", NULL);
  g_autofree char *when = NULL;
  g_autoptr(IssAgreed) agreed = iss_topology_dup_agreed (self, pool, type);

  if (agreed == NULL || !iss_agreed_settle (agreed, now))
    return;

  when = iss_time_text_iso (agreed->at);
  g_key_file_set_string_list (self->key_file, group, type,
                              (const char *[]) { agreed->sha256_hex, agreed->by, when }, 3);
  g_key_file_set_string (self->key_file, group, previous_key, agreed->previous_sha256_hex);
  g_key_file_remove_key (self->key_file, group, next_key, NULL);
}

/**
 * iss_topology_set_agreed:
 * @self: a topology
 * @pool: a pool of it
 * @type: a certificate type's name
 * @sha256_hex: 64 hex digits, lower case
 * @by: who agreed
 * @at: when, in seconds since 1970
 * @error: return location for an error
 *
 * Records what the pool agrees on; what was agreed before becomes the previous. What a roll
 * was to make of it is forgotten.
 *
 * Returns: whether it was recorded
 */
gboolean
iss_topology_set_agreed (IssTopology  *self,
                         const char   *pool,
                         const char   *type,
                         const char   *sha256_hex,
                         const char   *by,
                         gint64        at,
                         GError      **error)
{
  g_autofree char *group = g_strconcat ("agreed ", pool, NULL);
  g_autofree char *previous_key = g_strconcat (type, ".previous", NULL);
  g_autofree char *next_key = g_strconcat (type, ".next", NULL);
  g_autofree char *when = iss_time_text_iso (at);
  g_autofree char *who = g_strdelimit (iss_text_sanitise (by, -1, 256), ";", ',');
  g_autoptr(IssAgreed) before = NULL;
  const char *parts[] = { sha256_hex, who, when };

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);

  if (!iss_topology_has_pool (self, pool) || !iss_topology_check_is_sha256 (sha256_hex))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s cannot agree on “%s” for %s"), pool, sha256_hex, type);
      return FALSE;
    }

  settle (self, pool, type, at);
  before = iss_topology_dup_agreed (self, pool, type);
  if (before != NULL && strcmp (before->sha256_hex, sha256_hex) != 0)
    g_key_file_set_string (self->key_file, group, previous_key, before->sha256_hex);

  g_key_file_set_string_list (self->key_file, group, type, parts, G_N_ELEMENTS (parts));
  g_key_file_remove_key (self->key_file, group, next_key, NULL);

  return TRUE;
}

/**
 * iss_topology_drop_previous:
 * @self: a topology
 * @pool: a pool of it
 * @type: a certificate type's name
 *
 * Forgets what was agreed before what is agreed now: it is compromised, and no server keeps it.
 */
void
iss_topology_drop_previous (IssTopology *self,
                            const char  *pool,
                            const char  *type)
{
  g_autofree char *group = g_strconcat ("agreed ", pool, NULL);
  g_autofree char *previous_key = g_strconcat (type, ".previous", NULL);

  g_return_if_fail (ISS_IS_TOPOLOGY (self));

  g_key_file_remove_key (self->key_file, group, previous_key, NULL);
}

/**
 * iss_topology_set_agreed_next:
 * @self: a topology
 * @pool: a pool of it, which has agreed on something for @type
 * @type: a certificate type's name
 * @sha256_hex: (nullable): 64 hex digits, lower case; %NULL: nothing is going to roll any more
 * @by: who decided it
 * @at: the instant of the roll, in seconds since 1970
 * @now: the present instant
 * @error: return location for an error
 *
 * Records what a roll of the whole pool makes of what is agreed, once its instant has come. What
 * the roll before this one has made of it stays agreed.
 *
 * Returns: whether it was recorded
 */
gboolean
iss_topology_set_agreed_next (IssTopology  *self,
                              const char   *pool,
                              const char   *type,
                              const char   *sha256_hex,
                              const char   *by,
                              gint64        at,
                              gint64        now,
                              GError      **error)
{
  g_autofree char *group = g_strconcat ("agreed ", pool, NULL);
  g_autofree char *next_key = g_strconcat (type, ".next", NULL);
  g_autofree char *when = iss_time_text_iso (at);
  g_autofree char *who = g_strdelimit (iss_text_sanitise (by, -1, 256), ";", ',');
  const char *parts[] = { sha256_hex, who, when };

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);

  if (sha256_hex == NULL)
    {
      settle (self, pool, type, now);
      g_key_file_remove_key (self->key_file, group, next_key, NULL);
      return TRUE;
    }

  if (!iss_topology_has_pool (self, pool) || !iss_topology_check_is_sha256 (sha256_hex))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s cannot agree on “%s” for %s"), pool, sha256_hex, type);
      return FALSE;
    }

  settle (self, pool, type, now);
  g_key_file_set_string_list (self->key_file, group, next_key, parts, G_N_ELEMENTS (parts));

  return TRUE;
}
