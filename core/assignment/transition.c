/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/transition.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>

/* What a slot holds afterwards. */
typedef enum
{
  STAYS,
  GIVEN,        /* the certificate that the change is about */
  CURRENT,      /* what was current; without one it stays, unless that is current now */
  PREVIOUS,
  STAGED,
  EMPTY
} Source;

typedef struct
{
  const char *name;
  const char *label;
  Source      becomes[ISS_N_SLOTS];   /* current, previous, staged */

  /* For people; the code of each is in transition-judge.c. */
  const char *refused;
  const char *warns;                  /* "" = never */
} Row;

/* The transition table: the only place that says what becomes of the slots. */
static const Row rows[] =
{
  [ISS_TRANSITION_SET] =
    { "set", N_("Assign"), { GIVEN, CURRENT, STAYS },
      N_("another one is staged and nobody says which wins"),
      N_("tokens are about that only the previous certificate verifies, which is dropped, or the "
         "account of a service cannot read the key") },
  [ISS_TRANSITION_STAGE] =
    { "stage", N_("Stage"), { STAYS, STAYS, GIVEN },
      N_("nothing is current, it is current already, or the instant is past, before the "
         "certificate is valid or after it has expired"),
      N_("the current certificate or tokens that it signs expire before or around the instant, "
         "the last change is less than the token lifetime before it, or the account of a service "
         "cannot read the key (when the roll is held, that is only noted)") },
  [ISS_TRANSITION_ROLL] =
    { "roll", N_("Roll"), { STAGED, CURRENT, EMPTY },
      N_("none is staged, its instant has not come, it is not armed, or it is not valid"), "" },
  [ISS_TRANSITION_ARM] =
    { "arm", N_("Arm"), { STAYS, STAYS, STAYS },
      N_("none is staged"), "" },
  [ISS_TRANSITION_POSTPONE] =
    { "postpone", N_("Postpone"), { STAYS, STAYS, STAYS },
      N_("none is staged, or the instant does not do (as for Stage)"),
      N_("as for Stage") },
  [ISS_TRANSITION_CANCEL] =
    { "cancel", N_("Cancel the roll"), { STAYS, STAYS, EMPTY },
      N_("none is staged"), "" },
  [ISS_TRANSITION_SWAP_BACK] =
    { "swap-back", N_("Swap back"), { PREVIOUS, CURRENT, STAYS },
      N_("there is no previous certificate, it is not valid, or another one is staged and nobody "
         "says which wins"),
      N_("the previous certificate expires before the tokens that it signs, or the account of a "
         "service cannot read its key") },
  [ISS_TRANSITION_REPLACE] =
    { "replace", N_("Replace a compromised certificate"), { GIVEN, EMPTY, STAYS },
      N_("it is the compromised one itself"),
      N_("always: tokens that the compromised certificate has signed are refused at once, and it "
         "is not trusted on the server any more") },
  [ISS_TRANSITION_REMOVE_CURRENT] =
    { "remove-current", N_("Remove the current one"), { EMPTY, STAYS, STAYS },
      N_("there is none"),
      N_("always: the services that need it stop working") },
  [ISS_TRANSITION_REMOVE_PREVIOUS] =
    { "remove-previous", N_("Remove the previous one"), { STAYS, EMPTY, STAYS },
      N_("there is none, or tokens are about that only it verifies"), "" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == ISS_N_TRANSITIONS);

/**
 * iss_transition_get_name:
 * @kind: a change
 *
 * Returns: (transfer none): its word on the wire and in the audit record
 */
const char *
iss_transition_get_name (IssTransitionKind kind)
{
  g_return_val_if_fail ((guint) kind < ISS_N_TRANSITIONS, NULL);

  return rows[kind].name;
}

/**
 * iss_transition_get_label:
 * @kind: a change
 *
 * Returns: (transfer none): what it is called on a button, translated
 */
const char *
iss_transition_get_label (IssTransitionKind kind)
{
  g_return_val_if_fail ((guint) kind < ISS_N_TRANSITIONS, NULL);

  return _(rows[kind].label);
}

static char *
describe_source (Source source)
{
  switch (source)
    {
    case STAYS:
      return g_strdup (_("stays"));
    case GIVEN:
      return g_strdup (_("is this certificate"));
    case CURRENT:
      return g_strdup (_("is what was current"));
    case PREVIOUS:
      return g_strdup (_("is what was previous"));
    case STAGED:
      return g_strdup (_("is what was staged"));
    case EMPTY:
      return g_strdup (_("is empty"));
    }

  return NULL;
}

/**
 * iss_transition_dup_help:
 * @kind: a change
 *
 * Returns: (transfer full): its row of the table as sentences, translated
 */
char *
iss_transition_dup_help (IssTransitionKind kind)
{
  g_autoptr(GString) help = NULL;

  g_return_val_if_fail ((guint) kind < ISS_N_TRANSITIONS, NULL);

  help = g_string_new (NULL);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_autofree char *source = describe_source (rows[kind].becomes[i]);

      if (rows[kind].becomes[i] == STAYS)
        continue;

      /* Translators: a slot and what becomes of it: "current is what was staged" */
      g_string_append_printf (help, _("%s%s %s"), help->len > 0 ? "; " : "",
                              iss_slot_get_label ((IssSlot) i), source);
    }
  if (help->len > 0)
    g_string_append (help, ". ");

  g_string_append_printf (help, _("Refused when %s."), _(rows[kind].refused));
  if (rows[kind].warns[0] != '\0')
    g_string_append_printf (help, _(" Warns when %s."), _(rows[kind].warns));

  return g_string_free (g_steal_pointer (&help), FALSE);
}

/**
 * iss_transition_parse:
 * @name: a word from outside
 * @out_kind: (out): return location for the change
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether there is such a change
 */
gboolean
iss_transition_parse (const char         *name,
                      IssTransitionKind  *out_kind,
                      GError            **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_kind != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  for (guint i = 0; i < ISS_N_TRANSITIONS; i++)
    {
      if (g_str_equal (rows[i].name, name))
        {
          *out_kind = (IssTransitionKind) i;
          return TRUE;
        }
    }

  shown = iss_text_sanitise (name, -1, 64);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no change “%s” of an assignment"), shown);

  return FALSE;
}

static void
clear_staged (IssAssignment *assignment)
{
  g_clear_pointer (&assignment->slot[ISS_SLOT_STAGED], g_free);
  g_clear_pointer (&assignment->staged_typed, g_free);
  g_clear_pointer (&assignment->staged_zone, g_free);
  assignment->staged_at = 0;
  assignment->held = FALSE;
}

static void
set_instant (IssAssignment       *assignment,
             const IssTransition *transition)
{
  g_free (assignment->staged_typed);
  g_free (assignment->staged_zone);
  assignment->staged_typed = g_strdup (transition->typed);
  assignment->staged_zone = g_strdup (transition->zone);
  assignment->staged_at = transition->instant;
}

/* (transfer full) (nullable): what a slot holds by the table, all from before. */
static char *
dup_source (const IssAssignment *before,
            const IssTransition *transition,
            IssSlot              slot,
            const char          *new_current)
{
  switch (rows[transition->kind].becomes[slot])
    {
    case STAYS:
      return g_strdup (before->slot[slot]);

    case GIVEN:
      return g_strdup (transition->sha256_hex);

    case CURRENT:
      /* With nothing to follow it the previous one stays, unless it is current again. */
      if (before->slot[ISS_SLOT_CURRENT] == NULL &&
          g_strcmp0 (before->slot[slot], new_current) != 0)
        return g_strdup (before->slot[slot]);
      return g_strdup (before->slot[ISS_SLOT_CURRENT]);

    case PREVIOUS:
      return g_strdup (before->slot[ISS_SLOT_PREVIOUS]);

    case STAGED:
      return g_strdup (before->slot[ISS_SLOT_STAGED]);

    case EMPTY:
      break;
    }

  return NULL;
}

static gboolean
changes_nothing (const IssAssignment *before,
                 const IssTransition *transition)
{
  switch (transition->kind)
    {
    case ISS_TRANSITION_SET:
      return g_strcmp0 (before->slot[ISS_SLOT_CURRENT], transition->sha256_hex) == 0;

    case ISS_TRANSITION_STAGE:
      return g_strcmp0 (before->slot[ISS_SLOT_STAGED], transition->sha256_hex) == 0 &&
             before->staged_at == transition->instant && before->held == transition->held;

    case ISS_TRANSITION_POSTPONE:
      return before->staged_at == transition->instant;

    case ISS_TRANSITION_ARM:
      return !before->held;

    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_CANCEL:
    case ISS_TRANSITION_SWAP_BACK:
    case ISS_TRANSITION_REPLACE:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
    case ISS_N_TRANSITIONS:
      break;
    }

  return FALSE;
}

/**
 * iss_transition_apply:
 * @assignment: what a type uses; changed
 * @transition: a change that iss_transition_judge() does not refuse
 *
 * Makes the change by the transition table, on this server's own account (scope "local"). What
 * is staged already and is set at once is not staged any more: that is a roll now.
 *
 * Returns: whether that changed anything; the revision is not counted here
 */
gboolean
iss_transition_apply (IssAssignment       *assignment,
                      const IssTransition *transition)
{
  g_autoptr(IssAssignment) before = NULL;
  gboolean ends_staged;

  g_return_val_if_fail (assignment != NULL, FALSE);
  g_return_val_if_fail (transition != NULL, FALSE);
  g_return_val_if_fail ((guint) transition->kind < ISS_N_TRANSITIONS, FALSE);

  if (changes_nothing (assignment, transition))
    return FALSE;

  before = iss_assignment_copy (assignment);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_free (assignment->slot[i]);
      assignment->slot[i] = dup_source (before, transition, (IssSlot) i,
                                        assignment->slot[ISS_SLOT_CURRENT]);
    }

  if (g_strcmp0 (assignment->slot[ISS_SLOT_CURRENT], before->slot[ISS_SLOT_CURRENT]) != 0 &&
      assignment->slot[ISS_SLOT_CURRENT] != NULL)
    assignment->current_since = transition->now;

  if (transition->kind == ISS_TRANSITION_STAGE || transition->kind == ISS_TRANSITION_POSTPONE)
    set_instant (assignment, transition);
  if (transition->kind == ISS_TRANSITION_STAGE)
    assignment->held = transition->held;
  if (transition->kind == ISS_TRANSITION_ARM)
    assignment->held = FALSE;

  /* What is compromised is not rolled to either. */
  if (transition->kind == ISS_TRANSITION_REPLACE &&
      g_strcmp0 (assignment->slot[ISS_SLOT_STAGED], transition->compromised_hex) == 0)
    clear_staged (assignment);

  ends_staged = assignment->slot[ISS_SLOT_STAGED] == NULL ||
                transition->staged == ISS_STAGED_CANCEL ||
                g_strcmp0 (assignment->slot[ISS_SLOT_STAGED],
                           assignment->slot[ISS_SLOT_CURRENT]) == 0;
  if (ends_staged)
    clear_staged (assignment);

  /* What was decided for the whole pool is still that when it happens. */
  if (transition->kind != ISS_TRANSITION_ROLL && transition->kind != ISS_TRANSITION_ARM)
    {
      g_free (assignment->scope);
      assignment->scope = g_strdup ("local");
    }

  return TRUE;
}
