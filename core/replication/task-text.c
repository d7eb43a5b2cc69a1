/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task-text.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static char *
dup_span (gint64 seconds)
{
  if (seconds >= 2 * DAY)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u day", "%u days",
                                         (gulong) (seconds / DAY)), (guint) (seconds / DAY));
  if (seconds >= 2 * HOUR)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hour", "%u hours",
                                         (gulong) (seconds / HOUR)), (guint) (seconds / HOUR));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes",
                                       (gulong) (seconds / MINUTE)), (guint) (seconds / MINUTE));
}

/**
 * iss_task_text_dup_state:
 * @task: a task
 * @now: what its server's clock shows
 *
 * Returns: (transfer full): its state in words, with its lateness where that is worth saying
 */
char *
iss_task_text_dup_state (IssTask *task,
                         gint64   now)
{
  const char *label;
  gint64 late;
  g_autofree char *span = NULL;

  g_return_val_if_fail (ISS_IS_TASK (task), NULL);

  label = iss_task_state_get_label (iss_task_get_state (task));
  late = iss_task_get_lateness (task, now);
  if (late == 0)
    return g_strdup (label);

  span = dup_span (late);
  /* Translators: "done, 3 hours late" */
  return g_strdup_printf (_("%s, %s late"), label, span);
}

/**
 * iss_task_text_dup_type:
 * @task: a task
 *
 * Returns: (transfer full): what it is about: its certificate type, and the service that is
 *   reloaded; "" when it is of none
 */
char *
iss_task_text_dup_type (IssTask *task)
{
  g_return_val_if_fail (ISS_IS_TASK (task), NULL);

  if (*iss_task_get_consumer (task) == '\0')
    return g_strdup (iss_task_get_type_name (task));

  return g_strdup_printf ("%s (%s)", iss_task_get_type_name (task), iss_task_get_consumer (task));
}

/**
 * iss_task_text_dup_plan:
 * @task: a task
 * @certificate: what its certificate is called; not shown where the task has none
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what it does and when, without a full stop
 */
char *
iss_task_text_dup_plan (IssTask    *task,
                        const char *certificate,
                        GTimeZone  *zone)
{
  g_autofree char *when = NULL;
  const char *type;

  g_return_val_if_fail (ISS_IS_TASK (task), NULL);
  g_return_val_if_fail (certificate != NULL, NULL);

  when = iss_time_text_instant (iss_task_get_due (task), zone);
  type = iss_task_get_type_name (task);

  switch (iss_task_get_kind (task))
    {
    case ISS_TASK_ROLL:
      /* Translators: a certificate, a type of certificate, an instant */
      return g_strdup_printf (_("%s becomes current for %s on %s"), certificate, type, when);

    case ISS_TASK_RETIRE:
      if (*type == '\0')
        return g_strdup_printf (_("what a roll has left is removed on %s"), when);
      /* Translators: a type of certificate, an instant */
      return g_strdup_printf (_("what was current for %s before is no longer needed on %s"), type,
                              when);

    case ISS_TASK_PURGE:
      return g_strdup_printf (_("what was deleted 30 days before is purged on %s"), when);

    case ISS_TASK_DEPLOY:
      return g_strdup_printf (_("a package is deployed on %s"), when);

    case ISS_TASK_RELOAD:
      /* Translators: a service, a type of certificate, an instant */
      return g_strdup_printf (_("%s is to read what was published for %s on %s"),
                              iss_task_get_consumer (task), type, when);

    case ISS_N_TASK_KINDS:
      break;
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_task_text_dup_result:
 * @task: a task
 * @now: what its server's clock shows
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): why it failed, how often, and when it is tried again; or when it
 *   ended, and what there is to say about that; "" when it was not begun
 */
char *
iss_task_text_dup_result (IssTask   *task,
                          gint64     now,
                          GTimeZone *zone)
{
  const char *result;
  g_autofree char *when = NULL;
  guint n;

  g_return_val_if_fail (ISS_IS_TASK (task), NULL);

  result = iss_task_get_result (task);
  if (iss_task_get_state (task) == ISS_TASK_STATE_FAILED)
    {
      n = iss_task_get_attempts (task);
      if (iss_task_get_next_try (task) == 0)
        return g_strdup (result);

      when = iss_time_text_since (iss_task_get_next_try (task), now, zone);
      /* Translators: a reason; how often it was tried; a time of day */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%s. Tried %u time, next try %s",
                                           "%s. Tried %u times, next try %s", n),
                              result, n, when);
    }

  if (!iss_task_is_over (task))
    return g_strdup ("");

  when = iss_time_text_since (iss_task_get_last_try (task), now, zone);
  if (*result == '\0')
    return g_steal_pointer (&when);

  return g_strdup_printf ("%s: %s", when, result);
}

/**
 * iss_task_text_dup_resident:
 * @server_name: what the server is called
 * @resident_since: since when a service runs its tasks; 0 = none does
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what can be relied on there
 */
char *
iss_task_text_dup_resident (const char *server_name,
                            gint64      resident_since,
                            GTimeZone  *zone)
{
  g_autofree char *since = NULL;

  g_return_val_if_fail (server_name != NULL, NULL);

  if (resident_since == 0)
    /* Translators: the name of a server */
    return g_strdup_printf (_("Nothing on %s will run a task at its instant: start "
                              "issuant-agent.service"), server_name);

  since = iss_time_text_instant (resident_since, zone);
  return g_strdup_printf (_("issuant-agent.service runs the tasks of %s, since %s"), server_name,
                          since);
}
