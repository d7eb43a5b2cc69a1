/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-plan.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"

/**
 * iss_global_plan_dup_present:
 * @present: (nullable): what is wanted; %NULL: nothing was ever decided
 * @type: a type
 * @now: seconds since 1970
 *
 * Returns: (transfer full): what the servers use by @now, if they do as they are told
 */
IssAssignment *
iss_global_plan_dup_present (const IssWanted          *present,
                             const IssCertificateType *type,
                             gint64                    now)
{
  IssAssignment *assignment = iss_assignment_new (type);
  const IssManifest *manifest = present != NULL ? iss_wanted_get_manifest (present) : NULL;
  const IssTransition roll = { .kind = ISS_TRANSITION_ROLL, .now = now };

  g_free (assignment->scope);
  assignment->scope = g_strdup ("global");
  if (manifest == NULL)
    return assignment;

  assignment->revision = manifest->revision;
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (manifest->slot[i] != NULL)
      assignment->slot[i] = g_strdup (iss_certificate_get_sha256_hex (manifest->slot[i]));
  assignment->current_since = manifest->current_since;
  assignment->staged_at = manifest->staged_at;
  assignment->staged_typed = g_strdup (manifest->staged_typed);
  assignment->staged_zone = g_strdup (manifest->staged_zone);
  assignment->held = manifest->held && present->armed_at == 0;

  if (!iss_wanted_has_rolled (present, now))
    return assignment;

  /* Armed late, it rolled when it was armed. */
  iss_transition_apply (assignment, &roll);
  assignment->current_since = MAX (manifest->staged_at, present->armed_at);

  return assignment;
}

static gboolean
judge (const IssAssignment  *assignment,
       const IssTransition  *change,
       gboolean              force,
       GError              **error)
{
  g_autoptr(GPtrArray) findings = iss_transition_judge (assignment, assignment->type, change);

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ISS_FINDING_ERROR)
        {
          g_set_error_literal (error, ISS_ERROR,
                               g_str_equal (finding->code, "empty") ? ISS_ERROR_NOT_FOUND
                                                                    : ISS_ERROR_REFUSED,
                               finding->text);
          return FALSE;
        }
    }

  for (guint i = 0; i < findings->len && !force; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ISS_FINDING_WARNING)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, finding->text);
          return FALSE;
        }
    }

  return TRUE;
}

static void
take_slot (IssManifest       *manifest,
           IssSlot            slot,
           const char        *hex,
           const IssManifest *before,
           IssCertificate    *certificate,
           GPtrArray         *chain)
{
  if (hex == NULL)
    return;

  if (certificate != NULL && g_str_equal (iss_certificate_get_sha256_hex (certificate), hex))
    {
      iss_manifest_set_slot (manifest, slot, certificate, chain);
      return;
    }

  for (guint i = 0; before != NULL && i < ISS_N_SLOTS; i++)
    if (before->slot[i] != NULL &&
        g_str_equal (iss_certificate_get_sha256_hex (before->slot[i]), hex))
      iss_manifest_set_slot (manifest, slot, before->slot[i], before->chain[i]);
}

/* Without saying whether it is held. */
static IssManifest *
new_manifest (const IssAssignment *assignment,
              const IssManifest   *before,
              const char          *pool,
              IssCertificate      *certificate,
              GPtrArray           *chain)
{
  IssManifest *manifest = iss_manifest_new (pool, "", assignment->type,
                                            before != NULL ? before->revision + 1 : 1);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    take_slot (manifest, (IssSlot) i, assignment->slot[i], before, certificate, chain);
  manifest->current_since = assignment->current_since;
  manifest->staged_at = assignment->staged_at;
  manifest->staged_typed = g_strdup (assignment->staged_typed);
  manifest->staged_zone = g_strdup (assignment->staged_zone);

  return manifest;
}

static void
fill_validity (IssTransition        *change,
               const IssAssignment  *assignment,
               const IssManifest    *before,
               IssCertificate       *certificate)
{
  if (certificate != NULL)
    {
      change->sha256_hex = iss_certificate_get_sha256_hex (certificate);
      change->given.not_before = iss_certificate_get_not_before (certificate);
      change->given.not_after = iss_certificate_get_not_after (certificate);
    }

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    for (guint k = 0; before != NULL && k < ISS_N_SLOTS; k++)
      {
        IssCertificate *candidate = before->slot[k];

        if (candidate == NULL || assignment->slot[i] == NULL ||
            !g_str_equal (assignment->slot[i], iss_certificate_get_sha256_hex (candidate)))
          continue;

        change->slot[i].not_before = iss_certificate_get_not_before (candidate);
        change->slot[i].not_after = iss_certificate_get_not_after (candidate);
      }
}

/* Said once more, with all that is staged. */
static gboolean
has_same_slots (const IssManifest *manifest,
                const IssManifest *before)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      IssCertificate *one = manifest->slot[i];
      IssCertificate *other = before->slot[i];

      if ((one == NULL) != (other == NULL) ||
          (one != NULL && !g_bytes_equal (iss_certificate_get_sha256 (one),
                                          iss_certificate_get_sha256 (other))))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_global_plan_make:
 * @present: (nullable): what is wanted until now
 * @pool: the pool
 * @type: the type
 * @change: what is to be different; its certificate and validity are filled in
 * @certificate: (nullable): what it is about
 * @chain: (nullable) (element-type IssCertificate): its issuers, nearest first
 * @force: pass warnings
 * @error: return location for an error: %ISS_ERROR_REFUSED, %ISS_ERROR_NOT_FOUND,
 *   %ISS_ERROR_NEEDS_CONFIRMATION as the transition table says; %ISS_ERROR_EXISTS when it is so
 *   already
 *
 * Returns: (transfer full): what is wanted from now on, for the pool's own copy
 */
IssManifest *
iss_global_plan_make (const IssWanted           *present,
                      const char                *pool,
                      const IssCertificateType  *type,
                      const IssTransition       *change,
                      IssCertificate            *certificate,
                      GPtrArray                 *chain,
                      gboolean                   force,
                      GError                   **error)
{
  const IssManifest *before = present != NULL ? iss_wanted_get_manifest (present) : NULL;
  IssTransition whole = *change;
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(IssAssignment) assignment = NULL;

  g_return_val_if_fail (pool != NULL && type != NULL && change != NULL, NULL);

  assignment = iss_global_plan_dup_present (present, type, change->now);
  fill_validity (&whole, assignment, before, certificate);
  if (!judge (assignment, &whole, force, error))
    return NULL;

  if (!iss_transition_apply (assignment, &whole))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_EXISTS, _("It is so already"));
      return NULL;
    }

  manifest = new_manifest (assignment, before, pool, certificate, chain);
  if (change->kind == ISS_TRANSITION_REPLACE && before != NULL &&
      has_same_slots (manifest, before))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_EXISTS, _("It is so already"));
      return NULL;
    }

  /* What is staged anew, or for another instant, is to be armed anew. */
  manifest->held = assignment->slot[ISS_SLOT_STAGED] != NULL &&
                   (change->kind == ISS_TRANSITION_STAGE ? change->held
                                                         : before != NULL && before->held);

  return g_steal_pointer (&manifest);
}

/**
 * iss_global_plan_renew:
 * @present: what is wanted until now
 * @now: seconds since 1970
 *
 * A roll that has happened by now stays, and one that was armed is to be armed anew.
 *
 * Returns: (transfer full): the same once more, to be signed by somebody else
 */
IssManifest *
iss_global_plan_renew (const IssWanted *present,
                       gint64           now)
{
  const IssManifest *before;
  g_autoptr(IssAssignment) assignment = NULL;
  IssManifest *manifest;

  g_return_val_if_fail (present != NULL, NULL);

  before = iss_wanted_get_manifest (present);
  assignment = iss_global_plan_dup_present (present, before->type, now);
  manifest = new_manifest (assignment, before, before->pool, NULL, NULL);
  manifest->held = assignment->slot[ISS_SLOT_STAGED] != NULL && before->held;

  return manifest;
}
