/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

#include <openssl/x509.h>

G_BEGIN_DECLS

#define ISS_PFX_CIPHER_MAX_PASSWORD 1024   /* bytes */

/* A password as PKCS#12 sees it: none at all (text is NULL) and an empty one
 * give different keys. PKCS#12's own derivation takes UTF-16 (RFC 7292 appendix B.1);
 * OpenSSL before 1.1 made two bytes of each byte of UTF-8 instead. Borrowed. */
typedef struct
{
  const char *text;
  gsize       size;
  gboolean    as_bytes;   /* the way of OpenSSL before 1.1 */
} IssPfxPassword;

/* Algorithms to open files with, the old ones among them, in a library context
 * of their own: nothing else in the program gets to use RC2. For one file, then
 * thrown away; not shared between threads. */
typedef struct _IssPfxCipher IssPfxCipher;

IssPfxCipher *iss_pfx_cipher_new      (GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
void          iss_pfx_cipher_free     (IssPfxCipher             *self);

OSSL_LIB_CTX *iss_pfx_cipher_get_library (IssPfxCipher          *self);
gboolean      iss_pfx_cipher_check    (IssPfxCipher             *self,
                                       const X509_ALGOR         *algorithm,
                                       GError                  **error);
IssSecret    *iss_pfx_cipher_decrypt  (IssPfxCipher             *self,
                                       const X509_ALGOR         *algorithm,
                                       const ASN1_OCTET_STRING  *encrypted,
                                       const IssPfxPassword     *password,
                                       GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean      iss_pfx_cipher_take_password (IssSecret           *password,
                                            IssPfxPassword      *out_password,
                                            GError             **error);
gboolean      iss_pfx_cipher_other_form    (IssPfxPassword      *password,
                                            gboolean             derives_utf16);
IssSecret    *iss_pfx_cipher_dup_utf16_text (const IssPfxPassword *password)
                                            G_GNUC_WARN_UNUSED_RESULT;
/* what PBES2 may have been given: Latin-1, UTF-16 */
#define ISS_PFX_CIPHER_N_ODD_FORMS 2
IssSecret    *iss_pfx_cipher_dup_odd_form  (const IssPfxPassword *password,
                                            guint                 index)
                                            G_GNUC_WARN_UNUSED_RESULT;
void          iss_pfx_cipher_set_wrong_password (IssSecret      *password,
                                                 gboolean        proved,
                                                 GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxCipher, iss_pfx_cipher_free)

G_END_DECLS
