/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* Private keys in tokens as a server's disk knows them: keys/<SHA-256 of SPKI>.uri, found by
 * public key, and beside it in .conf when the token last proved that it holds the key. */

char      *iss_key_uri_load        (IssRootFolder  *root,
                                    GBytes         *spki_sha256,
                                    gint64         *out_proved,
                                    GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_key_uri_save        (IssRootFolder  *root,
                                    GBytes         *spki_sha256,
                                    const char     *uri,
                                    gint64          proved,
                                    GError        **error);

G_END_DECLS
