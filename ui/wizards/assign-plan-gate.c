/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-plan.h"

#include "core/pool/clock-check.h"
#include "core/pool/roll-gate.h"

#include <glib/gi18n-lib.h>

/* What is in the way of a plan that has staged something. */

/* (transfer full): who is not ready, why, and what to type so that they are */
static char *
dup_reason (GPtrArray *lines)
{
  g_autofree char *reason = iss_roll_gate_dup_reason (lines);
  g_autofree char *remedy = iss_roll_gate_dup_remedy (lines);

  /* Translators: which servers are not ready, and why; lines of a shell */
  return remedy != NULL ? g_strdup_printf (_("%s. In a shell: “%s”"), reason, remedy)
                        : g_steal_pointer (&reason);
}

/**
 * iss_assign_plan_dup_unready:
 * @self: a plan, whose pool was looked at
 *
 * Returns: (transfer full) (element-type IssServer): those that are not ready for what is staged
 *   and must be the same on every server, in the pool's order
 */
GPtrArray *
iss_assign_plan_dup_unready (IssAssignPlan *self)
{
  GPtrArray *unready = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) types = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), unready);

  types = iss_assign_plan_dup_types_of (self, TRUE);
  for (guint i = 0; types[i] != NULL; i++)
    {
      g_autoptr(GPtrArray) lines = iss_roll_gate_list (iss_assign_plan_get_pool (self), types[i],
                                                       NULL);

      for (guint k = 0; k < lines->len; k++)
        {
          const IssRollGateLine *line = lines->pdata[k];

          if (!line->is_ready && !g_ptr_array_find (unready, line->server, NULL))
            g_ptr_array_add (unready, g_object_ref (line->server));
        }
    }

  return unready;
}

/* What is armed or postponed, or must be the same on every server, rolls on the whole pool; to arm
 * it in spite of those that are not ready is to except them. */
static GPtrArray *
dup_concerned (IssAssignPlan *self)
{
  const IssTransitionKind change = iss_assign_plan_get_change (self);
  IssPool *pool = iss_assign_plan_get_pool (self);
  g_autoptr(GPtrArray) unready = NULL;
  GPtrArray *servers;

  if (change != ISS_TRANSITION_ARM && change != ISS_TRANSITION_POSTPONE &&
      !iss_assign_plan_is_pool_wide (self))
    return g_ptr_array_ref (iss_assign_plan_get_servers (self));

  if (change == ISS_TRANSITION_ARM)
    unready = iss_assign_plan_dup_unready (self);
  servers = g_ptr_array_new ();
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);

      if (unready == NULL || !g_ptr_array_find (unready, server, NULL))
        g_ptr_array_add (servers, server);
    }

  return servers;
}

/**
 * iss_assign_plan_check_clocks:
 * @self: a plan, whose pool was looked at
 * @error: return location for an error: %ISS_ERROR_NEEDS_CONFIRMATION
 *
 * By clocks that differ they would roll at several instants.
 *
 * Returns: whether none of those that are concerned is too far off
 */
gboolean
iss_assign_plan_check_clocks (IssAssignPlan  *self,
                              GError        **error)
{
  g_autoptr(GPtrArray) servers = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  servers = dup_concerned (self);

  return iss_clock_check_roll (servers, FALSE, error);
}

/**
 * iss_assign_plan_dup_obstacle:
 * @self: a plan, whose pool was looked at
 *
 * Returns: (transfer full) (nullable): which servers are not ready for what is staged, what
 *   will break, and what to type against it, and which of the others' clocks are too far off; %NULL
 *   if it may be armed
 */
char *
iss_assign_plan_dup_obstacle (IssAssignPlan *self)
{
  g_auto(GStrv) types = NULL;
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  types = iss_assign_plan_dup_types_of (self, TRUE);
  for (guint i = 0; types[i] != NULL && reason == NULL; i++)
    {
      g_autoptr(GPtrArray) lines = iss_roll_gate_list (iss_assign_plan_get_pool (self), types[i],
                                                       NULL);

      if (!iss_roll_gate_is_open (lines))
        reason = dup_reason (lines);
    }

  /* Who stages was asked before. */
  if (iss_assign_plan_get_change (self) != ISS_TRANSITION_ARM ||
      iss_assign_plan_check_clocks (self, &error))
    return g_steal_pointer (&reason);

  return reason != NULL ? g_strdup_printf ("%s. %s", reason, error->message)
                        : g_strdup (error->message);
}
