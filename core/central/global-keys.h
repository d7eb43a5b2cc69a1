/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/global-target.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssGlobalKeys:
 *
 * Whose keys are collected, and who asks for them. Everything borrowed, until it is over.
 */
typedef struct
{
  IssPool            *pool;
  const IssManifest  *manifest;
  GPtrArray          *targets;      /* IssGlobalTarget: who lacks keys, and who is asked for them */
  IssCertificate     *signer;
  IssPrivateKey      *signer_key;   /* (nullable): nobody can be asked */
  gint64              now;
} IssGlobalKeys;

void      iss_global_keys_collect_async   (const IssGlobalKeys  *self,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean  iss_global_keys_collect_finish  (GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
