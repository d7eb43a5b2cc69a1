/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* Certificates that carry a public key to who pins them: nobody else vouches for them, and their
 * dates say nothing. */

IssCertificate *iss_self_issued_make (const char      *common_name,
                                      gint64           not_before,
                                      const char      *key_usage,
                                      IssPrivateKey  **out_key,
                                      GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
