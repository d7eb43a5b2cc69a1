/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"
#include "core/formats/pfx-asn1.h"
#include "core/formats/pfx-cipher.h"
#include "core/formats/pfx-cost.h"

G_BEGIN_DECLS

/* What vouches for a PFX file: HMAC over its content with a key from the
 * password, the old way (RFC 7292 appendix B) or PBMAC1 (RFC 9579). */

gboolean  iss_pfx_mac_check   (const IssPfxMacData      *mac,
                               IssPfxCipher             *cipher,
                               IssPfxCost               *cost,
                               IssIntegrity             *out_integrity,
                               GError                  **error);
gboolean  iss_pfx_mac_verify  (const IssPfxMacData      *mac,
                               const ASN1_OCTET_STRING  *content,
                               IssPfxCipher             *cipher,
                               const IssPfxPassword     *password);

G_END_DECLS
