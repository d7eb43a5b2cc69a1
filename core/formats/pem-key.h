/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/formats/pem-block.h"
#include "core/formats/pfx-cost.h"

G_BEGIN_DECLS

/* A private key in a PEM block: PKCS#8 (RFC 5958), encrypted or not, and the
 * older forms of OpenSSL with RFC 1421 encryption. */

gboolean       iss_pem_key_is            (const IssPemBlock  *block);
gboolean       iss_pem_key_is_encrypted  (const IssPemBlock  *block);
IssPrivateKey *iss_pem_key_read          (const IssPemBlock  *block,
                                          IssSecret          *password,
                                          IssPfxCost         *cost,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
IssPrivateKey *iss_pem_key_read_pkcs8    (const guint8       *data,
                                          gsize               size,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes        *iss_pem_key_write         (IssPrivateKey      *key,
                                          IssSecret          *password,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
