/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* So that whatever a file wants takes no longer than 2 seconds. Java refuses more than five
 * million as well; who means well writes a tenth of that. */
#define ISS_PFX_MAX_DERIVATION 5000000    /* iterations for one derivation */
#define ISS_PFX_MAX_TOTAL      5500000    /* for the whole file, each by what it costs */

/* Why a file does not open: one cause, the true one. */
typedef enum
{
  ISS_PFX_CAUSE_NONE,             /* it opens */
  ISS_PFX_CAUSE_NOT_PFX,
  ISS_PFX_CAUSE_PASSWORD_NEEDED,
  ISS_PFX_CAUSE_WRONG_PASSWORD,
  ISS_PFX_CAUSE_OTHER_PASSWORD,   /* right for the whole, wrong for a part */
  ISS_PFX_CAUSE_NOT_AVAILABLE,    /* an algorithm, here */
  ISS_PFX_CAUSE_GROUP,            /* protected for a Windows group or for a public key */
  ISS_PFX_CAUSE_SIGNED,           /* sealed with somebody's key in place of a password */
  ISS_PFX_CAUSE_TOO_COSTLY,
  ISS_PFX_CAUSE_TOO_LARGE,
  ISS_PFX_CAUSE_EMPTY,            /* it opens: no certificate and no private key in it */
  ISS_PFX_CAUSE_DAMAGED
} IssPfxCause;

/* PKCS#12 (RFC 7292), read by an own walk: every cost is known before anything
 * is derived, several keys are kept, and a failure names its one true cause. */

gboolean    iss_pfx_looks_like      (GBytes       *bytes);
IssBundle  *iss_pfx_read            (GBytes       *bytes,
                                     IssSecret    *password,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;
IssBundle  *iss_pfx_read_with_cause (GBytes       *bytes,
                                     IssSecret    *password,
                                     IssPfxCause  *out_cause,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
