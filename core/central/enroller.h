/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/pool/server.h"

G_BEGIN_DECLS

/* Enrols a server of a pool: it makes its key and proves it, learns whom to believe, and is
 * written down, signed, in the central store. The first enrolment of a pool makes whoever does it
 * its administrator. */

void           iss_enroller_run_async   (IssCentralStore      *store,
                                         const char           *pool,
                                         IssServer            *server,
                                         IssCertificate       *signer,
                                         IssPrivateKey        *signer_key,
                                         gint64                now,
                                         gboolean              force,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
IssEnrolment  *iss_enroller_run_finish  (GAsyncResult         *result,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
