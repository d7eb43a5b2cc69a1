/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

#define ISS_SIGNED_DATA_MAX_CONTENT (16 * 1024 * 1024)

/* One primitive: Sign with a pinned signer's key, Verify against the signers that are
 * allowed. CMS SignedData (RFC 5652) with its content inside, SHA-256, RSA or a NIST curve.
 * What is signed says itself what it is in its first bytes: one key signs several kinds. */

GBytes         *iss_signed_data_sign        (GBytes          *content,
                                             IssCertificate  *signer,
                                             IssPrivateKey   *key,
                                             gint64           at,
                                             GError         **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes         *iss_signed_data_verify      (GBytes          *message,
                                             GPtrArray       *signers,
                                             gsize            limit,
                                             IssCertificate **out_signer,
                                             gint64          *out_at,
                                             GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IssCertificate *iss_signed_data_read_signer (GBytes          *message,
                                             gsize            limit,
                                             GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
