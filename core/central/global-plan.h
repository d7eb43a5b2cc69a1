/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/transition.h"
#include "core/central/wanted.h"

G_BEGIN_DECLS

/* What the next revision of a type is: the present one, as it is by now, and one change by the
 * transition table. */

IssManifest    *iss_global_plan_make        (const IssWanted           *present,
                                             const char                *pool,
                                             const IssCertificateType  *type,
                                             const IssTransition       *change,
                                             IssCertificate            *certificate,
                                             GPtrArray                 *chain,
                                             gboolean                   force,
                                             GError                   **error)
                                             G_GNUC_WARN_UNUSED_RESULT;
/* what is wanted, as an assignment: after a roll that has happened by then */
IssAssignment  *iss_global_plan_dup_present (const IssWanted           *present,
                                             const IssCertificateType  *type,
                                             gint64                     now)
                                             G_GNUC_WARN_UNUSED_RESULT;

/* the same as until now, as the next revision */
IssManifest    *iss_global_plan_renew       (const IssWanted           *present,
                                             gint64                     now)
                                             G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
