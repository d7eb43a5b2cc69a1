/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/run-action.h"

#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* (transfer full) (nullable): "fe01 and fe02", whose check of that name is in that state */
static char *
dup_names (GPtrArray        *checks,
           const char       *name,
           IssRunCheckState  state)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = g_ptr_array_index (checks, i);

      if (check->server != NULL && check->state == state && strcmp (check->name, name) == 0)
        {
          g_autofree char *server = iss_server_dup_short_name (check->server);

          g_strv_builder_add (builder, server);
        }
    }
  names = g_strv_builder_end (builder);

  return names[0] != NULL ? iss_text_join_names ((const char *const *) names) : NULL;
}

/**
 * iss_run_action_dup_armed:
 * @checks: (element-type IssRunCheck): what was found out about a roll that is armed
 * @roll: (nullable): that roll
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what is left to do until its instant
 */
char *
iss_run_action_dup_armed (GPtrArray   *checks,
                          IssPoolRoll *roll,
                          GTimeZone   *zone)
{
  g_autofree char *silent = NULL;
  g_autofree char *unready = NULL;
  g_autofree char *idle = NULL;
  g_autofree char *unseen = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *when = NULL;

  g_return_val_if_fail (checks != NULL, NULL);

  silent = dup_names (checks, "answers", ISS_RUN_CHECK_NO_GO);
  unready = dup_names (checks, "staged", ISS_RUN_CHECK_NO_GO);
  idle = dup_names (checks, "scheduler", ISS_RUN_CHECK_WARNING);
  unseen = dup_names (checks, "answers", ISS_RUN_CHECK_UNKNOWN);
  unknown = dup_names (checks, "scheduler", ISS_RUN_CHECK_UNKNOWN);
  when = roll != NULL ? iss_time_text_instant (roll->instant, zone) : g_strdup (_("its instant"));

  if (silent != NULL)
    /* Translators: servers, an instant */
    return g_strdup_printf (_("Find out why there is no answer from %s: whether anything there "
                              "will run the roll on %s is not known."), silent, when);

  if (unready != NULL)
    /* Translators: servers, an instant */
    return g_strdup_printf (_("Mend what is said above of %s before %s: that is not ready for "
                              "the roll."), unready, when);

  if (idle != NULL)
    /* Translators: servers, an instant */
    return g_strdup_printf (_("Start issuant-agent.service on %s: nothing there will run the roll "
                              "on %s."), idle, when);

  /* Of a server that was never looked at there are no other checks. */
  if (unseen != NULL || unknown != NULL)
    /* Translators: an instant, servers */
    return g_strdup_printf (_("It is armed for %s; whether something on %s will run it was not "
                              "looked at."), when, unseen != NULL ? unseen : unknown);

  /* Translators: an instant */
  return g_strdup_printf (_("Nothing is left to do: every server rolls by itself on %s."), when);
}
