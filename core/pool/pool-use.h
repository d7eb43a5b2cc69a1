/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/job.h"

G_BEGIN_DECLS

/* Looks which certificates the services of several servers show. */

/* (nullable): there is nowhere to look */
IssJob  *iss_pool_use_new  (GPtrArray  *servers) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
