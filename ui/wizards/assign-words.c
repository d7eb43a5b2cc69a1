/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-words.h"

#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/* "fe01 and fe02", or "every server of pool01" */
static char *
dup_names (IssAssignPlan *plan,
           gboolean       everywhere)
{
  g_autofree char *pool = NULL;

  if (!everywhere)
    return iss_pool_label_dup_names (iss_assign_plan_get_servers (plan));

  pool = iss_pool_label_dup_short (iss_assign_plan_get_pool (plan));
  /* Translators: a pool; within a sentence */
  return g_strdup_printf (_("every server of %s"), pool);
}

/* Likewise, where a sentence begins with it. */
static char *
dup_subject (IssAssignPlan *plan,
             gboolean       everywhere)
{
  g_autofree char *pool = NULL;

  if (!everywhere)
    return dup_names (plan, FALSE);

  pool = iss_pool_label_dup_short (iss_assign_plan_get_pool (plan));
  /* Translators: a pool; a sentence begins so */
  return g_strdup_printf (_("Every server of %s"), pool);
}

/**
 * iss_assign_words_dup_headline:
 * @plan: a plan
 * @everywhere: whether it is done on every server, replicated, instead of on those of the plan
 *
 * Returns: (transfer full): what is going to be done, a sentence or what leads to a certificate
 */
char *
iss_assign_words_dup_headline (IssAssignPlan *plan,
                               gboolean       everywhere)
{
  IssEffectiveDate *date = iss_assign_plan_get_date (plan);
  g_autofree char *types = iss_assign_plan_dup_types_text (plan);
  g_autofree char *names = dup_names (plan, everywhere);
  g_autofree char *subject = dup_subject (plan, everywhere);
  g_autofree char *echo = date != NULL ? iss_effective_date_dup_echo (date) : NULL;
  const char *name = iss_assign_plan_get_name (plan);

  switch (iss_assign_plan_get_change (plan))
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      /* Translators: certificate, slot, certificate type, servers */
      return g_strdup_printf (_("%s will no longer be the %s certificate for %s on %s."), name,
                              iss_slot_get_label (iss_assign_plan_get_change (plan)
                                                  == ISS_TRANSITION_REMOVE_CURRENT
                                                  ? ISS_SLOT_CURRENT : ISS_SLOT_PREVIOUS),
                              types, names);

    case ISS_TRANSITION_CANCEL:
      /* Translators: certificate, certificate type, servers */
      return g_strdup_printf (_("The roll to %s for %s is cancelled on %s."), name, types, names);

    case ISS_TRANSITION_POSTPONE:
      /* Translators: an instant, servers, certificate, certificate type */
      return g_strdup_printf (_("From %s on, and not before, %s will use %s for %s."), echo, names,
                              name, types);

    case ISS_TRANSITION_SWAP_BACK:
      /* Translators: certificate, certificate type, servers */
      return g_strdup_printf (_("%s will be the current certificate for %s again, at once, on "
                                "%s."), name, types, names);

    case ISS_TRANSITION_STAGE:
      /* Translators: an instant, servers, certificate types */
      return g_strdup_printf (_("From %s on, %s will use this certificate for %s:"), echo, names,
                              types);

    case ISS_TRANSITION_ARM:
      /* Translators: certificate, certificate type, servers */
      return g_strdup_printf (_("The roll to %s for %s is armed on %s."), name, types, names);

    case ISS_TRANSITION_REPLACE:
      /* Translators: servers, certificate types, certificate */
      return g_strdup_printf (_("%s will use this certificate for %s at once, and %s no more:"),
                              subject, types, iss_assign_plan_get_compromised_name (plan));

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  /* Translators: servers, certificate types */
  return g_strdup_printf (_("%s will use this certificate for %s:"), subject, types);
}

/**
 * iss_assign_words_dup_consequence:
 * @plan: a plan
 * @everywhere: whether it is done on every server, replicated, instead of on those of the plan
 *
 * Returns: (transfer full): what stops working, or what is agreed from then on; "" = nothing
 */
char *
iss_assign_words_dup_consequence (IssAssignPlan *plan,
                                  gboolean       everywhere)
{
  IssPool *pool = iss_assign_plan_get_pool (plan);
  g_autofree char *types = iss_assign_plan_dup_types_text (plan);
  g_autofree char *pool_wide = iss_assign_plan_dup_pool_wide_text (plan);
  g_autofree char *left_out = everywhere ? NULL : iss_assign_plan_dup_left_out (plan);
  g_autofree char *name = iss_pool_label_dup_short (pool);

  switch (iss_assign_plan_get_change (plan))
    {
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return g_strdup (_("What it signed earlier cannot be verified there any more. The "
                         "certificate and its key stay in Personal."));

    case ISS_TRANSITION_REMOVE_CURRENT:
      if (*pool_wide != '\0')
        return g_strdup (_("Server-to-server authentication stops there: without a current "
                           "certificate these servers can sign no tokens for the others. The "
                           "certificate and its key stay in Personal."));
      /* Translators: %s is a certificate type */
      return g_strdup_printf (_("The services that use the certificate for %s stop working "
                                "there. The certificate and its key stay in Personal."), types);

    case ISS_TRANSITION_CANCEL:
      return g_strdup (_("What is current stays current. The certificate that was staged is "
                         "published no more; it and its key stay in Personal."));

    case ISS_TRANSITION_POSTPONE:
      return g_strdup (_("Until then nothing changes: it stays published, and signs nothing."));

    case ISS_TRANSITION_SWAP_BACK:
      return g_strdup (_("The certificate that is current now becomes the previous one: it stays "
                         "published, and what it signed is verified."));

    case ISS_TRANSITION_STAGE:
      if (left_out == NULL)
        return g_strdup (iss_assign_plan_is_held (plan)
                         ? _("Each server publishes it at once. When all have, the roll is armed, "
                             "and each rolls by itself. Until then it can be cancelled or "
                             "postponed.")
                         : _("Each server publishes it at once and rolls by itself. Until then "
                             "the roll can be cancelled or postponed."));
      break;

    case ISS_TRANSITION_ARM:
      return g_strdup (_("Each server rolls by itself at the instant, or at once if it is past."));

    case ISS_TRANSITION_REPLACE:
      if (everywhere)
        /* Translators: %s is a certificate, twice */
        return g_strdup_printf (_("After that %s goes to Untrusted on every server that answers, "
                                  "and nothing is previous any more: there is no way back to %s."),
                                iss_assign_plan_get_compromised_name (plan),
                                iss_assign_plan_get_compromised_name (plan));
      /* Translators: %s is a certificate, twice */
      return g_strdup_printf (_("%s goes to Untrusted on each of these servers, whether it is used "
                                "there or not, and nothing is previous any more: there is no way "
                                "back to %s."), iss_assign_plan_get_compromised_name (plan),
                              iss_assign_plan_get_compromised_name (plan));

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  if (left_out != NULL)
    return g_steal_pointer (&left_out);
  if (*pool_wide != '\0')
    /* Translators: pool, certificate type */
    return g_strdup_printf (_("%s will agree on this certificate for %s: presence compares every "
                              "server with it."), name, pool_wide);

  return g_strdup ("");
}

/**
 * iss_assign_words_get_title:
 * @change: a change
 *
 * Returns: (transfer none): the title of the page that sums it up
 */
const char *
iss_assign_words_get_title (IssTransitionKind change)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return _("Remove Certificate");

    case ISS_TRANSITION_CANCEL:
      return _("Cancel the Roll");

    case ISS_TRANSITION_POSTPONE:
      return _("Postpone the Roll");

    case ISS_TRANSITION_SWAP_BACK:
      return _("Swap Back");

    case ISS_TRANSITION_STAGE:
      return _("Summary of the Roll");

    case ISS_TRANSITION_ARM:
      return _("Arm the Roll");

    case ISS_TRANSITION_REPLACE:
      return _("Replace a Compromised Certificate");

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return _("Certificate Assignment Summary");
}

/**
 * iss_assign_words_get_button:
 * @change: a change
 *
 * Returns: (transfer none): the verb on the button that does it
 */
const char *
iss_assign_words_get_button (IssTransitionKind change)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return _("_Remove");

    case ISS_TRANSITION_CANCEL:
      return _("_Cancel the Roll");

    case ISS_TRANSITION_POSTPONE:
      return _("_Postpone");

    case ISS_TRANSITION_SWAP_BACK:
      return _("_Swap Back");

    case ISS_TRANSITION_STAGE:
      return _("_Stage");

    case ISS_TRANSITION_ARM:
      return _("_Arm");

    case ISS_TRANSITION_REPLACE:
      return _("_Replace");

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return _("_Assign");
}

/**
 * iss_assign_words_dup_confirmation:
 * @change: a change
 * @warning: what a server warns of
 *
 * Returns: (transfer full): what has to be ticked
 */
char *
iss_assign_words_dup_confirmation (IssTransitionKind  change,
                                   const char        *warning)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      /* Translators: %s is what stops working */
      return g_strdup_printf (_("Remove it _all the same: %s"), warning);

    case ISS_TRANSITION_SET:
      /* Translators: %s are the warnings about a certificate */
      return g_strdup_printf (_("Assign it _all the same: %s"), warning);

    case ISS_TRANSITION_STAGE:
    case ISS_TRANSITION_CANCEL:
    case ISS_TRANSITION_POSTPONE:
    case ISS_TRANSITION_SWAP_BACK:
    case ISS_TRANSITION_REPLACE:
    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_ARM:
    case ISS_N_TRANSITIONS:
      break;
    }

  /* Translators: %s are the warnings about what is going to be done */
  return g_strdup_printf (_("Do it _all the same: %s"), warning);
}

/**
 * iss_assign_words_dup_running:
 * @change: a change
 * @name: a certificate's name
 * @types: what it is assigned for
 *
 * Returns: (transfer full): what is being done
 */
char *
iss_assign_words_dup_running (IssTransitionKind  change,
                              const char        *name,
                              const char        *types)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return g_strdup_printf (_("Taking %s out of use for %s…"), name, types);

    case ISS_TRANSITION_CANCEL:
      return g_strdup_printf (_("Cancelling the roll to %s for %s…"), name, types);

    case ISS_TRANSITION_POSTPONE:
      return g_strdup_printf (_("Postponing the roll to %s for %s…"), name, types);

    case ISS_TRANSITION_SWAP_BACK:
      return g_strdup_printf (_("Swapping back to %s for %s…"), name, types);

    case ISS_TRANSITION_STAGE:
      return g_strdup_printf (_("Staging %s for %s…"), name, types);

    case ISS_TRANSITION_ARM:
      return g_strdup_printf (_("Arming the roll to %s for %s…"), name, types);

    case ISS_TRANSITION_REPLACE:
      return g_strdup_printf (_("Replacing what is compromised by %s for %s…"), name, types);

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return g_strdup_printf (_("Assigning %s for %s…"), name, types);
}

/**
 * iss_assign_words_dup_done:
 * @change: a change
 * @n_done: on how many servers it was made
 * @n: of how many
 *
 * Returns: (transfer full): what was done
 */
char *
iss_assign_words_dup_done (IssTransitionKind change,
                           guint             n_done,
                           guint             n)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return g_strdup_printf (ngettext ("Taken out of use on %u of %u server.",
                                        "Taken out of use on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_CANCEL:
      return g_strdup_printf (ngettext ("Cancelled on %u of %u server.",
                                        "Cancelled on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_POSTPONE:
      return g_strdup_printf (ngettext ("Postponed on %u of %u server.",
                                        "Postponed on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_SWAP_BACK:
      return g_strdup_printf (ngettext ("Swapped back on %u of %u server.",
                                        "Swapped back on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_STAGE:
      return g_strdup_printf (ngettext ("Staged on %u of %u server.",
                                        "Staged on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_ARM:
      return g_strdup_printf (ngettext ("Armed on %u of %u server.",
                                        "Armed on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_REPLACE:
      return g_strdup_printf (ngettext ("Replaced on %u of %u server.",
                                        "Replaced on %u of %u servers.", n), n_done, n);

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return g_strdup_printf (ngettext ("Assigned on %u of %u server.",
                                    "Assigned on %u of %u servers.", n), n_done, n);
}

/**
 * iss_assign_words_dup_armed:
 * @n_done: on how many servers it was armed
 * @n: of how many
 * @instant: when it rolls
 * @unattended: (element-type IssServer): where nothing will roll it then
 *
 * Returns: (transfer full): what will happen, and what has to be done for it
 */
char *
iss_assign_words_dup_armed (guint       n_done,
                            guint       n,
                            const char *instant,
                            GPtrArray  *unattended)
{
  g_autofree char *names = NULL;

  if (unattended->len == 0)
    /* Translators: on %u servers of those that were asked; an instant */
    return g_strdup_printf (ngettext ("Armed on %u of %u server: it rolls by itself on %s.",
                                      "Armed on %u of %u servers: they roll by themselves on %s.",
                                      n), n_done, n, instant);

  names = iss_pool_label_dup_names (unattended);
  /* Translators: on %u servers of those that were asked; an instant; servers */
  return g_strdup_printf (ngettext ("Armed on %u of %u server for %s, but nothing will roll it "
                                    "then on %s: start issuant-agent.service there.",
                                    "Armed on %u of %u servers for %s, but nothing will roll it "
                                    "then on %s: start issuant-agent.service there.", n),
                          n_done, n, instant, names);
}

/**
 * iss_assign_words_get_failed:
 * @change: a change
 *
 * Returns: (transfer none): that it was made on no server
 */
const char *
iss_assign_words_get_failed (IssTransitionKind change)
{
  switch (change)
    {
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return _("Taken out of use on no server. Nothing has changed.");

    case ISS_TRANSITION_CANCEL:
      return _("Cancelled on no server. Nothing has changed.");

    case ISS_TRANSITION_POSTPONE:
      return _("Postponed on no server. Nothing has changed.");

    case ISS_TRANSITION_SWAP_BACK:
      return _("Swapped back on no server. Nothing has changed.");

    case ISS_TRANSITION_STAGE:
      return _("Staged on no server. Nothing has changed.");

    case ISS_TRANSITION_ARM:
      return _("Armed on no server. Nothing has changed.");

    case ISS_TRANSITION_REPLACE:
      return _("Replaced on no server. Nothing has changed.");

    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_ROLL:
    case ISS_N_TRANSITIONS:
      break;
    }

  return _("Assigned on no server. Nothing has changed.");
}
