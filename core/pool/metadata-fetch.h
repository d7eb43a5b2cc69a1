/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/metadata.h"

G_BEGIN_DECLS

/* Fetches an https: document of iss_metadata_read(): without following redirects, at most
 * ISS_METADATA_MAX_BYTES, within 20 seconds. Who answers has to show a certificate that this
 * machine trusts for that name, or one that the server itself is known to use: else whatever it
 * says counts for nothing. */
void        iss_metadata_fetch_async   (const char           *uri,
                                        GPtrArray            *known,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray  *iss_metadata_fetch_finish  (GAsyncResult         *result,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
