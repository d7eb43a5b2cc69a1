/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/pfx.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

/**
 * IssPfxCost:
 *
 * The budget for opening one file. Start with all zero. What a key derivation
 * would take is read from the file and paid here before anything is derived.
 */
typedef struct
{
  guint64 spent;    /* iterations so far, as long as those of PBKDF2 with SHA-256 */
} IssPfxCost;

gboolean  iss_pfx_cost_pay            (IssPfxCost          *self,
                                       guint64              iterations,
                                       GError             **error);
gboolean  iss_pfx_cost_pay_integer    (IssPfxCost          *self,
                                       const ASN1_INTEGER  *iterations,
                                       GError             **error);
gboolean  iss_pfx_cost_pay_pbkdf2     (IssPfxCost          *self,
                                       const PBKDF2PARAM   *parameters,
                                       gint64               key_size,
                                       GError             **error);
gboolean  iss_pfx_cost_pay_algorithm  (IssPfxCost          *self,
                                       const X509_ALGOR    *algorithm,
                                       GError             **error);

G_END_DECLS
