/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The purposes where the extension is there twice, or cannot be read: not all of them, and none
 * that anybody could rely on. */
#define ISS_CERTIFICATE_SUMMARY_UNREADABLE "?"

/**
 * IssCertificateSummary:
 *
 * What a list row needs of a certificate, read by a strict walk over its DER
 * without building an X509 (0.3 µs instead of 90 µs).
 */
typedef struct
{
  char    *issued_to;      /* last CN of the subject, else its last attribute, else "" */
  char    *issued_by;
  gint64   not_before;     /* seconds since 1970, UTC */
  gint64   not_after;
  char    *purposes;       /* dotted EKU OIDs joined by ","; "" = all; or _UNREADABLE */
  char    *key_algorithm;  /* "RSA", "EC", "Ed25519", … or a dotted OID */
  guint    key_bits;       /* 0 = not known */
  gboolean is_ca;
  gboolean is_self_issued; /* subject and issuer are the same bytes */
  guint8   sha256[32];
  guint8   sha1[20];
  guint8   spki_sha256[32];
} IssCertificateSummary;

gboolean  iss_certificate_summary_read  (IssCertificateSummary *self,
                                         const guint8          *der,
                                         gsize                  size,
                                         GError               **error);
void      iss_certificate_summary_clear (IssCertificateSummary *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IssCertificateSummary, iss_certificate_summary_clear)

G_END_DECLS
