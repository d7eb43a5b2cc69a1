/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/certificate/maker.h"

G_BEGIN_DECLS

#define ISS_SEEDS_NOW 1795910400   /* 29 November 2026 */

/**
 * IssSeedsSigner:
 *
 * Who signs what is signed well.
 */
typedef struct
{
  GPtrArray      *certificates;   /* one IssCertificate */
  IssCertificate *certificate;    /* that one */
  IssCertificate *other;          /* of somebody who does not sign */
  IssPrivateKey  *key;
} IssSeedsSigner;

/* What each fuzz-NAME.c defines: one reader of what comes from outside, tried with one input.
 * It ends the program if the reader breaks a promise. */
int             LLVMFuzzerTestOneInput       (const uint8_t   *data,
                                              size_t           size);
void            iss_target_add_seeds         (GPtrArray       *seeds);   /* of GBytes */

/* What they share (seeds.c). */
IssCertificate *iss_seeds_make_certificate   (const char      *name,
                                              IssPrivateKey  **out_key) G_GNUC_WARN_UNUSED_RESULT;
/* the same at every call, as long as the program runs */
const IssSeedsSigner *iss_seeds_get_signer   (void);
GBytes         *iss_seeds_sign               (GBytes          *content) G_GNUC_WARN_UNUSED_RESULT;
void            iss_seeds_add_text           (GPtrArray       *seeds,
                                              const char      *text);
void            iss_seeds_add_certificate    (GPtrArray       *seeds);
void            iss_seeds_add_variant        (GPtrArray       *seeds,
                                              GVariant        *variant);
GVariant       *iss_seeds_read_variant       (const char      *type,
                                              const guint8    *data,
                                              gsize            size) G_GNUC_WARN_UNUSED_RESULT;
void            iss_seeds_assert_refused     (gboolean         is_read,
                                              const GError    *error);

G_END_DECLS
