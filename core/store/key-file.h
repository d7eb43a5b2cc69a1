/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* Private keys on a server's disk: keys/<SHA-256 of SPKI>.pem, found by public key. */

typedef enum
{
  ISS_KEY_STATE_NONE     = 0,   /* values cross the wire */
  ISS_KEY_STATE_FILE     = 1,
  ISS_KEY_STATE_TOKEN    = 2,   /* a pkcs11: URI */
} IssKeyState;

IssKeyState    iss_key_file_get_state  (IssRootFolder  *root,
                                        GBytes         *spki_sha256);
gboolean       iss_key_file_is_exportable (IssRootFolder *root,
                                        GBytes         *spki_sha256);
IssPrivateKey *iss_key_file_load       (IssRootFolder  *root,
                                        GBytes         *spki_sha256,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       iss_key_file_save       (IssRootFolder  *root,
                                        IssPrivateKey  *key,
                                        gboolean        exportable,
                                        const char     *origin,
                                        gboolean       *out_added,
                                        GError        **error);
/* marks it as not exportable */
gboolean       iss_key_file_tighten    (IssRootFolder  *root,
                                        GBytes         *spki_sha256,
                                        GError        **error);
gboolean       iss_key_file_remove     (IssRootFolder  *root,
                                        GBytes         *spki_sha256,
                                        GError        **error);
/* lower-case SPKI hex -> IssKeyState */
GHashTable    *iss_key_file_list       (IssRootFolder  *root,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
