/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-plan.h"

#include "core/base/error.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

#define MINUTE 60
#define HOUR 3600
#define DAY (24 * HOUR)

/* What the readers of the metadata are given to fetch the new key in, at the least; and how
 * long ahead a roll is planned where nothing presses: the figures of Microsoft's own script. */
#define LEAST_LEAD DAY
#define USUAL_LEAD (30 * DAY)

/* The certificate that expires first, and so must stop signing first. */
static gint64
get_first_expiry (const IssRollPlan *plan)
{
  return plan->old_name != NULL ? MIN (plan->old_not_after, plan->new_not_after)
                                : plan->new_not_after;
}

/**
 * iss_roll_plan_get_latest:
 * @plan: a plan
 *
 * A token that is signed later than this would outlive the certificate that verifies it.
 *
 * Returns: the last good instant
 */
gint64
iss_roll_plan_get_latest (const IssRollPlan *plan)
{
  g_return_val_if_fail (plan != NULL, 0);

  return get_first_expiry (plan) - plan->token_lifetime;
}

/**
 * iss_roll_plan_dup_lifetime:
 * @plan: a plan of a type that issues tokens
 *
 * Returns: (transfer full): how long its tokens live
 */
char *
iss_roll_plan_dup_lifetime (const IssRollPlan *plan)
{
  int hours;

  g_return_val_if_fail (plan != NULL, NULL);

  hours = (int) (plan->token_lifetime / HOUR);

  return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) hours), hours);
}

/* A time that can be said: the full hour or minute before, unless that is too early. */
static gint64
round_down (gint64 instant,
            gint64 earliest)
{
  const gint64 units[] = { HOUR, MINUTE };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gint64 rounded = instant - instant % units[i];

      if (rounded >= earliest)
        return rounded;
    }

  return instant;
}

/* "auth… expires on 14 July 2027, and the tokens it signs live 24 hours, so it must …" */
static char *
dup_why_latest (const IssRollPlan *plan,
                GTimeZone         *zone)
{
  gboolean is_old = plan->old_name != NULL && plan->old_not_after <= plan->new_not_after;
  const char *name = is_old ? plan->old_name : plan->new_name;
  g_autofree char *expires = iss_time_text_instant (get_first_expiry (plan), zone);
  g_autofree char *latest = iss_time_text_instant (iss_roll_plan_get_latest (plan), zone);
  g_autofree char *lifetime = iss_roll_plan_dup_lifetime (plan);

  if (plan->token_lifetime == 0)
    /* Translators: certificate, instant */
    return g_strdup_printf (_("%s expires on %s."), name, expires);

  if (!is_old)
    /* Translators: certificate, instant, "24 hours", instant */
    return g_strdup_printf (_("%s itself expires on %s, and tokens live %s, so the roll cannot "
                              "wait beyond %s."), name, expires, lifetime, latest);

  /* Translators: certificate, instant, "24 hours", instant */
  return g_strdup_printf (_("%s expires on %s, and the tokens it signs live %s, so it must stop "
                            "signing by %s."), name, expires, lifetime, latest);
}

/**
 * iss_roll_plan_suggest:
 * @plan: a plan
 * @zone: (nullable): the zone to speak in
 * @out_reason: (out) (optional): why, in whole sentences
 *
 * As late as is usual, so that every reader of the metadata can have fetched the new key, but
 * never so late that a token is cut short; where that leaves less than a day, now.
 *
 * Returns: a good instant; the plan's present means: at once
 */
gint64
iss_roll_plan_suggest (const IssRollPlan  *plan,
                       GTimeZone          *zone,
                       char              **out_reason)
{
  gint64 latest;
  gint64 earliest;
  gint64 suggested;
  g_autofree char *why = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (plan != NULL, 0);

  latest = iss_roll_plan_get_latest (plan);
  earliest = MAX (plan->now + LEAST_LEAD, plan->new_not_before);
  why = dup_why_latest (plan, zone);
  valid = iss_time_text_instant (plan->new_not_before, zone);

  if (latest < plan->now + LEAST_LEAD && plan->new_not_before <= plan->now)
    {
      suggested = plan->now;
      reason = g_strdup_printf (latest < plan->now
                                ? _("%s That is past: roll now.")
                                : _("%s That is less than a day away: roll now."), why);
    }
  else if (latest < MAX (plan->now + LEAST_LEAD, plan->new_not_before))
    {
      suggested = plan->new_not_before;
      /* Translators: a whole sentence, certificate, instant */
      reason = g_strdup_printf (_("%s But %s is not valid before %s: roll then."), why,
                                plan->new_name, valid);
    }
  else if (plan->new_not_before > MIN (plan->now + USUAL_LEAD, latest))
    {
      suggested = plan->new_not_before;
      /* Translators: certificate, instant */
      reason = g_strdup_printf (_("%s is not valid before %s."), plan->new_name, valid);
    }
  else if (latest < plan->now + USUAL_LEAD)
    {
      suggested = round_down (latest, earliest);
      reason = g_steal_pointer (&why);
    }
  else
    {
      suggested = round_down (plan->now + USUAL_LEAD, earliest);
      /* Translators: a whole sentence */
      reason = g_strdup_printf (_("In 30 days everyone who reads the metadata will have fetched "
                                  "the new key. It could be later: %s"), why);
    }

  if (out_reason != NULL)
    *out_reason = g_steal_pointer (&reason);

  return suggested;
}

static void G_GNUC_PRINTF (4, 5)
add (GPtrArray          *findings,
     IssFindingSeverity  severity,
     const char         *code,
     const char         *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (findings, iss_finding_new (severity, code, text));
}

/* What forbids the instant: one reason is enough. */
static void
judge_rules (GPtrArray         *findings,
             const IssRollPlan *plan,
             gint64             instant,
             GTimeZone         *zone)
{
  g_autofree char *when = iss_time_text_instant (instant, zone);
  g_autofree char *begins = iss_time_text_instant (plan->new_not_before, zone);
  g_autofree char *expires = iss_time_text_instant (plan->new_not_after, zone);
  g_autofree char *now = iss_time_text_clock (plan->now, zone);

  if (instant <= plan->now)
    add (findings, ISS_FINDING_ERROR, "past",
         /* Translators: instant, time of day */
         _("%s is not in the future, it is %s now: choose a later time, or assign the certificate "
           "at once"), when, now);
  else if (instant < plan->new_not_before)
    add (findings, ISS_FINDING_ERROR, "before-valid",
         /* Translators: certificate, instant, instant */
         _("%s is not valid before %s, and the roll would be at %s: choose a later time"),
         plan->new_name, begins, when);
  else if (plan->new_not_after != 0 && instant >= plan->new_not_after)
    add (findings, ISS_FINDING_ERROR, "after-valid",
         /* Translators: certificate, instant, instant */
         _("%s expires on %s, and the roll would be at %s: choose an earlier time, or a "
           "certificate that is valid longer"), plan->new_name, expires, when);
}

/* What the old certificate's end cuts short. */
static void
judge_old (GPtrArray         *findings,
           const IssRollPlan *plan,
           gint64             instant,
           GTimeZone         *zone)
{
  const gint64 latest = plan->old_not_after - plan->token_lifetime;
  g_autofree char *lifetime = iss_roll_plan_dup_lifetime (plan);
  g_autofree char *latest_text = iss_time_text_instant (latest, zone);
  g_autofree char *expires = iss_time_text_instant (plan->old_not_after, zone);

  if (instant > plan->old_not_after && plan->token_lifetime == 0)
    add (findings, ISS_FINDING_WARNING, "gap",
         /* Translators: certificate, instant */
         _("%s expires on %s, before the roll: until the roll, clients reject it"),
         plan->old_name, expires);
  else if (instant > plan->old_not_after)
    add (findings, ISS_FINDING_WARNING, "gap",
         /* Translators: certificate, instant */
         _("%s expires on %s, before the roll: from then until the roll, everything it signs is "
           "rejected"), plan->old_name, expires);
  else if (plan->token_lifetime > 0 && instant > latest)
    add (findings, ISS_FINDING_WARNING, "overlap",
         /* Translators: "24 hours", certificate, instant, instant */
         _("Tokens live %s, and %s expires on %s: what it signs after %s is rejected before it "
           "ends"), lifetime, plan->old_name, expires, latest_text);
}

/**
 * iss_roll_plan_judge:
 * @plan: a plan
 * @instant: when the roll would be
 * @zone: (nullable): the zone to speak in
 *
 * What speaks against an instant; console and servers say it in the same words. It must be in the
 * future (a second counts, and of less no clock here knows) and within the new certificate's
 * validity: those are errors. It should not cut a token short: those are warnings.
 *
 * Returns: (transfer full) (element-type IssFinding): nothing when nothing does
 */
GPtrArray *
iss_roll_plan_judge (const IssRollPlan *plan,
                     gint64             instant,
                     GTimeZone         *zone)
{
  g_autoptr(GPtrArray) findings = NULL;
  g_autofree char *lifetime = NULL;
  g_autofree char *expires = NULL;

  g_return_val_if_fail (plan != NULL, NULL);

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  judge_rules (findings, plan, instant, zone);
  if (findings->len > 0)
    return g_steal_pointer (&findings);

  if (plan->old_name != NULL && plan->old_not_after != 0)
    judge_old (findings, plan, instant, zone);

  lifetime = iss_roll_plan_dup_lifetime (plan);
  expires = iss_time_text_instant (plan->new_not_after, zone);
  if (plan->new_not_after != 0 && plan->new_not_after - instant < plan->token_lifetime)
    add (findings, ISS_FINDING_WARNING, "expires-soon",
         /* Translators: "24 hours", certificate, instant */
         _("Tokens live %s, and %s expires on %s, which is sooner after the roll"), lifetime,
         plan->new_name, expires);

  return g_steal_pointer (&findings);
}

/**
 * iss_roll_plan_check:
 * @plan: a plan
 * @instant: when the roll would be
 * @zone: (nullable): the zone to speak in
 * @force: pass warnings
 * @error: return location for an error: %ISS_ERROR_REFUSED if a rule forbids the instant,
 *   %ISS_ERROR_NEEDS_CONFIRMATION if one warns of it
 *
 * Returns: whether the roll may be at @instant
 */
gboolean
iss_roll_plan_check (const IssRollPlan  *plan,
                     gint64              instant,
                     GTimeZone          *zone,
                     gboolean            force,
                     GError            **error)
{
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GString) warnings = g_string_new (NULL);

  g_return_val_if_fail (plan != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  findings = iss_roll_plan_judge (plan, instant, zone);
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ISS_FINDING_ERROR)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED, finding->text);
          return FALSE;
        }

      g_string_append_printf (warnings, "%s%s", warnings->len > 0 ? "; " : "", finding->text);
    }

  if (force || warnings->len == 0)
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, warnings->str);

  return FALSE;
}
