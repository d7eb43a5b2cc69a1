/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/pfx.h"
#include "core/formats/pfx-asn1.h"
#include "core/formats/pfx-cipher.h"
#include "core/formats/pfx-cost.h"

G_BEGIN_DECLS

#define ISS_PFX_BAGS_MAX 2000
#define ISS_PFX_BAGS_MAX_DEPTH 4
#define ISS_PFX_BAGS_MAX_KEYS 64
#define ISS_PFX_BAGS_MAX_CERTIFICATES 512

/* One file on its way through the reader. Everything borrowed. */
typedef struct
{
  IssPfxCipher   *cipher;
  IssBundle      *bundle;
  IssSecret      *typed;            /* (nullable): the password as it was given */
  IssPfxPassword  password;         /* and as it is tried */
  gboolean        password_proved;
  IssPfxCause     cause;            /* if it is more than the error's code says */
  IssPfxCost      cost;
  guint           n_bags;
  guint           n_keys;
  guint           n_certificates;
} IssPfxWalk;

gboolean   iss_pfx_bags_survey   (IssPfxWalk               *walk,
                                  const guint8             *data,
                                  gsize                     size,
                                  GError                  **error);
gboolean   iss_pfx_bags_read     (IssPfxWalk               *walk,
                                  const guint8             *data,
                                  gsize                     size,
                                  GError                  **error);
IssSecret *iss_pfx_bags_decrypt  (IssPfxWalk               *walk,
                                  const X509_ALGOR         *algorithm,
                                  const ASN1_OCTET_STRING  *encrypted,
                                  GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
