/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/change.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/assignment/publication.h"
#include "core/assignment/reader-check.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

/* How each change stands in the audit record. */
static const char *const audit_names[] =
{
  [ISS_TRANSITION_SET]             = "set-assignment",
  [ISS_TRANSITION_STAGE]           = "stage-assignment",
  [ISS_TRANSITION_ROLL]            = "roll-assignment",
  [ISS_TRANSITION_ARM]             = "arm-roll",
  [ISS_TRANSITION_POSTPONE]        = "postpone-roll",
  [ISS_TRANSITION_CANCEL]          = "cancel-roll",
  [ISS_TRANSITION_SWAP_BACK]       = "swap-back",
  [ISS_TRANSITION_REPLACE]         = "replace-compromised",
  [ISS_TRANSITION_REMOVE_CURRENT]  = "remove-assignment",
  [ISS_TRANSITION_REMOVE_PREVIOUS] = "remove-assignment",
};

G_STATIC_ASSERT (G_N_ELEMENTS (audit_names) == ISS_N_TRANSITIONS);

/* What there is to say, by its severity. */
typedef struct
{
  GString *texts[ISS_FINDING_NOTE + 1];
  IssError code;         /* the one that all errors share, or %ISS_ERROR_REFUSED */
} Opinion;

static void
opinion_init (Opinion *opinion)
{
  for (guint i = 0; i < G_N_ELEMENTS (opinion->texts); i++)
    opinion->texts[i] = g_string_new (NULL);
  opinion->code = ISS_ERROR_FAILED;
}

static void
opinion_clear (Opinion *opinion)
{
  for (guint i = 0; i < G_N_ELEMENTS (opinion->texts); i++)
    g_string_free (opinion->texts[i], TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opinion, opinion_clear)

/* What a caller can do about an error. */
static IssError
get_error_code (const IssFinding *finding)
{
  if (g_str_equal (finding->code, "empty"))
    return ISS_ERROR_NOT_FOUND;

  return g_str_equal (finding->code, "staged") ? ISS_ERROR_STAGED : ISS_ERROR_REFUSED;
}

static void
opinion_take (Opinion   *opinion,
              GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);
      GString *text = opinion->texts[finding->severity];

      if (finding->severity == ISS_FINDING_ERROR && opinion->code == ISS_ERROR_FAILED)
        opinion->code = get_error_code (finding);
      else if (finding->severity == ISS_FINDING_ERROR && opinion->code != get_error_code (finding))
        opinion->code = ISS_ERROR_REFUSED;

      /* What two types say alike is said once. */
      if (strstr (text->str, finding->text) != NULL)
        continue;

      if (text->len > 0)
        g_string_append (text, "; ");
      g_string_append (text, finding->text);
    }

  g_ptr_array_unref (findings);
}

static IssCertificate *
get_certificate (IssRootFolder *root,
                 const char    *sha256_hex)
{
  return sha256_hex != NULL ? iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL)
                            : NULL;
}

/* What it is called is borrowed from the certificate, which @certificates keeps. */
static void
read_validity (IssRootFolder *root,
               const char    *sha256_hex,
               GPtrArray     *certificates,
               IssValidity   *validity)
{
  IssCertificate *certificate = get_certificate (root, sha256_hex);

  if (certificate == NULL)
    return;

  g_ptr_array_add (certificates, certificate);
  validity->name = iss_certificate_get_issued_to (certificate);
  validity->not_before = iss_certificate_get_not_before (certificate);
  validity->not_after = iss_certificate_get_not_after (certificate);
}

static const char *
get_compromised (const IssChangeOrder *order)
{
  return order->compromised != NULL ? iss_certificate_get_sha256_hex (order->compromised) : NULL;
}

/* The order's change for one of its types. */
static IssTransition
make_transition (IssRootFolder        *root,
                 const IssAssignment  *assignment,
                 const IssChangeOrder *order,
                 const IssChangeItem  *item,
                 GPtrArray            *certificates)
{
  IssTransition transition = order->transition;

  transition.sha256_hex = item->sha256_hex;
  transition.compromised_hex = get_compromised (order);
  read_validity (root, item->sha256_hex, certificates, &transition.given);
  for (guint i = 0; assignment != NULL && i < ISS_N_SLOTS; i++)
    read_validity (root, assignment->slot[i], certificates, &transition.slot[i]);

  return transition;
}

/* Whether the finding is about when the certificate is valid. */
static gboolean
is_about_dates (const IssFinding *finding)
{
  static const char *const codes[] = { "before-valid", "after-valid", "not-yet-valid", "expired",
                                       "expires-soon", NULL };

  return g_strv_contains (codes, finding->code);
}

/* What the transition table says of the same certificate's dates says more, and is enough. */
static void
drop_said (GPtrArray *findings,
           GPtrArray *said)
{
  for (guint i = 0; i < said->len; i++)
    {
      const IssFinding *one = g_ptr_array_index (said, i);

      if (!is_about_dates (one))
        continue;

      for (guint k = findings->len; k > 0; k--)
        {
          const IssFinding *other = g_ptr_array_index (findings, k - 1);

          if (is_about_dates (other) && other->severity >= one->severity)
            g_ptr_array_remove_index (findings, k - 1);
        }
    }
}

/* What is to be used, from when, that is judged as of then, and by whom. Only a type of the whole
 * pool has a gate, which keeps a roll held. */
static gboolean
judge_suitability (IssRootFolder         *root,
                   const IssAssignment   *assignment,
                   const IssChangeOrder  *order,
                   const IssChangeItem   *item,
                   const char            *sha256_hex,
                   gint64                 when,
                   GPtrArray             *said,
                   Opinion               *opinion,
                   GError               **error)
{
  GPtrArray *findings = iss_trust_judge (root, item->type, sha256_hex, order->server_name,
                                         order->sip_domains, when, error);

  if (findings == NULL)
    return FALSE;

  drop_said (findings, said);
  opinion_take (opinion, findings);
  opinion_take (opinion, iss_reader_check_judge (root, item->type, sha256_hex,
                                                 assignment != NULL
                                                 ? assignment->slot[ISS_SLOT_CURRENT] : NULL,
                                                 order->transition.held &&
                                                 item->type->pool_wide));

  return TRUE;
}

/* A staged certificate was judged when it was staged; but is it still there? */
static void
judge_presence (IssRootFolder            *root,
                const IssCertificateType *type,
                const char               *sha256_hex,
                Opinion                  *opinion)
{
  g_autoptr(IssCertificate) certificate = get_certificate (root, sha256_hex);
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  g_autofree char *text = NULL;

  if (certificate == NULL)
    text = g_strdup_printf (_("The certificate that is staged for %s, %s, has gone from Personal: "
                              "import it again, or cancel the roll"), type->name, sha256_hex);
  else if (iss_key_file_get_state (root, iss_certificate_get_spki_sha256 (certificate)) ==
           ISS_KEY_STATE_NONE)
    text = g_strdup_printf (_("The private key of “%s”, which is staged for %s, is not on this "
                              "server: import it again, or cancel the roll"),
                            iss_certificate_get_issued_to (certificate), type->name);

  if (text != NULL)
    g_ptr_array_add (findings, iss_finding_new (ISS_FINDING_ERROR, "gone", text));
  opinion_take (opinion, findings);
}

/* Who has the compromised key has that of its successor, if it is the same. */
static void
judge_key (IssRootFolder         *root,
           const IssChangeOrder  *order,
           const char            *sha256_hex,
           Opinion               *opinion)
{
  g_autoptr(IssCertificate) certificate = get_certificate (root, sha256_hex);
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  const char *text = _("This certificate has the private key of the compromised one: choose one "
                       "with another key");

  if (certificate != NULL && g_strcmp0 (sha256_hex, get_compromised (order)) != 0 &&
      g_bytes_equal (iss_certificate_get_spki_sha256 (certificate),
                     iss_certificate_get_spki_sha256 (order->compromised)))
    g_ptr_array_add (findings, iss_finding_new (ISS_FINDING_ERROR, "same-key", text));
  opinion_take (opinion, findings);
}

static gboolean
judge_item (IssRootFolder         *root,
            IssAssignments        *assignments,
            const IssChangeOrder  *order,
            const IssChangeItem   *item,
            Opinion               *opinion,
            GError               **error)
{
  const IssAssignment *assignment = iss_assignments_find (assignments, item->type);
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);
  const IssTransition transition = make_transition (root, assignment, order, item, certificates);
  const char *previous = assignment != NULL ? assignment->slot[ISS_SLOT_PREVIOUS] : NULL;
  g_autoptr(GPtrArray) said = iss_transition_judge (assignment, item->type, &transition);

  opinion_take (opinion, g_ptr_array_ref (said));

  switch (transition.kind)
    {
    case ISS_TRANSITION_REPLACE:
      judge_key (root, order, item->sha256_hex, opinion);
      return judge_suitability (root, assignment, order, item, item->sha256_hex, transition.now,
                                said, opinion, error);

    case ISS_TRANSITION_SET:
      return judge_suitability (root, assignment, order, item, item->sha256_hex, transition.now,
                                said, opinion, error);

    case ISS_TRANSITION_STAGE:
      return judge_suitability (root, assignment, order, item, item->sha256_hex,
                                MAX (transition.instant, transition.now), said, opinion, error);

    case ISS_TRANSITION_SWAP_BACK:
      return previous == NULL ||
             judge_suitability (root, assignment, order, item, previous, transition.now, said,
                                opinion, error);

    case ISS_TRANSITION_ROLL:
      if (assignment != NULL && assignment->slot[ISS_SLOT_STAGED] != NULL)
        judge_presence (root, item->type, assignment->slot[ISS_SLOT_STAGED], opinion);
      return TRUE;

    case ISS_TRANSITION_ARM:
    case ISS_TRANSITION_POSTPONE:
    case ISS_TRANSITION_CANCEL:
    case ISS_TRANSITION_REMOVE_CURRENT:
    case ISS_TRANSITION_REMOVE_PREVIOUS:
    case ISS_N_TRANSITIONS:
      break;
    }

  return TRUE;
}

/* Goes on with what is compromised: replaced there as well it should be. */
static void
judge_others (IssAssignments       *assignments,
              const IssChangeOrder *order,
              Opinion              *opinion)
{
  const char *hex = iss_certificate_get_sha256_hex (order->compromised);
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *other = iss_assignments_get (assignments, i);
      gboolean is_replaced = FALSE;
      g_autofree char *text = NULL;

      for (guint k = 0; k < order->n_items; k++)
        is_replaced = is_replaced || order->items[k].type == other->type;
      if (is_replaced || g_strcmp0 (other->slot[ISS_SLOT_CURRENT], hex) != 0)
        continue;

      /* Translators: %s is a certificate type, twice */
      text = g_strdup_printf (_("%s uses the compromised certificate, too, and goes on with it "
                                "although nobody trusts it then: replace it for %s as well"),
                              other->type->name, other->type->name);
      g_ptr_array_add (findings, iss_finding_new (ISS_FINDING_WARNING, "still-used", text));
    }

  opinion_take (opinion, findings);
}

/* (transfer full): the notes, or %NULL when somebody is against it */
static char *
judge (IssRootFolder         *root,
       IssAssignments        *assignments,
       const IssChangeOrder  *order,
       GError               **error)
{
  g_auto(Opinion) opinion;
  const char *errors, *warnings;

  opinion_init (&opinion);
  for (guint i = 0; i < order->n_items; i++)
    {
      if (!judge_item (root, assignments, order, &order->items[i], &opinion, error))
        return NULL;
    }

  if (order->compromised != NULL)
    judge_others (assignments, order, &opinion);

  errors = opinion.texts[ISS_FINDING_ERROR]->str;
  warnings = opinion.texts[ISS_FINDING_WARNING]->str;
  if (*errors != '\0')
    {
      g_set_error_literal (error, ISS_ERROR, opinion.code, errors);
      return NULL;
    }

  if (*warnings != '\0' && !order->force)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, warnings);
      return NULL;
    }

  return g_strdup (opinion.texts[ISS_FINDING_NOTE]->str);
}

/* What a type's entry in the audit record says beside its name. */
static const char *
get_audit_value (IssAssignments       *assignments,
                 const IssChangeOrder *order,
                 const IssChangeItem  *item)
{
  const IssAssignment *after = iss_assignments_find (assignments, item->type);

  switch (order->transition.kind)
    {
    case ISS_TRANSITION_SET:
    case ISS_TRANSITION_STAGE:
    case ISS_TRANSITION_REPLACE:
      return item->sha256_hex;

    case ISS_TRANSITION_ROLL:
    case ISS_TRANSITION_SWAP_BACK:
      return after->slot[ISS_SLOT_CURRENT];

    case ISS_TRANSITION_ARM:
    case ISS_TRANSITION_POSTPONE:
      return after->slot[ISS_SLOT_STAGED];

    case ISS_TRANSITION_CANCEL:
      return iss_slot_get_name (ISS_SLOT_STAGED);

    case ISS_TRANSITION_REMOVE_CURRENT:
      return iss_slot_get_name (ISS_SLOT_CURRENT);

    case ISS_TRANSITION_REMOVE_PREVIOUS:
      return iss_slot_get_name (ISS_SLOT_PREVIOUS);

    case ISS_N_TRANSITIONS:
      break;
    }

  return NULL;
}

static gboolean
append_audit (IssRootFolder         *root,
              IssAssignments        *assignments,
              const IssChangeOrder  *order,
              GPtrArray             *changed,
              GError               **error)
{
  const IssTransition *transition = &order->transition;
  g_autoptr(GPtrArray) details = g_ptr_array_new ();
  g_autofree char *instant = NULL;

  for (guint i = 0; i < order->n_items; i++)
    {
      if (!g_ptr_array_find (changed, order->items[i].type->name, NULL))
        continue;

      g_ptr_array_add (details, (gpointer) order->items[i].type->name);
      g_ptr_array_add (details, (gpointer) get_audit_value (assignments, order, &order->items[i]));
    }

  if (transition->kind == ISS_TRANSITION_STAGE || transition->kind == ISS_TRANSITION_POSTPONE)
    {
      instant = iss_time_text_iso (transition->instant);
      g_ptr_array_add (details, (gpointer) "instant");
      g_ptr_array_add (details, instant);
    }
  if (transition->kind == ISS_TRANSITION_STAGE && transition->held)
    {
      g_ptr_array_add (details, (gpointer) "held");
      g_ptr_array_add (details, (gpointer) "yes");
    }
  if (order->compromised != NULL)
    {
      g_ptr_array_add (details, (gpointer) "compromised");
      g_ptr_array_add (details, (gpointer) get_compromised (order));
    }
  if (order->force)
    {
      g_ptr_array_add (details, (gpointer) "force");
      g_ptr_array_add (details, (gpointer) "yes");
    }
  g_ptr_array_add (details, NULL);

  return iss_audit_append (root, transition->now, order->who, audit_names[transition->kind],
                           (const char *const *) details->pdata, error);
}

static IssChangeOutcome *
outcome_new (GPtrArray *changed,
             char      *notes)
{
  IssChangeOutcome *outcome = g_new0 (IssChangeOutcome, 1);

  g_ptr_array_add (changed, NULL);
  outcome->changed = g_strdupv ((char **) changed->pdata);
  outcome->notes = g_steal_pointer (&notes);

  return outcome;
}

/**
 * iss_change_run:
 * @root: a server's folder, whose writers' lock the caller holds unless it is only a what-if
 * @order: what to change
 * @error: return location for an error
 *
 * Makes one change of any number of types, all or none: judges it by the transition table and by
 * what suits each type, saves it by one rename, writes it into the audit record, publishes it.
 *
 * Fails with %ISS_ERROR_REFUSED when a rule forbids it, %ISS_ERROR_NOT_FOUND when there is nothing
 * to change, %ISS_ERROR_STAGED when the order has to say what becomes of the certificate that is
 * staged, %ISS_ERROR_NEEDS_CONFIRMATION when a rule warns and the order is not to force it. That
 * something could not be published is no failure of the change: it is in the outcome.
 *
 * Returns: (transfer full): what became of it
 */
IssChangeOutcome *
iss_change_run (IssRootFolder         *root,
                const IssChangeOrder  *order,
                GError               **error)
{
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(GPtrArray) changed = g_ptr_array_new ();
  g_autoptr(GError) publish_error = NULL;
  char *notes;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (order != NULL, NULL);
  g_return_val_if_fail ((order->compromised != NULL) ==
                        (order->transition.kind == ISS_TRANSITION_REPLACE), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  assignments = iss_assignments_load (root, error);
  notes = assignments != NULL ? judge (root, assignments, order, error) : NULL;
  if (notes == NULL)
    return NULL;

  /* Certificates before assignments; should it stop in between, nothing trusts it already. */
  if (order->compromised != NULL && !order->what_if &&
      !iss_certificate_store_add (root, ISS_STORE_DISALLOWED, order->compromised, NULL, error))
    {
      g_free (notes);
      return NULL;
    }

  for (guint i = 0; i < order->n_items; i++)
    {
      const IssCertificateType *type = order->items[i].type;
      IssTransition transition = order->transition;

      transition.sha256_hex = order->items[i].sha256_hex;
      transition.compromised_hex = get_compromised (order);
      if (iss_assignments_change (assignments, type, &transition))
        g_ptr_array_add (changed, (gpointer) type->name);
    }

  if (order->what_if)
    return outcome_new (changed, notes);

  if (changed->len > 0 && !iss_assignments_save (assignments, root, error))
    {
      g_free (notes);
      return NULL;
    }

  if (changed->len > 0 && !append_audit (root, assignments, order, changed, error))
    {
      g_prefix_error (error, _("The assignment was changed, but the audit log was not written: "));
      g_free (notes);
      return NULL;
    }

  outcome = outcome_new (changed, notes);
  outcome->published = iss_publication_reconcile (root, order->transition.now, &publish_error);
  if (publish_error != NULL)
    outcome->publish_error = g_strdup (publish_error->message);

  return g_steal_pointer (&outcome);
}

/**
 * iss_change_outcome_free:
 * @self: (transfer full): an outcome
 */
void
iss_change_outcome_free (IssChangeOutcome *self)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->changed);
  g_free (self->notes);
  g_free (self->publish_error);
  g_free (self);
}
