/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/package.h"

G_BEGIN_DECLS

/* What OpenSSL makes, and Issuant does not write. */

/* a private key that only @recipient can read, in AES-256-CBC, which does not show tampering */
GBytes  *iss_hostile_package_seal_cbc    (IssPrivateKey   *private_key,
                                          IssCertificate  *recipient)
                                          G_GNUC_WARN_UNUSED_RESULT;
/* what one has signed, signed by another one too */
GBytes  *iss_hostile_package_sign_again  (GBytes          *package,
                                          IssCertificate  *signer,
                                          IssPrivateKey   *signer_key)
                                          G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
