/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* RFC 7468 text: any number of blocks, text around them, CRLF, no final newline.
 * iss_pem_first_certificate() gives DER, fast, for store listings. */

gboolean    iss_pem_looks_like        (GBytes      *bytes);
gboolean    iss_pem_has_encrypted_key (GBytes      *bytes);
IssBundle  *iss_pem_read              (GBytes      *bytes,
                                       IssSecret   *password,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes     *iss_pem_first_certificate (const char  *text,
                                       gsize        size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
