/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* An administrator's key in a token of this computer (PKCS#11): each signature is asked of a
 * process of its own, which is this very program: its main() serves core/agent/token-helper.h. */

IssPrivateKey  *iss_token_signer_new  (IssCertificate  *certificate,
                                       const char      *uri,
                                       IssSecret       *pin,
                                       GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
