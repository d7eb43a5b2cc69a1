/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/job.h"
#include "core/pool/server-proof.h"

G_BEGIN_DECLS

/* Has several servers prove that they hold the private keys of their certificates. */

IssJob     *iss_pool_proof_new          (GPtrArray   *servers,
                                         const char  *type,
                                         GBytes      *sha256) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) (element-type IssServerProof): once it has answered */
GPtrArray  *iss_pool_proof_get_proofs   (IssJob      *job,
                                         IssServer   *server);
/* "12 of 12 private keys were proved, 14:02:11." */
char       *iss_pool_proof_dup_summary  (IssJob      *job,
                                         gint64       now,
                                         GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
/* "proved", or why not */
char       *iss_pool_proof_dup_outcome  (const IssServerProof  *proof,
                                         GTimeZone             *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
