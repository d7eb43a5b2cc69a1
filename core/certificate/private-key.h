/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/certificate/certificate.h"

G_BEGIN_DECLS

#define ISS_TYPE_PRIVATE_KEY (iss_private_key_get_type ())

G_DECLARE_FINAL_TYPE (IssPrivateKey, iss_private_key, ISS, PRIVATE_KEY, GObject)

IssPrivateKey *iss_private_key_new_take        (EVP_PKEY        *pkey,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IssPrivateKey *iss_private_key_new_from_pem    (IssSecret       *pem,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

IssPrivateKey *iss_private_key_new_from_pkcs8  (IssSecret       *pkcs8,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the key is that signs, such as in a token: signs what it is given. Blocks; @data may be
 * used by several threads at once. */
typedef GBytes *(* IssPrivateKeySign)          (gpointer         data,
                                                GBytes          *message,
                                                GError         **error);

IssPrivateKey *iss_private_key_new_elsewhere   (IssCertificate    *certificate,
                                                IssPrivateKeySign  sign,
                                                gpointer           data,
                                                GDestroyNotify     free_data,
                                                GError           **error)
                                                G_GNUC_WARN_UNUSED_RESULT;
gboolean       iss_private_key_is_elsewhere    (IssPrivateKey   *self);
GBytes        *iss_private_key_sign_elsewhere  (IssPrivateKey   *self,
                                                GBytes          *message,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes        *iss_private_key_get_spki_sha256 (IssPrivateKey   *self);
const char    *iss_private_key_get_algorithm   (IssPrivateKey   *self);
guint          iss_private_key_get_bits        (IssPrivateKey   *self);
EVP_PKEY      *iss_private_key_get_pkey        (IssPrivateKey   *self);
IssSecret     *iss_private_key_dup_pem         (IssPrivateKey   *self,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
IssSecret     *iss_private_key_dup_pkcs8       (IssPrivateKey   *self,
                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       iss_private_key_matches         (IssPrivateKey   *self,
                                                IssCertificate  *certificate);

G_END_DECLS
