/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/sighting.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

/**
 * iss_sighting_is_stale:
 * @server: a server
 * @now: the present, in seconds since 1970 by the console's clock
 *
 * A server that does not answer is stale, and so is one that this run of the
 * program has not reached yet and that an earlier one saw more than
 * %ISS_SIGHTING_FRESH seconds ago.
 *
 * Returns: whether what is known of it may no longer be so
 */
gboolean
iss_sighting_is_stale (IssServer *server,
                       gint64     now)
{
  g_return_val_if_fail (ISS_IS_SERVER (server), TRUE);

  if (iss_server_get_failing_since (server) != 0)
    return TRUE;
  if (iss_server_get_observation (server) == NULL)
    return TRUE;
  if (iss_server_is_answering (server))
    return FALSE;

  return now - iss_server_get_seen_at (server) > ISS_SIGHTING_FRESH;
}

/**
 * iss_sighting_dup_age:
 * @server: a server
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): what stands in grey behind a stale state,
 *   translated; %NULL if it is not stale or nothing was ever tried
 */
char *
iss_sighting_dup_age (IssServer *server,
                      gint64     now,
                      GTimeZone *zone)
{
  g_autofree char *seen = NULL;
  g_autofree char *since = NULL;
  gint64 seen_at;
  gint64 failing_since;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  if (!iss_sighting_is_stale (server, now))
    return NULL;

  seen_at = iss_server_get_seen_at (server);
  failing_since = iss_server_get_failing_since (server);
  if (seen_at != 0)
    seen = iss_time_text_since (seen_at, now, zone);
  if (failing_since != 0)
    since = iss_time_text_since (failing_since, now, zone);

  if (seen != NULL && since != NULL)
    /* Translators: two times: "seen 13:41, not answering since 13:58" */
    return g_strdup_printf (_("seen %s, not answering since %s"), seen, since);
  if (since != NULL)
    return g_strdup_printf (_("not answering since %s"), since);
  if (seen != NULL)
    return g_strdup_printf (_("seen %s"), seen);

  return NULL;
}

/**
 * iss_sighting_dup_silence:
 * @server: a stale server
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): why nothing is said of it as it is now, translated,
 *   without a full stop
 */
char *
iss_sighting_dup_silence (IssServer *server,
                          gint64     now,
                          GTimeZone *zone)
{
  g_autofree char *name = NULL;
  g_autofree char *time = NULL;
  gint64 failing_since;
  gint64 seen_at;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  name = iss_server_dup_short_name (server);
  failing_since = iss_server_get_failing_since (server);
  seen_at = iss_server_get_seen_at (server);

  if (failing_since != 0)
    {
      time = iss_time_text_since (failing_since, now, zone);
      /* Translators: server, time: "fe03 has not answered since 13:58" */
      return g_strdup_printf (_("%s has not answered since %s"), name, time);
    }

  if (seen_at == 0)
    return g_strdup_printf (_("%s was not looked at yet"), name);

  time = iss_time_text_since (seen_at, now, zone);
  /* Translators: server, time */
  return g_strdup_printf (_("%s was last looked at %s"), name, time);
}
