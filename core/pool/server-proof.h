/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"
#include "core/replication/proof.h"

G_BEGIN_DECLS

/**
 * IssServerProof:
 *
 * Whether a server proved that it holds the private key of one certificate.
 */
typedef struct
{
  char    *type;         /* "" = it was asked about by its thumbprint */
  IssSlot  slot;         /* of the type */
  GBytes  *sha256;
  char    *issued_to;    /* (nullable): not known */
  gint64   at;           /* console's clock */
  char    *failure;      /* (nullable): why not; NULL = proved */

  /* What somebody else needs to verify it again; answer NULL: there is none. */
  char     *server_id;
  GBytes   *nonce;
  IssProof *answer;
} IssServerProof;

void        iss_server_proof_free   (IssServerProof       *self);

/* Has a server prove what its slots hold. */
void        iss_server_prove_async  (IssServer            *self,
                                     const char           *type,
                                     GBytes               *sha256,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
/* element-type IssServerProof */
GPtrArray  *iss_server_prove_finish (IssServer            *self,
                                     GAsyncResult         *result,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
