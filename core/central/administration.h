/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"

G_BEGIN_DECLS

/* Who may sign for a pool, changed by signed change; the servers learn of it from the replicator.
 * All of this blocks. */

IssAdministrators  *iss_administration_add        (IssCentralStore    *store,
                                                   const char         *pool,
                                                   IssCertificate     *joining,
                                                   IssCertificate     *signer,
                                                   IssPrivateKey      *signer_key,
                                                   gint64              now,
                                                   GError            **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* whether @wanted would be refused if @leaving were no administrator any more */
gboolean            iss_administration_needs      (IssCentralStore    *store,
                                                   const IssAdministrators *administrators,
                                                   const IssWanted    *wanted,
                                                   IssCertificate     *leaving);
/* once nothing that is wanted needs @leaving */
IssAdministrators  *iss_administration_remove     (IssCentralStore    *store,
                                                   const char         *pool,
                                                   const char *const  *servers,
                                                   IssCertificate     *leaving,
                                                   IssCertificate     *signer,
                                                   IssPrivateKey      *signer_key,
                                                   gint64              now,
                                                   GError            **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* what would keep it from being removed; the same sentence as when it is tried */
gboolean            iss_administration_may_remove (const IssAdministrators *administrators,
                                                   IssCertificate     *leaving,
                                                   IssCertificate     *signer,
                                                   GError            **error);
gboolean            iss_administration_may_add    (const IssAdministrators *administrators,
                                                   IssCertificate     *joining,
                                                   IssCertificate     *signer,
                                                   GError            **error);
gboolean            iss_administration_check_signer (const IssAdministrators *administrators,
                                                   IssCertificate     *signer,
                                                   GError            **error);
/* in the set */
gboolean            iss_administration_has        (const IssAdministrators *administrators,
                                                   IssCertificate     *certificate);

G_END_DECLS
