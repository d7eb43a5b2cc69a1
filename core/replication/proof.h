/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

#define ISS_PROOF_NONCE_SIZE 32
#define ISS_PROOF_MAX_SIGNATURE 4096

/* A server's proof that it holds the private key of a certificate, now.
 *
 * A token issuer's key that signed what a caller sends would be a token forger. So what is
 * signed is this statement, and nothing else is ever signed for a caller:
 *
 *   "issuant proof 1\n", the server's id, 0, the certificate type or nothing, 0,
 *   the SHA-256 of the certificate, the caller's 32 bytes, 32 bytes of the server's own,
 *   its time as "2027-06-30T22:00:00Z"
 *
 * It cannot be read as the signing input of a JWT (RFC 7515), which begins with base64url
 * and has no byte 0; and the caller chooses 32 of its bytes, the server 32 others. */
typedef struct _IssProof IssProof;

GBytes    *iss_proof_new_nonce      (GError          **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *iss_proof_new_statement  (const char       *server_id,
                                     const char       *type,
                                     GBytes           *sha256,
                                     GBytes           *nonce,
                                     GBytes           *own,
                                     gint64            time) G_GNUC_WARN_UNUSED_RESULT;

IssProof  *iss_proof_new            (IssCertificate   *certificate,
                                     GBytes           *own,
                                     gint64            time,
                                     GBytes           *signature) G_GNUC_WARN_UNUSED_RESULT;
void       iss_proof_free           (IssProof         *self);

/* server */
IssProof  *iss_proof_make           (IssPrivateKey    *key,
                                     IssCertificate   *certificate,
                                     const char       *server_id,
                                     const char       *type,
                                     GBytes           *nonce,
                                     gint64            now,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;
/* who asked */
gboolean   iss_proof_verify         (IssProof         *self,
                                     const char       *server_id,
                                     const char       *type,
                                     GBytes           *sha256,
                                     GBytes           *nonce,
                                     gint64            earliest,
                                     gint64            latest,
                                     GError          **error);

IssCertificate  *iss_proof_get_certificate  (IssProof  *self);
GBytes          *iss_proof_get_own          (IssProof  *self);
gint64           iss_proof_get_time         (IssProof  *self);   /* the server's clock */
GBytes          *iss_proof_get_signature    (IssProof  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssProof, iss_proof_free)

G_END_DECLS
