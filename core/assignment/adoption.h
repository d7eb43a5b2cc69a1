/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/change.h"

G_BEGIN_DECLS

/* The table's row "package": what a type uses is replaced as a whole by what was decided for
 * every server of the pool. */

IssChangeOutcome  *iss_adoption_run  (IssRootFolder        *root,
                                      const IssAssignment  *wanted,
                                      guint64               global_revision,
                                      const char           *who,
                                      gint64                now,
                                      GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
