/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* scheduler.lock: who has it runs the due tasks of one server. A service has it as long as it
 * lives (resident), any other agent only for one pass. */
typedef struct _IssSchedulerLock IssSchedulerLock;

IssSchedulerLock  *iss_scheduler_lock_try   (IssRootFolder     *root,
                                             gboolean           resident,
                                             gint64             now,
                                             GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void               iss_scheduler_lock_free  (IssSchedulerLock  *self);

/* since when a service has it; 0 = none has */
gint64             iss_scheduler_lock_get_resident_since
                                            (IssRootFolder     *root);
/* before something is staged */
gboolean           iss_scheduler_lock_check_resident
                                            (IssRootFolder     *root,
                                             const char        *server_name,
                                             GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssSchedulerLock, iss_scheduler_lock_free)

G_END_DECLS
