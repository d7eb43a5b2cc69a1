/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* Signatures of short messages: RSA-PSS (RFC 8017) or ECDSA, both with SHA-256.
 * Whoever signs must know every byte of the message: see core/replication/proof.h. */

GBytes    *iss_signature_make    (IssPrivateKey   *key,
                                  GBytes          *message,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_signature_verify  (IssCertificate  *certificate,
                                  GBytes          *message,
                                  GBytes          *signature,
                                  GError         **error);

G_END_DECLS
