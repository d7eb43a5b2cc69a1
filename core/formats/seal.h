/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* One primitive: Seal to a recipient, Open with the recipient's key. CMS
 * AuthEnvelopedData (RFC 5083), AES-256-GCM, RSA or NIST-EC recipient. */

IssCertificate *iss_seal_make_recipient (IssPrivateKey  **out_key,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes         *iss_seal_to             (IssCertificate  *recipient,
                                         IssSecret       *clear,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        iss_seal_check          (GBytes          *sealed,
                                         IssCertificate  *recipient,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IssSecret      *iss_seal_open           (GBytes          *sealed,
                                         IssCertificate  *recipient,
                                         IssPrivateKey   *key,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
