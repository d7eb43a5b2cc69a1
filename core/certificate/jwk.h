/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/json-text.h"
#include "core/certificate/certificate.h"

G_BEGIN_DECLS

/* A certificate's public key as those know it who verify tokens: RFC 7517, RFC 7518. */

void   iss_jwk_write    (IssJsonText     *json,
                         IssCertificate  *certificate);
/* base64url of SHA-1: RFC 7515 section 4.1.7 */
char  *iss_jwk_dup_x5t  (IssCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
/* base64, not base64url: RFC 7517 section 4.7 */
char  *iss_jwk_dup_x5c  (IssCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
