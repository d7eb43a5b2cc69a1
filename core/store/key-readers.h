/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/key-access.h"

G_BEGIN_DECLS

/* Which accounts beside the owner a private key's file lets read it: an ACL, and a list in the
 * key's mark, keys/<SHA-256 of SPKI>.conf, by which the ACL can be made anew. */

gboolean  iss_key_readers_change   (IssRootFolder       *root,
                                    GBytes              *spki_sha256,
                                    const char *const   *allow,
                                    const char *const   *deny,
                                    gboolean             what_if,
                                    gboolean            *out_changed,
                                    GError             **error);
gboolean  iss_key_readers_restore  (IssRootFolder       *root,
                                    GBytes              *spki_sha256,
                                    GError             **error);

G_END_DECLS
