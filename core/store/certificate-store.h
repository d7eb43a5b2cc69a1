/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/certificate/certificate-summary.h"
#include "core/store/root-folder.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

#define ISS_CERTIFICATE_STORE_MAX 1000000

/* One logical store on a server's disk: immutable PEM files named by the
 * SHA-256 of the certificate. Stateless: every call looks at the disk. Readers
 * take no lock; callers that add or remove hold the root folder's. */

/* DER */
GBytes         *iss_certificate_store_load     (IssRootFolder  *root,
                                                IssStoreName    store,
                                                const char     *sha256_hex,
                                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;
IssCertificate *iss_certificate_store_get      (IssRootFolder  *root,
                                                IssStoreName    store,
                                                const char     *sha256_hex,
                                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        iss_certificate_store_contains (IssRootFolder  *root,
                                                IssStoreName    store,
                                                const char     *sha256_hex);
gboolean        iss_certificate_store_add      (IssRootFolder  *root,
                                                IssStoreName    store,
                                                IssCertificate *certificate,
                                                gboolean       *out_added,
                                                GError        **error);
gboolean        iss_certificate_store_remove   (IssRootFolder  *root,
                                                IssStoreName    store,
                                                const char     *sha256_hex,
                                                GError        **error);
/* IssCertificate, for chains */
GPtrArray      *iss_certificate_store_get_all  (IssRootFolder  *root,
                                                IssStoreName    store,
                                                guint          *out_n_foreign,
                                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;

typedef gboolean (* IssCertificateStoreFunc)   (const char     *sha256_hex,
                                                const guint8   *der,
                                                gsize           size,
                                                gpointer        user_data);

gboolean        iss_certificate_store_foreach  (IssRootFolder  *root,
                                                IssStoreName    store,
                                                IssCertificateStoreFunc func,
                                                gpointer        user_data,
                                                guint          *out_n_foreign,
                                                GError        **error);

typedef gboolean (* IssCertificateStoreSummaryFunc) (const IssCertificateSummary *summary,
                                                GBytes         *der,
                                                gpointer        user_data);

gboolean        iss_certificate_store_foreach_summary (IssRootFolder *root,
                                                IssStoreName    store,
                                                IssCertificateStoreSummaryFunc func,
                                                gpointer        user_data,
                                                guint          *out_n_foreign,
                                                GError        **error);

G_END_DECLS
