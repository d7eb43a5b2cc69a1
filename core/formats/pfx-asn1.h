/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* The outlines of PKCS#12 (RFC 7292 section 4, appendix D). Content and bags stay
 * encoded until somebody asks for them: one kind that OpenSSL does not know does
 * not make the whole file unreadable, and depth and number are ours to count.
 * BER is read as well, because NSS and others write it. */

typedef struct
{
  X509_SIG          *digest;
  ASN1_OCTET_STRING *salt;
  ASN1_INTEGER      *iterations;    /* (nullable): 1 */
} IssPfxMacData;

typedef struct
{
  ASN1_OBJECT *type;
  ASN1_TYPE   *content;             /* (nullable) */
} IssPfxContent;

typedef struct
{
  ASN1_INTEGER  *version;
  IssPfxContent *auth_safe;
  IssPfxMacData *mac;               /* (nullable) */
} IssPfxFile;

typedef struct
{
  ASN1_OBJECT                *type;
  ASN1_TYPE                  *value;
  STACK_OF (X509_ATTRIBUTE)  *attributes;   /* (nullable) */
} IssPfxBag;

/* The elements of one SEQUENCE OF, one after the other. Borrowed. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean      indefinite;
  gboolean      failed;             /* something there could not be read */
} IssPfxList;

IssPfxFile    *iss_pfx_asn1_file_read         (const guint8   *data,
                                               gsize           size) G_GNUC_WARN_UNUSED_RESULT;
gboolean       iss_pfx_asn1_file_is_nested    (const guint8   *data,
                                               gsize           size);
void           iss_pfx_asn1_file_free         (IssPfxFile     *self);

gboolean       iss_pfx_asn1_is_sequence       (const guint8   *data,
                                               gsize           size);
void           iss_pfx_asn1_list_open         (IssPfxList     *self,
                                               const guint8   *data,
                                               gsize           size);
IssPfxContent *iss_pfx_asn1_list_next_content (IssPfxList     *self) G_GNUC_WARN_UNUSED_RESULT;
IssPfxBag     *iss_pfx_asn1_list_next_bag     (IssPfxList     *self) G_GNUC_WARN_UNUSED_RESULT;

IssPfxContent *iss_pfx_asn1_content_read      (const guint8   *data,
                                               gsize           size) G_GNUC_WARN_UNUSED_RESULT;
void           iss_pfx_asn1_content_free      (IssPfxContent  *self);
void           iss_pfx_asn1_bag_free          (IssPfxBag      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxFile, iss_pfx_asn1_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxContent, iss_pfx_asn1_content_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxBag, iss_pfx_asn1_bag_free)

G_END_DECLS
