/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/adoption.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/publication.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/store/audit.h"

#define WHAT "deploy-package"

/* Only what cannot work is in the way: whoever signed has been warned. */
static gboolean
judge_slot (IssRootFolder        *root,
            const IssAssignment  *wanted,
            IssSlot               slot,
            gint64                when,
            GError              **error)
{
  g_autoptr(GPtrArray) findings = NULL;

  if (wanted->slot[slot] == NULL)
    return TRUE;

  findings = iss_trust_judge (root, wanted->type, wanted->slot[slot], "", NULL, when, error);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity != ISS_FINDING_ERROR)
        continue;

      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED, finding->text);
      return FALSE;
    }

  return findings != NULL;
}

static gboolean
append_audit (IssRootFolder        *root,
              const IssAssignment  *wanted,
              guint64               global_revision,
              const char           *who,
              gint64                now,
              GError              **error)
{
  static const IssSlot order[] = { ISS_SLOT_STAGED, ISS_SLOT_CURRENT, ISS_SLOT_PREVIOUS };
  g_autofree char *revision = g_strdup_printf ("%" G_GUINT64_FORMAT, global_revision);
  g_autofree char *instant = NULL;
  const char *value = "";

  for (gsize i = 0; *value == '\0' && i < G_N_ELEMENTS (order); i++)
    if (wanted->slot[order[i]] != NULL)
      value = wanted->slot[order[i]];
  if (wanted->staged_at != 0)
    instant = iss_time_text_iso (wanted->staged_at);

  {
    const char *const details[] =
      {
        wanted->type->name, value,
        "revision", revision,
        instant != NULL ? "instant" : NULL, instant,
        NULL
      };

    return iss_audit_append (root, now, who, WHAT, details, error);
  }
}

/**
 * iss_adoption_run:
 * @root: a server's folder, whose writers' lock the caller holds
 * @wanted: what a type shall use; its revision does not count
 * @global_revision: of the package that says so
 * @who: whose name the audit record shows
 * @now: seconds since 1970
 * @error: return location for an error: %ISS_ERROR_REFUSED when a certificate does not suit the
 *   type on this server, and nothing is changed
 *
 * Makes every slot as the package says, by one rename, writes that into the audit record,
 * publishes it. What is so already is no change, but for its scope: it is the pool's now.
 *
 * Returns: (transfer full): what became of it
 */
IssChangeOutcome *
iss_adoption_run (IssRootFolder        *root,
                  const IssAssignment  *wanted,
                  guint64               global_revision,
                  const char           *who,
                  gint64                now,
                  GError              **error)
{
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(GError) publish_error = NULL;
  gboolean changed;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (wanted != NULL && who != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL ||
      !judge_slot (root, wanted, ISS_SLOT_CURRENT, now, error) ||
      !judge_slot (root, wanted, ISS_SLOT_STAGED, MAX (wanted->staged_at, now), error))
    return NULL;

  changed = iss_assignments_adopt (assignments, wanted);
  if (changed && !iss_assignments_save (assignments, root, error))
    return NULL;

  if (changed && !append_audit (root, wanted, global_revision, who, now, error))
    {
      g_prefix_error (error, _("The assignment was changed, but the audit log was not written: "));
      return NULL;
    }

  outcome = g_new0 (IssChangeOutcome, 1);
  outcome->changed = g_new0 (char *, 2);
  if (changed)
    outcome->changed[0] = g_strdup (wanted->type->name);
  outcome->notes = g_strdup ("");
  outcome->published = iss_publication_reconcile (root, now, &publish_error);
  if (publish_error != NULL)
    outcome->publish_error = g_strdup (publish_error->message);

  return g_steal_pointer (&outcome);
}
