/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"
#include "core/replication/task.h"

G_BEGIN_DECLS

/* A roll, in two steps: the change, by one rename; and what follows from it, as often as
 * necessary. With the writers' lock. */

gboolean  iss_roll_is_made  (IssAssignments  *assignments,
                             IssTask         *task);
gboolean  iss_roll_commit   (IssRootFolder   *root,
                             IssTask         *task,
                             gint64           now,
                             GError         **error);
gboolean  iss_roll_settle   (IssRootFolder   *root,
                             IssTask         *task,
                             const char      *who,
                             gint64           now,
                             GError         **error);

G_END_DECLS
