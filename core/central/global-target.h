/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"

G_BEGIN_DECLS

/**
 * IssGlobalTarget:
 *
 * One server of a pool, and what is there of its next package.
 */
typedef struct
{
  char          *server;               /* its name */
  IssEnrolment  *enrolment;            /* (nullable) */
  GBytes        *sealed[ISS_N_SLOTS];  /* (nullable) */
  char          *package_hex;          /* (nullable): it has this one already, for this revision */
  char          *trouble;              /* (nullable): why it gets none, translated */
} IssGlobalTarget;

IssGlobalTarget  *iss_global_target_load        (IssCentralStore         *store,
                                                 const IssManifest       *manifest,
                                                 const IssWanted         *present,
                                                 const char              *server,
                                                 GError                 **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void              iss_global_target_free        (IssGlobalTarget         *self);

gboolean          iss_global_target_lacks       (const IssGlobalTarget   *self,
                                                 const IssManifest       *manifest,
                                                 IssSlot                  slot);
gboolean          iss_global_target_seal        (IssGlobalTarget         *self,
                                                 IssSlot                  slot,
                                                 IssPrivateKey           *key,
                                                 GError                 **error);
GBytes           *iss_global_target_compose     (const IssGlobalTarget   *self,
                                                 const IssManifest       *manifest,
                                                 IssCertificate          *signer,
                                                 IssPrivateKey           *signer_key,
                                                 gint64                   now,
                                                 GError                 **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
