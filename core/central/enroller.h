/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/central/enrolment-doubt.h"
#include "core/pool/server.h"

G_BEGIN_DECLS

/* Enrols a server of a pool: it makes its key and proves it, learns whom to believe, and is
 * written down, signed, in the central store. The first enrolment of a pool makes whoever does it
 * its administrator. */

#define ISS_ENROLLER_ANY_KEY "*"

void           iss_enroller_run_async   (IssCentralStore      *store,
                                         const char           *pool,
                                         IssServer            *server,
                                         IssCertificate       *signer,
                                         IssPrivateKey        *signer_key,
                                         gint64                now,
                                         const char           *accepted,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
IssEnrolment  *iss_enroller_run_finish  (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
const IssEnrolmentDoubt *
               iss_enroller_get_doubt   (GAsyncResult         *result);

G_END_DECLS
