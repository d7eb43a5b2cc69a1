/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/**
 * IssMakerSpec:
 *
 * One certificate to make. Everything borrowed.
 */
typedef struct
{
  const char         *subject_cn;
  const char *const  *dns_names;       /* (nullable) */
  gint64              not_before;
  gint64              not_after;
  guint               rsa_bits;
  gboolean            is_ca;
  gboolean            token_issuer;    /* digitalSignature only, else a server's usual usages */
  const char         *key_label;       /* with the seed decides the key: same label, same key */
} IssMakerSpec;

#define ISS_TYPE_MAKER (iss_maker_get_type ())

/* Makes certificates and RSA keys that depend on nothing but a seed: the demo
 * pool and the tests get the same thumbprints on every machine. Never for
 * anything real. */
G_DECLARE_FINAL_TYPE (IssMaker, iss_maker, ISS, MAKER, GObject)

IssMaker       *iss_maker_new             (const char          *seed) G_GNUC_WARN_UNUSED_RESULT;

IssPrivateKey  *iss_maker_make_key        (IssMaker            *self,
                                           const char          *label,
                                           guint                rsa_bits,
                                           GError             **error) G_GNUC_WARN_UNUSED_RESULT;
IssCertificate *iss_maker_make            (IssMaker            *self,
                                           const IssMakerSpec  *spec,
                                           IssCertificate      *issuer,
                                           IssPrivateKey       *issuer_key,
                                           IssPrivateKey      **out_key,
                                           GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
