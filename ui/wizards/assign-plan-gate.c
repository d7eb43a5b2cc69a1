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

/* (nullable): by clocks that differ they would roll at several instants */
static char *
dup_clocks (IssPool *pool)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (pool, i));

  return iss_clock_check_roll (servers, FALSE, &error) ? NULL : g_strdup (error->message);
}

/**
 * iss_assign_plan_dup_obstacle:
 * @self: a plan, whose pool was looked at
 *
 * Returns: (transfer full) (nullable): which servers are not ready for what is staged, what
 *   will break, and what to type against it, or whose clocks are too far off; %NULL if it may be
 *   armed
 */
char *
iss_assign_plan_dup_obstacle (IssAssignPlan *self)
{
  IssPool *pool;
  g_auto(GStrv) types = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  pool = iss_assign_plan_get_pool (self);
  types = iss_assign_plan_dup_types_of (self, TRUE);
  for (guint i = 0; types[i] != NULL; i++)
    {
      g_autoptr(GPtrArray) lines = iss_roll_gate_list (pool, types[i], NULL);

      if (!iss_roll_gate_is_open (lines))
        return dup_reason (lines);
    }

  /* Who stages was asked before. */
  return iss_assign_plan_get_change (self) == ISS_TRANSITION_ARM ? dup_clocks (pool) : NULL;
}
