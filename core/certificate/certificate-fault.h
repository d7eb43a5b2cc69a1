/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/openssl.h"

G_BEGIN_DECLS

/* What is wrong with bytes that are no certificate, or none that there may be. For
 * core/certificate/certificate.c. */

void      iss_certificate_fault_take   (GError  **error);
gboolean  iss_certificate_fault_check  (X509     *x509,
                                        GError  **error);

G_END_DECLS
