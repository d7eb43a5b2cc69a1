/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-plan.h"

#include "core/base/text.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/shell-line.h"

#include <glib/gi18n-lib.h>

/* What a plan is called where one types commands. */

static gboolean
is_whole_pool (IssAssignPlan *self)
{
  return iss_assign_plan_get_servers (self)->len
         == iss_pool_get_n_servers (iss_assign_plan_get_pool (self));
}

/* What the tick beside Arm means in a shell: each server that is not ready is named; that the
 * clocks of the others are too far off is passed. */
static void
add_excepted (IssAssignPlan *self,
              GString       *line)
{
  g_autoptr(GPtrArray) unready = iss_assign_plan_dup_unready (self);
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < unready->len; i++)
    {
      g_autofree char *name = iss_server_dup_short_name (unready->pdata[i]);

      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", name);
    }

  if (names->len > 0)
    iss_shell_line_add (line, "--except", names->str);
  if (!iss_assign_plan_check_clocks (self, NULL))
    g_string_append (line, " --force");
}

/* By IssStagedFate. */
static const char *const fates[] = { "", " --keep-staged", " --cancel-staged" };

/* What the change is called in a shell, after the scope and the type. */
static void
add_change (IssAssignPlan *self,
            GString       *line)
{
  IssEffectiveDate *date = iss_assign_plan_get_date (self);
  g_autofree char *iso = date != NULL ? iss_effective_date_dup_iso (date) : NULL;
  IssCandidate *candidate = iss_assign_plan_get_candidate (self);
  g_autofree char *thumbprint = NULL;
  g_autofree char *compromised = NULL;

  if (candidate != NULL)
    {
      thumbprint = iss_text_thumbprint (iss_candidate_get_sha1 (candidate));
      iss_shell_line_add (line, "--thumbprint", thumbprint);
    }

  switch (iss_assign_plan_get_change (self))
    {
    case ISS_TRANSITION_STAGE:
      g_string_append (line, " --roll");
      iss_shell_line_add (line, "--effective-date", iso);
      if (iss_assign_plan_is_unconditional (self) && iss_assign_plan_is_pool_wide (self))
        g_string_append (line, " --unconditional");
      break;
    case ISS_TRANSITION_REPLACE:
      compromised = iss_text_thumbprint (iss_certificate_get_sha1 (iss_assign_plan_get_compromised
                                                                     (self)));
      iss_shell_line_add (line, "--compromised", compromised);
      break;
    case ISS_TRANSITION_POSTPONE:
      iss_shell_line_add (line, "--postpone", iso);
      break;
    case ISS_TRANSITION_CANCEL:
      g_string_append (line, " --staged");
      break;
    case ISS_TRANSITION_SWAP_BACK:
      g_string_append (line, " --swap-back");
      break;
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      g_string_append (line, " --previous");
      break;
    case ISS_TRANSITION_ARM:
      g_string_append (line, " --arm");
      break;
    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_N_TRANSITIONS:
      break;
    }

  g_string_append (line, fates[iss_assign_plan_get_staged (self)]);
  if (!iss_assign_plan_get_force (self))
    return;

  if (iss_assign_plan_get_change (self) == ISS_TRANSITION_ARM)
    add_excepted (self, line);
  else
    g_string_append (line, " --force");
}

static gboolean
empties_a_slot (IssTransitionKind change)
{
  return change == ISS_TRANSITION_REMOVE_CURRENT || change == ISS_TRANSITION_REMOVE_PREVIOUS
         || change == ISS_TRANSITION_CANCEL;
}

static char *
dup_line (IssAssignPlan *self,
          gboolean       is_global)
{
  g_autoptr(GString) line = NULL;
  g_autofree char *types = NULL;

  line = iss_shell_line_new (iss_assign_plan_get_workspace (self),
                             empties_a_slot (iss_assign_plan_get_change (self))
                             ? "remove-certificate" : "set-certificate");
  if (is_global)
    iss_shell_line_add (line, "--identity", "global");
  else if (is_whole_pool (self))
    iss_shell_line_add (line, "--pool", iss_pool_get_name (iss_assign_plan_get_pool (self)));
  else
    iss_shell_line_add_servers (line, iss_assign_plan_get_servers (self));

  types = g_strjoinv (",", (char **) iss_assign_plan_get_types (self));
  iss_shell_line_add (line, "--type", types);
  add_change (self, line);

  return g_strdup (line->str);
}

/**
 * iss_assign_plan_dup_shell_line:
 * @self: a plan with types, servers, and a certificate unless it removes
 *
 * Returns: (transfer full): the line that does the same in a shell
 */
char *
iss_assign_plan_dup_shell_line (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return dup_line (self, FALSE);
}

/**
 * iss_assign_plan_dup_global_line:
 * @self: a plan with one type, and a certificate unless it removes
 *
 * Returns: (transfer full): the line that does the same in a shell, on every server, replicated
 */
char *
iss_assign_plan_dup_global_line (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return dup_line (self, TRUE);
}

static void
add_cmdlet (IssAssignPlan *self,
            GString       *lines,
            char         **types,
            gboolean       global)
{
  IssTransitionKind change = iss_assign_plan_get_change (self);
  IssEffectiveDate *date = iss_assign_plan_get_date (self);
  IssCandidate *candidate = iss_assign_plan_get_candidate (self);
  g_autofree char *joined = g_strjoinv (",", types);
  g_autofree char *names = iss_pool_label_dup_names (iss_assign_plan_get_servers (self));

  if (types[0] == NULL)
    return;

  g_string_append_printf (lines, "%s%s-CsCertificate%s -Type %s", lines->len > 0 ? "\n" : "",
                          empties_a_slot (change) ? "Remove" : "Set",
                          global ? " -Identity Global" : "", joined);
  if (candidate != NULL)
    {
      g_autofree char *thumbprint = NULL;

      thumbprint = iss_text_thumbprint (iss_candidate_get_sha1 (candidate));
      g_string_append_printf (lines, " -Thumbprint %s", thumbprint);
      if (date != NULL)
        {
          g_autofree char *iso = iss_effective_date_dup_iso (date);

          g_string_append_printf (lines, " -Roll -EffectiveDate \"%s\"", iso);
        }
    }
  else if (change == ISS_TRANSITION_REMOVE_PREVIOUS)
    {
      g_string_append (lines, " -Previous");
    }
  if (iss_assign_plan_get_force (self))
    g_string_append (lines, " -Force");

  /* A cmdlet without a scope changes the computer where it is typed. */
  if (!global)
    {
      g_string_append (lines, "   # ");
      /* Translators: %s are servers: where a command is to be typed */
      g_string_append_printf (lines, _("on %s"), names);
    }
}

/**
 * iss_assign_plan_dup_cmdlets:
 * @self: a plan with types, servers, and a certificate unless it removes
 *
 * What an administrator of a Skype for Business Server pool types for the same: a pool-wide type
 * on the whole pool is one global command there, anything else is typed on each server. A roll
 * can be neither cancelled nor postponed nor taken back there, and nothing replaced as
 * compromised.
 *
 * Returns: (transfer full): one or two lines; "" if there is no such command
 */
char *
iss_assign_plan_dup_cmdlets (IssAssignPlan *self)
{
  IssTransitionKind change = iss_assign_plan_get_change (self);
  g_autoptr(GString) lines = g_string_new (NULL);
  g_auto(GStrv) pool_wide = NULL;
  g_auto(GStrv) others = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  if (change == ISS_TRANSITION_ARM || change == ISS_TRANSITION_CANCEL
      || change == ISS_TRANSITION_POSTPONE || change == ISS_TRANSITION_SWAP_BACK
      || change == ISS_TRANSITION_REPLACE)
    return g_strdup ("");

  if (!is_whole_pool (self))
    {
      add_cmdlet (self, lines, (char **) iss_assign_plan_get_types (self), FALSE);
      return g_strdup (lines->str);
    }

  pool_wide = iss_assign_plan_dup_types_of (self, TRUE);
  others = iss_assign_plan_dup_types_of (self, FALSE);
  add_cmdlet (self, lines, pool_wide, TRUE);
  add_cmdlet (self, lines, others, FALSE);

  return g_strdup (lines->str);
}
