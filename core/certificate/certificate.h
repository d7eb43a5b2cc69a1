/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <openssl/types.h>

G_BEGIN_DECLS

#define ISS_CERTIFICATE_MAX_SIZE (1024 * 1024)

#define ISS_TYPE_CERTIFICATE (iss_certificate_get_type ())

G_DECLARE_FINAL_TYPE (IssCertificate, iss_certificate, ISS, CERTIFICATE, GObject)

IssCertificate     *iss_certificate_new_from_der      (GBytes          *der,
                                                       GError         **error)
                                                       G_GNUC_WARN_UNUSED_RESULT;

GBytes             *iss_certificate_get_der           (IssCertificate  *self);
GBytes             *iss_certificate_get_sha256        (IssCertificate  *self);
GBytes             *iss_certificate_get_sha1          (IssCertificate  *self);
GBytes             *iss_certificate_get_spki_sha256   (IssCertificate  *self);
const char         *iss_certificate_get_sha256_hex    (IssCertificate  *self);   /* lower case */
const char         *iss_certificate_get_issued_to     (IssCertificate  *self);
const char         *iss_certificate_get_issued_by     (IssCertificate  *self);
const char         *iss_certificate_get_subject       (IssCertificate  *self);   /* RFC 4514 */
const char         *iss_certificate_get_issuer        (IssCertificate  *self);
const char         *iss_certificate_get_serial        (IssCertificate  *self);   /* hex */
gint64              iss_certificate_get_not_before    (IssCertificate  *self);
gint64              iss_certificate_get_not_after     (IssCertificate  *self);
const char *const  *iss_certificate_get_dns_names     (IssCertificate  *self);   /* SAN dNSName */
const char         *iss_certificate_get_key_algorithm (IssCertificate  *self);
guint               iss_certificate_get_key_bits      (IssCertificate  *self);
/* keyUsage allows digitalSignature */
gboolean            iss_certificate_may_sign          (IssCertificate  *self);
gboolean            iss_certificate_is_ca             (IssCertificate  *self);
gboolean            iss_certificate_is_self_issued    (IssCertificate  *self);
char               *iss_certificate_dup_pem           (IssCertificate  *self)
                                                       G_GNUC_WARN_UNUSED_RESULT;
/* for core/certificate and core/formats only */
X509               *iss_certificate_get_x509          (IssCertificate  *self);

G_END_DECLS
