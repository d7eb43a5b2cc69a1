/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/helper-process.h"
#include "core/store/token-key.h"

G_BEGIN_DECLS

/* Signatures with keys in tokens, by a process of its own: no PKCS#11 module is ever loaded
 * into the agent, which owns the other keys and speaks on descriptors. Both ends. */

#define ISS_TOKEN_HELPER_OPTION "--token"

#define ISS_TOKEN_HELPER_SECONDS 8        /* less than another writer waits for the lock */

GBytes    *iss_token_helper_sign   (const char    *program,
                                    guint          seconds,
                                    const char    *uri,
                                    IssSecret     *pin,
                                    IssTokenScheme scheme,
                                    GBytes        *message,
                                    GCancellable  *cancellable,
                                    GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* in the helper */
gboolean   iss_token_helper_serve  (int            fd,
                                    const char    *credentials);

G_END_DECLS
