/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/replication/proof.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* The proof of core/replication/proof.h by a key in a token. */
IssProof  *iss_token_proof_make  (IssRootFolder   *root,
                                  IssCertificate  *certificate,
                                  const char      *uri,
                                  IssSecret       *pin,
                                  const char      *type,
                                  GBytes          *nonce,
                                  gint64           now,
                                  guint            seconds,
                                  GCancellable    *cancellable,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
