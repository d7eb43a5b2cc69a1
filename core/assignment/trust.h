/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/chain.h"
#include "core/assignment/certificate-type.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* What is trusted on a server: its Trusted Root and the system's bundle, less
 * Untrusted; and whether a certificate there suits a type. */

IssChain   *iss_trust_build_chain   (IssRootFolder             *root,
                                     IssCertificate            *certificate,
                                     gint64                     now,
                                     GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *iss_trust_judge         (IssRootFolder             *root,
                                     const IssCertificateType  *type,
                                     const char                *sha256_hex,
                                     const char                *server_name,
                                     const char *const         *sip_domains,
                                     gint64                     now,
                                     GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
