/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/central/enrolment-doubt.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* Enrols several servers of a pool. */

IssJob  *iss_pool_enroll_new     (IssCentralStore  *store,
                                  IssPool          *pool,
                                  GPtrArray        *servers,
                                  IssCertificate   *signer,
                                  IssPrivateKey    *signer_key) G_GNUC_WARN_UNUSED_RESULT;

/* One that may be another server is not enrolled until what it is seen under was accepted. */
const IssEnrolmentDoubt *
         iss_pool_enroll_get_doubt (IssJob         *job,
                                    IssServer      *server);   /* (nullable) */
void     iss_pool_enroll_accept  (IssJob           *job,
                                  IssServer        *server,
                                  const char       *host_key);

G_END_DECLS
