/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a service shows its certificate: tls://host:port, 443 unless said; or where it says which
 * ones it signs with: https://host/metadata/json/1, or a JSON Web Key Set. */
char      *iss_use_place_parse         (const char           *uri,
                                        guint16              *out_port,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it is the address of a document: see core/pool/metadata-fetch.h. */
gboolean   iss_use_place_is_metadata   (const char           *uri);

/* (nullable): SHA-256 of what somebody has shown */
GBytes    *iss_use_place_hash          (GTlsCertificate      *certificate)
                                        G_GNUC_WARN_UNUSED_RESULT;

/* Makes a TLS handshake there and gives the SHA-256 of the certificate that it shows, whatever
 * that is: nothing is sent, and nothing is trusted by it. */
void       iss_use_place_look_async    (const char           *uri,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GBytes    *iss_use_place_look_finish   (GAsyncResult         *result,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
