/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignment.h"

G_BEGIN_DECLS

/* What live/ says to those who verify what a type signs. A staged key is said before it
 * signs, a previous one as long as it is there. */

char  *iss_live_document_dup_jwks      (IssCertificate *const *certificates)
                                        G_GNUC_WARN_UNUSED_RESULT;
char  *iss_live_document_dup_metadata  (const IssAssignment   *assignment,
                                        IssCertificate *const *certificates)
                                        G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
