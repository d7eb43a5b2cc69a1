/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-engine.h"
#include "core/central/enrolment.h"
#include "core/central/replica-report.h"
#include "core/central/wanted.h"
#include "core/replication/administrators.h"

G_BEGIN_DECLS

#define ISS_TYPE_CENTRAL_STORE (iss_central_store_get_type ())

/* The central store, in the words of replication, over any engine. What comes out of it was
 * verified against the administrators that this administrator has pinned in a folder of his
 * own. The calls block. */
G_DECLARE_FINAL_TYPE (IssCentralStore, iss_central_store, ISS, CENTRAL_STORE, GObject)

IssCentralStore    *iss_central_store_new                 (IssCentralEngine    *engine,
                                                           const char          *pins)
                                                           G_GNUC_WARN_UNUSED_RESULT;
IssCentralEngine   *iss_central_store_get_engine          (IssCentralStore     *self);

/* NOT_FOUND: the pool has none yet */
IssAdministrators  *iss_central_store_get_administrators  (IssCentralStore     *self,
                                                           const char          *pool,
                                                           GBytes             **out_message,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean            iss_central_store_put_administrators  (IssCentralStore     *self,
                                                           GBytes              *message,
                                                           GError             **error);

/* NOT_FOUND: it is not enrolled */
IssEnrolment       *iss_central_store_get_enrolment       (IssCentralStore     *self,
                                                           const char          *pool,
                                                           const char          *server,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean            iss_central_store_put_enrolment       (IssCentralStore     *self,
                                                           const char          *pool,
                                                           const char          *server,
                                                           GBytes              *message,
                                                           GError             **error);

/* NOT_FOUND: nothing was ever decided for the pool; out_seen: for putting */
IssWanted          *iss_central_store_get_wanted          (IssCentralStore     *self,
                                                           const char          *pool,
                                                           const IssCertificateType *type,
                                                           guint64             *out_seen,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean            iss_central_store_put_wanted          (IssCentralStore     *self,
                                                           const IssWanted     *wanted,
                                                           guint64              seen,
                                                           GError             **error);
/* (element-type IssWanted), in the order of the table of types */
GPtrArray          *iss_central_store_list_wanted         (IssCentralStore     *self,
                                                           const char          *pool,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;

GBytes             *iss_central_store_get_package         (IssCentralStore     *self,
                                                           const char          *package_hex,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean            iss_central_store_put_package         (IssCentralStore     *self,
                                                           GBytes              *package,
                                                           GError             **error);

/* NOT_FOUND: the server was never tried */
IssReplicaReport   *iss_central_store_get_report          (IssCentralStore     *self,
                                                           const char          *pool,
                                                           const char          *server,
                                                           GError             **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean            iss_central_store_put_report          (IssCentralStore     *self,
                                                           const char          *pool,
                                                           const IssReplicaReport *report,
                                                           GError             **error);

G_END_DECLS
