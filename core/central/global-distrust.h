/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/job.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/* A package says what is used, and nothing of what is not to be trusted: after a compromised
 * certificate was replaced on every server, each is told that. */

IssJob  *iss_global_distrust_new  (IssPool         *pool,
                                   IssCertificate  *compromised)
                                   G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
