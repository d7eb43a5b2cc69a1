/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/job.h"

G_BEGIN_DECLS

/* Asks the logs of the servers that are not as it was agreed who changed that, and when. */

/* (nullable): there is nothing to ask */
IssJob  *iss_pool_drift_new  (IssPool  *pool,
                              gint64    now) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
