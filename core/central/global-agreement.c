/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-agreement.h"

/**
 * iss_global_agreement_record:
 * @workspace: whose topology file it is written into
 * @pool: a pool of it
 * @outcome: what was decided for its servers
 * @who: by whom
 * @error: return location for an error
 *
 * Returns: whether it is what is agreed from now on
 */
gboolean
iss_global_agreement_record (IssWorkspace            *workspace,
                             IssPool                 *pool,
                             const IssGlobalOutcome  *outcome,
                             const char              *who,
                             GError                 **error)
{
  const IssManifest *manifest;
  IssCertificate *current;
  IssCertificate *staged;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace) && ISS_IS_POOL (pool), FALSE);
  g_return_val_if_fail (outcome != NULL && who != NULL, FALSE);

  manifest = outcome->manifest;
  current = manifest->slot[ISS_SLOT_CURRENT];
  staged = manifest->slot[ISS_SLOT_STAGED];
  if (current != NULL &&
      !iss_workspace_set_agreed (workspace, pool, manifest->type->name,
                                 iss_certificate_get_sha256_hex (current),
                                 manifest->slot[ISS_SLOT_PREVIOUS] != NULL, who, error))
    return FALSE;

  return iss_workspace_set_agreed_next (workspace, pool, manifest->type->name,
                                        staged != NULL ? iss_certificate_get_sha256_hex (staged)
                                                       : NULL,
                                        who, manifest->staged_at, error);
}
