/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/replication/manifest.h"

G_BEGIN_DECLS

#define ISS_ARMING_MAX_SIZE (64 * 1024)

/* What arms a staged certificate on every server of a pool: a statement that the administrator
 * signs together with the packages, and that is let out when every server is ready. It is about
 * one revision of one type and one certificate: it arms nothing else. */

GBytes    *iss_arming_sign    (const IssManifest  *manifest,
                               IssCertificate     *signer,
                               IssPrivateKey      *signer_key,
                               gint64              now,
                               GError            **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_arming_verify  (GBytes             *statement,
                               const IssManifest  *manifest,
                               GPtrArray          *administrators,
                               GError            **error);

G_END_DECLS
