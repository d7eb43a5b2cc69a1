/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/replication/manifest.h"

G_BEGIN_DECLS

#define ISS_PACKAGE_MAX_SIZE (2 * 1024 * 1024)
#define ISS_PACKAGE_MAX_SEALED_KEY (32 * 1024)

#define ISS_TYPE_PACKAGE (iss_package_get_type ())

/* The whole wanted state of one certificate type for one server: a manifest and, sealed to that
 * server's own key, the private keys of what is current and staged; all of it signed by an
 * administrator. There is no way to one whose signature was not verified. Immutable. */
G_DECLARE_FINAL_TYPE (IssPackage, iss_package, ISS, PACKAGE, GObject)

/* administrator */
GBytes            *iss_package_seal_key       (IssPrivateKey      *private_key,
                                               IssCertificate     *recipient,
                                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes            *iss_package_compose        (const IssManifest  *manifest,
                                               GBytes *const       sealed_keys[ISS_N_SLOTS],
                                               IssCertificate     *signer,
                                               IssPrivateKey      *signer_key,
                                               gint64              now,
                                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* server, and whoever wants to know */
IssPackage        *iss_package_verify         (GBytes             *bytes,
                                               GPtrArray          *administrators,
                                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean           iss_package_check          (IssPackage         *self,
                                               const char         *pool,
                                               const char         *server,
                                               const IssCertificateType *type,
                                               guint64             highest,
                                               GError            **error);
IssPrivateKey     *iss_package_open_key       (IssPackage         *self,
                                               IssSlot             slot,
                                               IssCertificate     *recipient,
                                               IssPrivateKey      *recipient_key,
                                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes            *iss_package_get_bytes      (IssPackage         *self);
const IssManifest *iss_package_get_manifest   (IssPackage         *self);
GBytes            *iss_package_get_sealed_key (IssPackage         *self,
                                               IssSlot             slot);   /* (nullable) */
IssCertificate    *iss_package_get_signer     (IssPackage         *self);
gint64             iss_package_get_signed_at  (IssPackage         *self);   /* signer's clock */

G_END_DECLS
