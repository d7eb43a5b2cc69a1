/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload-text.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

/* After this the hour alone could be yesterday's. */
#define HALF_A_DAY (12 * 3600)

static char *
dup_time (gint64     at,
          gint64     now,
          GTimeZone *zone)
{
  return now - at < HALF_A_DAY ? iss_time_text_clock (at, zone)
                               : iss_time_text_since (at, now, zone);
}

/**
 * iss_reload_text_dup_state:
 * @reload: a reload
 * @now: what its server's clock shows
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): in a few words, without a full stop
 */
char *
iss_reload_text_dup_state (const IssReload *reload,
                           gint64           now,
                           GTimeZone       *zone)
{
  g_autofree char *time = NULL;

  g_return_val_if_fail (reload != NULL, NULL);

  if (iss_reload_is_wrong (reload, now))
    /* Translators: a service */
    return g_strdup_printf (_("%s not reloaded"), reload->consumer);

  switch (reload->state)
    {
    case ISS_RELOAD_DONE:
      time = dup_time (reload->ended, now, zone);
      /* Translators: a service, a time */
      return g_strdup_printf (_("%s reloaded %s"), reload->consumer, time);

    case ISS_RELOAD_RUNNING:
      return g_strdup_printf (_("%s is being reloaded"), reload->consumer);

    case ISS_RELOAD_PENDING:
    case ISS_RELOAD_FAILED:
    case ISS_RELOAD_TIMED_OUT:
    case ISS_RELOAD_UNREADABLE:
    case ISS_N_RELOAD_STATES:
      break;
    }

  return g_strdup_printf (_("%s waits to be reloaded"), reload->consumer);
}

/**
 * iss_reload_text_dup_trouble:
 * @reload: a reload
 * @now: what its server's clock shows
 *
 * Returns: (transfer full) (nullable): why it is not as it should be, sentences without the last
 *   full stop; %NULL when it is
 */
char *
iss_reload_text_dup_trouble (const IssReload *reload,
                             gint64           now)
{
  g_return_val_if_fail (reload != NULL, NULL);

  if (!iss_reload_is_wrong (reload, now))
    return NULL;

  if (!iss_reload_is_failed (reload))
    return g_strdup (_("Nothing has reloaded it: start issuant-consumers.path, or without systemd "
                       "issuant-agent --watch-live as root"));

  if (reload->state == ISS_RELOAD_UNREADABLE)
    /* Translators: why a service was not reloaded, and what to do */
    return g_strdup_printf (_("%s. So it goes on with the certificate that it has"),
                            reload->reason);

  if (*reload->output == '\0')
    return g_strdup (reload->reason);

  /* Translators: a sentence, the output of a command */
  return g_strdup_printf (_("%s. It said: %s"), reload->reason, reload->output);
}

/**
 * iss_reload_text_dup_trial:
 * @reload: a reload
 * @now: what its server's clock shows
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): whether its account could read the key; %NULL when nobody
 *   has tried
 */
char *
iss_reload_text_dup_trial (const IssReload *reload,
                           gint64           now,
                           GTimeZone       *zone)
{
  g_autofree char *time = NULL;

  g_return_val_if_fail (reload != NULL, NULL);

  if (reload->tried == 0)
    return NULL;

  time = dup_time (reload->tried, now, zone);

  /* Translators: an account, a time */
  return reload->readable ? g_strdup_printf (_("%s has read the key, tried %s"), reload->account,
                                             time)
                          : g_strdup_printf (_("%s cannot read the key, tried %s"),
                                             reload->account, time);
}

/**
 * iss_reload_text_dup_staged:
 * @reload: a reload
 * @now: what its server's clock shows
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): whether its account will be able to read the key that is
 *   staged, and how that is known; %NULL when none is, or it does not have to
 */
char *
iss_reload_text_dup_staged (const IssReload *reload,
                            gint64           now,
                            GTimeZone       *zone)
{
  g_autofree char *time = NULL;

  g_return_val_if_fail (reload != NULL, NULL);

  if (!reload->staged.is_there)
    return NULL;

  if (reload->staged.tried == 0)
    /* Translators: an account */
    return reload->staged.readable
      ? g_strdup_printf (_("%s may read the key, by permissions"), reload->account)
      : g_strdup_printf (_("%s cannot read the key, by permissions"), reload->account);

  time = dup_time (reload->staged.tried, now, zone);

  /* Translators: an account, a time */
  return reload->staged.readable
    ? g_strdup_printf (_("%s has read the key, tried %s"), reload->account, time)
    : g_strdup_printf (_("%s cannot read the key, tried %s"), reload->account, time);
}

/**
 * iss_reload_text_dup_unreadable:
 * @reload: a reload
 *
 * Returns: (transfer full) (nullable): which service could not use what is staged; %NULL when it
 *   could, or does not have to
 */
char *
iss_reload_text_dup_unreadable (const IssReload *reload)
{
  const char *why_not;

  g_return_val_if_fail (reload != NULL, NULL);

  if (!reload->staged.is_there || reload->staged.readable)
    return NULL;

  why_not = reload->staged.why_not;
  if (why_not == NULL || *why_not == '\0')
    why_not = _("it is not said why");

  /* Translators: a service, an account, a sentence without full stop */
  return reload->staged.tried != 0
    ? g_strdup_printf (_("%s, whose account %s cannot read the staged key (tried: %s)"),
                       reload->consumer, reload->account, why_not)
    : g_strdup_printf (_("%s, whose account %s cannot read the staged key (by permissions: %s)"),
                       reload->consumer, reload->account, why_not);
}
