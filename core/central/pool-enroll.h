/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* Enrols several servers of a pool. */

IssJob  *iss_pool_enroll_new  (IssCentralStore  *store,
                               IssPool          *pool,
                               GPtrArray        *servers,
                               IssCertificate   *signer,
                               IssPrivateKey    *signer_key) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
