/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

#define ISS_PFX_MAX_DERIVATION 10000000   /* iterations for one derivation */
#define ISS_PFX_MAX_TOTAL      20000000   /* for the whole file */

/* PKCS#12 (RFC 7292), read by an own walk: every cost is known before anything
 * is derived, several keys are kept, and a failure names its one true cause. */

gboolean    iss_pfx_looks_like  (GBytes     *bytes);
IssBundle  *iss_pfx_read        (GBytes     *bytes,
                                 IssSecret  *password,
                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
