/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_FORMAT_UNKNOWN,
  ISS_FORMAT_PEM,
  ISS_FORMAT_DER,
  ISS_FORMAT_PFX,
  ISS_FORMAT_PKCS7,
  ISS_FORMAT_SST
} IssFormat;

#define ISS_FORMAT_LAST ISS_FORMAT_SST

typedef enum
{
  ISS_INTEGRITY_NONE,   /* nothing vouches for the content */
  ISS_INTEGRITY_HMAC,
  ISS_INTEGRITY_PBMAC1
} IssIntegrity;

#define ISS_INTEGRITY_LAST ISS_INTEGRITY_PBMAC1

/* What makes a private key belong to a certificate. The public key decides; the mark
 * that a PFX file puts on both (localKeyID, RFC 2985 section 5.5.2) is what others go by. */
typedef enum
{
  ISS_PAIRING_NONE,           /* no private key */
  ISS_PAIRING_PUBLIC_KEY,     /* no mark on one of them */
  ISS_PAIRING_BOTH,
  ISS_PAIRING_CONTRADICTED    /* the marks differ: others may not find the key */
} IssPairing;

#define ISS_TYPE_BUNDLE (iss_bundle_get_type ())

/* What came out of one file: certificates, private keys, and which key belongs
 * to which certificate. */
G_DECLARE_FINAL_TYPE (IssBundle, iss_bundle, ISS, BUNDLE, GObject)

IssBundle       *iss_bundle_new             (IssFormat        format,
                                             IssIntegrity     integrity) G_GNUC_WARN_UNUSED_RESULT;
void             iss_bundle_add_certificate (IssBundle       *self,
                                             IssCertificate  *certificate,
                                             const char      *friendly_name);
void             iss_bundle_add_key         (IssBundle       *self,
                                             IssPrivateKey   *key);
void             iss_bundle_mark_certificate (IssBundle      *self,
                                             IssCertificate  *certificate,
                                             GBytes          *local_id);
void             iss_bundle_mark_key        (IssBundle       *self,
                                             IssPrivateKey   *key,
                                             GBytes          *local_id,
                                             const char      *csp_name);

IssFormat        iss_bundle_get_format        (IssBundle     *self);
IssIntegrity     iss_bundle_get_integrity     (IssBundle     *self);
guint            iss_bundle_get_n_certificates (IssBundle    *self);
IssCertificate  *iss_bundle_get_certificate   (IssBundle     *self,
                                               guint          index);
const char      *iss_bundle_get_friendly_name (IssBundle     *self,
                                               guint          index);
IssPrivateKey   *iss_bundle_get_key_for       (IssBundle     *self,
                                               guint          index);   /* nullable */
IssPairing       iss_bundle_get_pairing       (IssBundle     *self,
                                               guint          index);
const char      *iss_bundle_get_csp_name      (IssBundle     *self,
                                               guint          index);   /* nullable */
guint            iss_bundle_get_n_keys        (IssBundle     *self);
IssPrivateKey   *iss_bundle_get_key           (IssBundle     *self,
                                               guint          index);
guint            iss_bundle_get_n_unpaired_keys (IssBundle   *self);

G_END_DECLS
