/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

G_BEGIN_DECLS

/* Private keys in tokens, through PKCS#11 and p11-kit. A module is other people's code: it
 * prints, it hangs, and it may crash. So these functions are only for a process that has
 * nothing to lose, which core/agent/token-helper.h starts. They block. */

/* How an RSA key signs; one on an elliptic curve signs with ECDSA in any case. */
typedef enum
{
  ISS_TOKEN_SCHEME_PSS,     /* as iss_signature_make() */
  ISS_TOKEN_SCHEME_PKCS1,   /* PKCS #1 v1.5 (RFC 8017), as iss_signed_data_sign() */
  ISS_N_TOKEN_SCHEMES
} IssTokenScheme;

/* Only for bytes of our own making: core/agent/agent-key-uri.c, core/replication/proof.h,
 * core/formats/signed-data.h. */
GBytes  *iss_token_key_sign       (const char      *uri,
                                   IssSecret       *pin,
                                   const char      *credentials,
                                   IssTokenScheme   scheme,
                                   GBytes          *message,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
