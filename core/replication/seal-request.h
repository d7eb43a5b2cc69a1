/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

#define ISS_SEAL_REQUEST_MAX_RECIPIENTS 256
#define ISS_SEAL_REQUEST_MAX_SIZE (2 * 1024 * 1024)

/**
 * IssSealRequest:
 *
 * By an administrator, to a server that holds a private key: seal it to these servers. So one
 * that is enrolled later, or built anew, gets the key without anybody keeping a copy for it.
 */
typedef struct
{
  char      *pool;
  char      *server;        /* the id of the one that is asked */
  GBytes    *sha256;        /* whose key */
  GPtrArray *recipients;    /* IssCertificate: of their enrolment */
} IssSealRequest;

IssSealRequest  *iss_seal_request_new     (const char             *pool,
                                           const char             *server,
                                           GBytes                 *sha256,
                                           GPtrArray              *recipients)
                                           G_GNUC_WARN_UNUSED_RESULT;
void             iss_seal_request_free    (IssSealRequest         *self);

GBytes          *iss_seal_request_sign    (const IssSealRequest   *self,
                                           IssCertificate         *signer,
                                           IssPrivateKey          *signer_key,
                                           gint64                  now,
                                           GError                **error)
                                           G_GNUC_WARN_UNUSED_RESULT;
IssSealRequest  *iss_seal_request_verify  (GBytes                 *message,
                                           const char             *pool,
                                           const char             *server,
                                           GPtrArray              *administrators,
                                           GError                **error)
                                           G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssSealRequest, iss_seal_request_free)

G_END_DECLS
