/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/* What every server of a pool is to be asked about, so that each can be judged:
 * what is agreed, was agreed before, and is meant for the whole pool. */

/* element-type GBytes: SHA-256 */
GPtrArray  *iss_asked_find  (IssPool  *pool) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
