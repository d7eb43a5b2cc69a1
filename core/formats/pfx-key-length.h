/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* What a file says beside a cipher of PBES2: how many bytes its key has (RFC 8018
 * appendix A.2). */

gboolean    iss_pfx_key_length_fits       (const X509_ALGOR *algorithm);
X509_ALGOR *iss_pfx_key_length_dup_mended (const X509_ALGOR *algorithm) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
