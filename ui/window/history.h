/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * IssHistory:
 *
 * Where the window has been, as paths of the scope tree, and where in that it
 * stands: what Back and Forward go through.
 */
typedef struct _IssHistory IssHistory;

IssHistory  *iss_history_new             (void) G_GNUC_WARN_UNUSED_RESULT;
void         iss_history_free            (IssHistory  *self);

void         iss_history_visit           (IssHistory  *self,
                                          const char  *path);
gboolean     iss_history_can_go          (IssHistory  *self,
                                          int          step);
/* (nullable); -1 back, +1 forward */
const char  *iss_history_go              (IssHistory  *self,
                                          int          step);
void         iss_history_clear           (IssHistory  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssHistory, iss_history_free)

G_END_DECLS
