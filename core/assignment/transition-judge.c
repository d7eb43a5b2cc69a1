/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/transition.h"

#include "core/assignment/roll-plan.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

static char *
dup_instant (gint64 instant)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  return iss_time_text_instant (instant, utc);
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

static gboolean
has (const IssAssignment *assignment,
     IssSlot              slot)
{
  return assignment->slot[slot] != NULL;
}

static gboolean
holds (const IssAssignment *assignment,
       IssSlot              slot,
       const char          *sha256_hex)
{
  return g_strcmp0 (assignment->slot[slot], sha256_hex) == 0;
}

/* Making something current at @when drops the previous one. */
static void
judge_dropped (GPtrArray           *findings,
               const IssAssignment *assignment,
               const IssTransition *transition,
               const char          *sha256_hex,
               gint64               when)
{
  gint64 until = iss_assignment_get_needed_until (assignment, when,
                                                  transition->slot[ISS_SLOT_PREVIOUS].not_after);
  g_autofree char *text = NULL;

  /* Without a current one the previous one stays where it is. */
  if (until == 0 || !has (assignment, ISS_SLOT_CURRENT) ||
      holds (assignment, ISS_SLOT_PREVIOUS, sha256_hex))
    return;

  text = dup_instant (until);
  add (findings, ISS_FINDING_WARNING, "previous-needed",
       /* Translators: a certificate type, and an instant */
       _("The previous certificate of %s would be dropped, but it is needed until %s to verify the "
         "tokens that it signed: wait until then, or force it and partners refuse those tokens at "
         "once"), assignment->type->name, text);
}

static void
judge_staged (GPtrArray           *findings,
              const IssAssignment *assignment,
              const IssTransition *transition,
              const char          *sha256_hex)
{
  g_autofree char *text = NULL;

  if (!has (assignment, ISS_SLOT_STAGED) || transition->staged != ISS_STAGED_ASK ||
      holds (assignment, ISS_SLOT_STAGED, sha256_hex))
    return;

  text = dup_instant (assignment->staged_at);
  add (findings, ISS_FINDING_ERROR, "staged",
       _("Another certificate is staged for %s and rolls on %s: keep it staged, or cancel it"),
       assignment->type->name, text);
}

static void
judge_set (GPtrArray           *findings,
           const IssAssignment *assignment,
           const IssTransition *transition)
{
  if (holds (assignment, ISS_SLOT_CURRENT, transition->sha256_hex))
    return;

  judge_staged (findings, assignment, transition, transition->sha256_hex);
  judge_dropped (findings, assignment, transition, transition->sha256_hex, transition->now);
}

static void
judge_swap_back (GPtrArray           *findings,
                 const IssAssignment *assignment,
                 const IssTransition *transition)
{
  const IssValidity *validity = &transition->slot[ISS_SLOT_PREVIOUS];
  g_autofree char *text = NULL;

  if (!has (assignment, ISS_SLOT_PREVIOUS))
    {
      add (findings, ISS_FINDING_ERROR, "empty",
           _("%s has no previous certificate here, so there is nothing to swap back to"),
           assignment->type->name);
      return;
    }

  text = dup_instant (validity->not_after);
  if (validity->not_after != 0 && transition->now > validity->not_after)
    add (findings, ISS_FINDING_ERROR, "expired",
         _("The previous certificate of %s has expired on %s: it cannot be current again"),
         assignment->type->name, text);
  else if (validity->not_before > transition->now)
    add (findings, ISS_FINDING_ERROR, "not-yet-valid",
         _("The previous certificate of %s is not valid yet"), assignment->type->name);
  else if (validity->not_after != 0 && assignment->type->token_lifetime > 0 &&
           validity->not_after - transition->now < assignment->type->token_lifetime)
    add (findings, ISS_FINDING_WARNING, "expires-soon",
         _("The previous certificate of %s expires on %s, before the tokens that it would sign"),
         assignment->type->name, text);

  judge_staged (findings, assignment, transition, assignment->slot[ISS_SLOT_PREVIOUS]);
}

/* The rules that the instant itself has to keep, and what else a roll at it does. */
static gboolean
judge_instant (GPtrArray           *findings,
               const IssAssignment *assignment,
               const IssTransition *transition,
               const IssValidity   *validity,
               const char          *sha256_hex)
{
  const IssValidity *old = &transition->slot[ISS_SLOT_CURRENT];
  const IssRollPlan plan =
    {
      .old_name = old->name != NULL ? old->name : _("The current certificate"),
      .old_not_after = old->not_after,
      .new_name = validity->name != NULL ? validity->name : _("The certificate"),
      .new_not_before = validity->not_before,
      .new_not_after = validity->not_after,
      .token_lifetime = assignment->type->token_lifetime,
      .now = transition->now,
    };
  g_autoptr(GPtrArray) its = iss_roll_plan_judge (&plan, transition->instant, NULL);
  const gboolean is_refused =
    its->len > 0 &&
    ((const IssFinding *) g_ptr_array_index (its, 0))->severity == ISS_FINDING_ERROR;

  g_ptr_array_extend_and_steal (findings, g_steal_pointer (&its));
  if (is_refused)
    return FALSE;

  judge_dropped (findings, assignment, transition, sha256_hex, transition->instant);

  if (!assignment->type->rollable)
    add (findings, ISS_FINDING_NOTE, "no-overlap",
         _("%s issues no tokens, so that the old and the new certificate do not overlap: at the "
           "instant, sessions that use it have to begin anew"), assignment->type->name);

  return TRUE;
}

static void
judge_stage (GPtrArray           *findings,
             const IssAssignment *assignment,
             const IssTransition *transition)
{
  if (!has (assignment, ISS_SLOT_CURRENT))
    {
      add (findings, ISS_FINDING_ERROR, "no-current",
           _("%s has no current certificate here: assign this one at once instead of staging it"),
           assignment->type->name);
      return;
    }

  if (holds (assignment, ISS_SLOT_CURRENT, transition->sha256_hex))
    {
      add (findings, ISS_FINDING_ERROR, "is-current",
           _("This certificate is what %s uses already: there is nothing to roll"),
           assignment->type->name);
      return;
    }

  if (!judge_instant (findings, assignment, transition, &transition->given,
                      transition->sha256_hex))
    return;

  if (has (assignment, ISS_SLOT_STAGED) &&
      !holds (assignment, ISS_SLOT_STAGED, transition->sha256_hex))
    add (findings, ISS_FINDING_NOTE, "replaces",
         _("It replaces the certificate that is staged for %s now"), assignment->type->name);
}

static void
judge_roll (GPtrArray           *findings,
            const IssAssignment *assignment,
            const IssTransition *transition)
{
  const IssValidity *validity = &transition->slot[ISS_SLOT_STAGED];
  g_autofree char *text = dup_instant (assignment->staged_at);

  if (assignment->held)
    add (findings, ISS_FINDING_ERROR, "held",
         _("The roll of %s is held: not armed"), assignment->type->name);
  else if (transition->now < assignment->staged_at)
    add (findings, ISS_FINDING_ERROR, "not-due",
         _("The roll of %s is due on %s"), assignment->type->name, text);
  else if (validity->not_after != 0 && transition->now > validity->not_after)
    add (findings, ISS_FINDING_ERROR, "expired",
         _("The certificate that is staged for %s has expired: cancel the roll and stage another "
           "one"), assignment->type->name);
}

static void
judge_removal (GPtrArray           *findings,
               const IssAssignment *assignment,
               const IssTransition *transition,
               IssSlot              slot)
{
  gint64 not_after = transition->slot[slot].not_after;
  g_autofree char *text = NULL;
  gint64 until;

  if (!has (assignment, slot))
    {
      add (findings, ISS_FINDING_ERROR, "empty",
           _("%s has no %s certificate here, so there is nothing to remove"),
           assignment->type->name, iss_slot_get_label (slot));
      return;
    }

  if (slot == ISS_SLOT_CURRENT)
    {
      add (findings, ISS_FINDING_WARNING, "in-use",
           _("%s uses this certificate now. Without it, the services that need one for %s stop "
             "working"), assignment->type->name, assignment->type->name);
      return;
    }

  until = iss_assignment_get_needed_until (assignment, transition->now, not_after);
  text = dup_instant (until != 0 ? until : not_after);
  if (until != 0)
    add (findings, ISS_FINDING_ERROR, "previous-needed",
         _("The previous certificate of %s is needed until %s, to verify the tokens that it "
           "signed. Remove it after that"), assignment->type->name, text);
  else if (not_after > transition->now)
    add (findings, ISS_FINDING_NOTE, "still-valid",
         _("The previous certificate of %s is valid until %s: Swap back is not possible any more "
           "once it is removed"), assignment->type->name, text);
}

/**
 * iss_transition_dup_stops:
 * @type: a type
 *
 * Returns: (transfer full): what stops working when its compromised certificate is replaced
 */
char *
iss_transition_dup_stops (const IssCertificateType *type)
{
  g_return_val_if_fail (type != NULL, NULL);

  if (type->token_lifetime > 0)
    return g_strdup_printf (_("Tokens that were signed for %s until now are refused at once: for "
                              "up to %d hours, until they have ended, whoever holds one has to "
                              "get another"), type->name, (int) (type->token_lifetime / 3600));

  return g_strdup_printf (_("Sessions that use the certificate of %s now have to begin anew"),
                          type->name);
}

static void
judge_replace (GPtrArray           *findings,
               const IssAssignment *assignment,
               const IssTransition *transition)
{
  g_autofree char *text = NULL;

  if (g_strcmp0 (transition->sha256_hex, transition->compromised_hex) == 0)
    {
      add (findings, ISS_FINDING_ERROR, "is-current",
           _("This certificate is the compromised one: replace it by another one"));
      return;
    }

  text = iss_transition_dup_stops (assignment->type);
  add (findings, ISS_FINDING_WARNING, "stops", "%s", text);
}

static void
judge_with_staged (GPtrArray           *findings,
                   const IssAssignment *assignment,
                   const IssTransition *transition)
{
  const IssValidity *validity = &transition->slot[ISS_SLOT_STAGED];

  if (!has (assignment, ISS_SLOT_STAGED))
    {
      add (findings, ISS_FINDING_ERROR, "empty",
           _("No certificate is staged for %s here"), assignment->type->name);
      return;
    }

  if (transition->kind == ISS_TRANSITION_ROLL)
    judge_roll (findings, assignment, transition);
  else if (transition->kind == ISS_TRANSITION_POSTPONE)
    judge_instant (findings, assignment, transition, validity, assignment->slot[ISS_SLOT_STAGED]);
}

/**
 * iss_transition_judge:
 * @assignment: (nullable): what @type uses before
 * @type: a type
 * @transition: the change
 *
 * Says what speaks against a change, by the rules of the transition table. Errors refuse it;
 * warnings must be confirmed; notes are only said.
 *
 * Returns: (transfer full) (element-type IssFinding): nothing when nothing does
 */
GPtrArray *
iss_transition_judge (const IssAssignment      *assignment,
                      const IssCertificateType *type,
                      const IssTransition      *transition)
{
  g_autoptr(IssAssignment) none = NULL;
  g_autoptr(GPtrArray) findings = NULL;

  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (transition != NULL, NULL);

  if (assignment == NULL)
    assignment = none = iss_assignment_new (type);

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  switch (transition->kind)
    {
    case ISS_TRANSITION_SET:
      judge_set (findings, assignment, transition);
      break;

    case ISS_TRANSITION_STAGE:
      judge_stage (findings, assignment, transition);
      break;

    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_ARM:
    case ISS_TRANSITION_POSTPONE:
    case ISS_TRANSITION_CANCEL:
      judge_with_staged (findings, assignment, transition);
      break;

    case ISS_TRANSITION_SWAP_BACK:
      judge_swap_back (findings, assignment, transition);
      break;

    case ISS_TRANSITION_REPLACE:
      judge_replace (findings, assignment, transition);
      break;

    case ISS_TRANSITION_REMOVE_CURRENT:
      judge_removal (findings, assignment, transition, ISS_SLOT_CURRENT);
      break;

    case ISS_TRANSITION_REMOVE_PREVIOUS:
      judge_removal (findings, assignment, transition, ISS_SLOT_PREVIOUS);
      break;

    case ISS_N_TRANSITIONS:
      break;
    }

  return g_steal_pointer (&findings);
}
