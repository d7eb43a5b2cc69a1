/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/* "pool01", as in a mnemonic label */
char  *iss_pool_label_dup_short  (IssPool    *pool) G_GNUC_WARN_UNUSED_RESULT;
/* "fe01, fe02 and fe03" */
char  *iss_pool_label_dup_names  (GPtrArray  *servers) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
