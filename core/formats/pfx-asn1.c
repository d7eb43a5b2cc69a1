/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-asn1.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>

ASN1_SEQUENCE (IssPfxMacData) = {
  ASN1_SIMPLE (IssPfxMacData, digest, X509_SIG),
  ASN1_SIMPLE (IssPfxMacData, salt, ASN1_OCTET_STRING),
  ASN1_OPT (IssPfxMacData, iterations, ASN1_INTEGER)
} static_ASN1_SEQUENCE_END (IssPfxMacData)

ASN1_SEQUENCE (IssPfxContent) = {
  ASN1_SIMPLE (IssPfxContent, type, ASN1_OBJECT),
  ASN1_EXP_OPT (IssPfxContent, content, ASN1_ANY, 0)
} static_ASN1_SEQUENCE_END (IssPfxContent)

ASN1_SEQUENCE (IssPfxFile) = {
  ASN1_SIMPLE (IssPfxFile, version, ASN1_INTEGER),
  ASN1_SIMPLE (IssPfxFile, auth_safe, IssPfxContent),
  ASN1_OPT (IssPfxFile, mac, IssPfxMacData)
} static_ASN1_SEQUENCE_END (IssPfxFile)

ASN1_SEQUENCE (IssPfxBag) = {
  ASN1_SIMPLE (IssPfxBag, type, ASN1_OBJECT),
  ASN1_EXP (IssPfxBag, value, ASN1_ANY, 0),
  ASN1_SET_OF_OPT (IssPfxBag, attributes, X509_ATTRIBUTE)
} static_ASN1_SEQUENCE_END (IssPfxBag)

static gpointer
read_whole (const guint8    *data,
            gsize            size,
            const ASN1_ITEM *item)
{
  const guint8 *end = data;
  ASN1_VALUE *value = ASN1_item_d2i (NULL, &end, (long) size, item);

  ERR_clear_error ();

  if (value != NULL && end != data + size)
    {
      ASN1_item_free (value, item);
      return NULL;
    }

  return value;
}

static gboolean
list_is_over (const IssPfxList *self)
{
  if (!self->indefinite)
    return self->at == self->end;

  return self->end - self->at == 2 && self->at[0] == 0 && self->at[1] == 0;
}

static gpointer
list_next (IssPfxList      *self,
           const ASN1_ITEM *item)
{
  ASN1_VALUE *value;

  if (self->failed || list_is_over (self))
    return NULL;

  value = ASN1_item_d2i (NULL, &self->at, (long) (self->end - self->at), item);
  ERR_clear_error ();
  self->failed = value == NULL;

  return value;
}

/**
 * iss_pfx_asn1_file_read:
 * @data: a file
 * @size: its size
 *
 * Returns: (transfer full) (nullable): the outline, or %NULL if @data is not that or
 *   there is something after it
 */
IssPfxFile *
iss_pfx_asn1_file_read (const guint8 *data,
                        gsize         size)
{
  return read_whole (data, size, ASN1_ITEM_rptr (IssPfxFile));
}

/**
 * iss_pfx_asn1_file_is_nested:
 * @data: a file that could not be read
 * @size: its size
 *
 * Returns: whether that is because its strings are in more pieces within pieces than OpenSSL
 *   takes, which BER allows
 */
gboolean
iss_pfx_asn1_file_is_nested (const guint8 *data,
                             gsize         size)
{
  IssPfxFile *file;
  unsigned long reason;
  gboolean is_nested = FALSE;

  ERR_clear_error ();
  file = (IssPfxFile *) ASN1_item_d2i (NULL, &data, (long) size, ASN1_ITEM_rptr (IssPfxFile));
  while ((reason = ERR_get_error ()) != 0)
    is_nested |= ERR_GET_LIB (reason) == ERR_LIB_ASN1 &&
                 ERR_GET_REASON (reason) == ASN1_R_NESTED_ASN1_STRING;
  iss_pfx_asn1_file_free (file);

  return is_nested;
}

/**
 * iss_pfx_asn1_file_free:
 * @self: (transfer full): an outline
 */
void
iss_pfx_asn1_file_free (IssPfxFile *self)
{
  ASN1_item_free ((ASN1_VALUE *) self, ASN1_ITEM_rptr (IssPfxFile));
}

/**
 * iss_pfx_asn1_is_sequence:
 * @data: some bytes
 * @size: how many
 *
 * Returns: whether they begin with a SEQUENCE that ends where they end
 */
gboolean
iss_pfx_asn1_is_sequence (const guint8 *data,
                          gsize         size)
{
  IssPfxList list;

  iss_pfx_asn1_list_open (&list, data, size);

  return !list.failed;
}

/**
 * iss_pfx_asn1_list_open:
 * @self: (out): where to begin
 * @data: a SEQUENCE OF, with nothing after it
 * @size: its size
 *
 * Failure shows in @self and gives no elements.
 */
void
iss_pfx_asn1_list_open (IssPfxList   *self,
                        const guint8 *data,
                        gsize         size)
{
  const guint8 *at = data;
  long length = 0;
  int tag = 0, xclass = 0;
  int result = size > 0 ? ASN1_get_object (&at, &length, &tag, &xclass, (long) size) : 0x80;

  ERR_clear_error ();

  self->at = at;
  self->end = data + size;
  self->indefinite = (result & 1) != 0;
  self->failed = (result & 0x80) != 0 || (result & V_ASN1_CONSTRUCTED) == 0 ||
                 tag != V_ASN1_SEQUENCE || xclass != V_ASN1_UNIVERSAL ||
                 (!self->indefinite && at + length != self->end);
}

/**
 * iss_pfx_asn1_list_next_content:
 * @self: a list of ContentInfo
 *
 * Returns: (transfer full) (nullable): the next, or %NULL at the end or at something
 *   that is none
 */
IssPfxContent *
iss_pfx_asn1_list_next_content (IssPfxList *self)
{
  return list_next (self, ASN1_ITEM_rptr (IssPfxContent));
}

/**
 * iss_pfx_asn1_list_next_bag:
 * @self: a list of SafeBag
 *
 * Returns: (transfer full) (nullable): the next, or %NULL at the end or at something
 *   that is none
 */
IssPfxBag *
iss_pfx_asn1_list_next_bag (IssPfxList *self)
{
  return list_next (self, ASN1_ITEM_rptr (IssPfxBag));
}

/**
 * iss_pfx_asn1_content_read:
 * @data: ContentInfo, or CertBag, which looks the same
 * @size: its size
 *
 * Returns: (transfer full) (nullable): the outline, or %NULL if it is not that
 */
IssPfxContent *
iss_pfx_asn1_content_read (const guint8 *data,
                           gsize         size)
{
  return read_whole (data, size, ASN1_ITEM_rptr (IssPfxContent));
}

/**
 * iss_pfx_asn1_content_free:
 * @self: (transfer full): an outline
 */
void
iss_pfx_asn1_content_free (IssPfxContent *self)
{
  ASN1_item_free ((ASN1_VALUE *) self, ASN1_ITEM_rptr (IssPfxContent));
}

/**
 * iss_pfx_asn1_bag_free:
 * @self: (transfer full): a bag
 *
 * Wipes it too: there may be a private key in clear in it.
 */
void
iss_pfx_asn1_bag_free (IssPfxBag *self)
{
  if (self->value->type == V_ASN1_SEQUENCE || self->value->type == V_ASN1_OCTET_STRING)
    OPENSSL_cleanse (self->value->value.asn1_string->data,
                     (size_t) self->value->value.asn1_string->length);

  ASN1_item_free ((ASN1_VALUE *) self, ASN1_ITEM_rptr (IssPfxBag));
}
