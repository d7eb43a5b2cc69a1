/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* pkcs11: URIs (RFC 7512) that name one private key in a token, and nothing that is secret. */

/* p11-kit's own */
typedef struct p11_kit_uri P11KitUri;

char       *iss_token_uri_normalise  (const char   *text,
                                      GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* for core/store/token-key.c only */
P11KitUri  *iss_token_uri_parse      (const char   *text,
                                      GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): the file that pin-source names */
char       *iss_token_uri_dup_pin_file (P11KitUri  *uri) G_GNUC_WARN_UNUSED_RESULT;
/* the label, or the id in hex, for sentences */
char       *iss_token_uri_dup_key_name (P11KitUri  *uri) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
