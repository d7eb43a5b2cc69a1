/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* The certificates of a PKCS#7 file (.p7b): SignedData without content or
 * signature (RFC 2315 section 9). Whatever else is in it is not looked at. */

gboolean  iss_pkcs7_looks_like        (const guint8  *data,
                                       gsize          size);
gboolean  iss_pkcs7_read_certificates (const guint8  *data,
                                       gsize          size,
                                       IssBundle     *bundle,
                                       GError       **error);

G_END_DECLS
