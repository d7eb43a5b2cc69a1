/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_METADATA_MAX_BYTES (256 * 1024)

/**
 * IssMetadataKey:
 *
 * A certificate that a service says that it signs with.
 */
typedef struct
{
  GBytes   *hash;       /* SHA-256, or where only its x5t is given SHA-1 */
  gboolean  is_named;   /* by its thumbprint alone: no key was compared with the certificate's */
} IssMetadataKey;

/* Which certificates a service says that it signs with: metadata/json/1, or a JSON Web Key Set.
 * (element-type IssMetadataKey), in the document's order. */
GPtrArray  *iss_metadata_read (GBytes   *document,
                               GError  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
