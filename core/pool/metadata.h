/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_METADATA_MAX_BYTES (256 * 1024)

/* Which certificates a service says that it signs with: metadata/json/1, or a JSON Web Key Set.
 * (element-type GBytes): the SHA-256 of each, or where only its x5t is given the SHA-1, in the
 * document's order. */
GPtrArray  *iss_metadata_read (GBytes   *document,
                               GError  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
