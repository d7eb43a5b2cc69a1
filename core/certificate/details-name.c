/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-name.h"

#include "core/base/text.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

#define MAX_OID_SIZE 128
#define MAX_STRING_CHARACTERS 4096
#define MAX_INTEGER_SIZE 1024

/* What the list shows of a name; the lines have all of it. */
#define MAX_VALUES 32

#define OID_OBJECT_SID "1.3.6.1.4.1.311.25.2.1"

/**
 * iss_details_name_decode:
 * @item: what is expected
 * @data: (nullable): DER
 * @size: its size
 *
 * Returns: (transfer full) (nullable): the value, or %NULL if @data is anything
 *   else or has something after its end
 */
gpointer
iss_details_name_decode (const ASN1_ITEM *item,
                         gconstpointer    data,
                         gsize            size)
{
  const unsigned char *end = data;
  ASN1_VALUE *value = NULL;

  if (size > 0)
    value = ASN1_item_d2i (NULL, &end, (long) size, item);
  ERR_clear_error ();

  if (value != NULL && end != (const unsigned char *) data + size)
    {
      ASN1_item_free (value, item);
      return NULL;
    }

  return value;
}

/**
 * iss_details_name_dup_oid:
 * @object: an object identifier
 *
 * Returns: (transfer full): it in dotted form, or its bytes in hex if it is
 *   longer than any real one
 */
char *
iss_details_name_dup_oid (const ASN1_OBJECT *object)
{
  char text[MAX_OID_SIZE * 8];
  gsize size = OBJ_length (object);
  int length;

  if (size > 0 && size <= MAX_OID_SIZE)
    {
      length = OBJ_obj2txt (text, sizeof text, object, 1);
      if (length > 0 && (gsize) length < sizeof text)
        return g_strdup (text);
    }

  ERR_clear_error ();

  return iss_text_hex (OBJ_get0_data (object), MIN (size, MAX_OID_SIZE), FALSE);
}

static char *
sanitise (const void *text,
          gssize      length)
{
  return iss_text_sanitise (length > 0 ? text : "", MAX (length, 0), MAX_STRING_CHARACTERS);
}

/**
 * iss_details_name_dup_string:
 * @string: (nullable): a string of whatever type
 *
 * Returns: (transfer full): it in UTF-8, without what is invisible; one whose
 *   bytes are not what its type says is shown by the bytes it has
 */
char *
iss_details_name_dup_string (const ASN1_STRING *string)
{
  g_autofree char *text = NULL;
  unsigned char *utf8 = NULL;
  int length;

  if (string == NULL)
    return g_strdup ("");

  length = ASN1_STRING_to_UTF8 (&utf8, string);
  if (length < 0)
    {
      ERR_clear_error ();
      return sanitise (ASN1_STRING_get0_data (string), ASN1_STRING_length (string));
    }

  text = sanitise (utf8, length);
  OPENSSL_free (utf8);

  return g_steal_pointer (&text);
}

/**
 * iss_details_name_dup_integer:
 * @integer: (nullable): a number
 *
 * Returns: (transfer full): a small one in decimal, a large one in hex
 */
char *
iss_details_name_dup_integer (const ASN1_INTEGER *integer)
{
  g_autofree char *hex = NULL;
  gsize size;
  gint64 value;

  if (integer == NULL)
    return g_strdup ("");

  if (ASN1_INTEGER_get_int64 (&value, integer) == 1)
    return g_strdup_printf ("%" G_GINT64_FORMAT, value);

  ERR_clear_error ();
  size = (gsize) MAX (ASN1_STRING_length (integer), 0);
  hex = iss_text_hex (ASN1_STRING_get0_data (integer), MIN (size, MAX_INTEGER_SIZE), FALSE);

  return g_strconcat (ASN1_STRING_type (integer) == V_ASN1_NEG_INTEGER ? "-" : "", hex, NULL);
}

/**
 * iss_details_name_dup_labelled:
 * @label: (nullable): the word for @oid
 * @oid: a dotted object identifier
 *
 * Returns: (transfer full): "Server Authentication (1.3.6.1.5.5.7.3.1)", or
 *   @oid alone if there is no word for it
 */
char *
iss_details_name_dup_labelled (const char *label,
                               const char *oid)
{
  if (label == NULL)
    return g_strdup (oid);

  return g_strdup_printf ("%s (%s)", label, oid);
}

static char *
dup_attribute (const X509_NAME_ENTRY *entry)
{
  g_autofree char *oid = iss_details_name_dup_oid (X509_NAME_ENTRY_get_object (entry));
  const char *word = iss_oid_name_get_attribute (oid);

  return g_strdup (word != NULL ? word : oid);
}

/**
 * iss_details_name_add_x500:
 * @text: where to
 * @depth: how far it is indented
 * @name: a distinguished name
 *
 * Adds a line for each part, the most specific one first as in RFC 4514; parts
 * of one relative name stand on one line with "+" between them.
 */
void
iss_details_name_add_x500 (IssDetailsText  *text,
                           guint            depth,
                           const X509_NAME *name)
{
  g_autoptr(GString) line = g_string_new (NULL);

  for (int i = X509_NAME_entry_count (name) - 1; i >= 0; i--)
    {
      const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
      const X509_NAME_ENTRY *before = i > 0 ? X509_NAME_get_entry (name, i - 1) : NULL;
      g_autofree char *word = dup_attribute (entry);
      g_autofree char *value = iss_details_name_dup_string (X509_NAME_ENTRY_get_data (entry));

      g_string_append_printf (line, "%s = %s", word, value);
      if (before != NULL && X509_NAME_ENTRY_set (before) == X509_NAME_ENTRY_set (entry))
        {
          g_string_append (line, " + ");
          continue;
        }

      iss_details_text_add (text, depth, line->str);
      g_string_truncate (line, 0);
    }
}

/**
 * iss_details_name_dup_values:
 * @name: a distinguished name
 *
 * Returns: (transfer full): its values alone, as the snap-in's list shows them:
 *   "Contoso CA, Contoso, US"; "" if it is empty
 */
char *
iss_details_name_dup_values (const X509_NAME *name)
{
  g_autoptr(GString) values = g_string_new (NULL);
  int count = X509_NAME_entry_count (name);

  for (int i = count - 1; i >= 0 && i >= count - MAX_VALUES; i--)
    {
      const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
      g_autofree char *value = iss_details_name_dup_string (X509_NAME_ENTRY_get_data (entry));

      if (values->len > 0)
        g_string_append (values, ", ");
      g_string_append (values, value);
    }

  return g_string_free (g_steal_pointer (&values), FALSE);
}

static gboolean
is_text (int type)
{
  switch (type)
    {
    case V_ASN1_UTF8STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_T61STRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_UNIVERSALSTRING:
    case V_ASN1_VISIBLESTRING:
    case V_ASN1_NUMERICSTRING:
      return TRUE;

    default:
      return FALSE;
    }
}

static char *
dup_der (const ASN1_TYPE *value)
{
  unsigned char *der = NULL;
  int length = i2d_ASN1_TYPE (value, &der);
  char *hex;

  if (length <= 0)
    {
      ERR_clear_error ();
      return g_strdup ("");
    }

  hex = iss_text_hex (der, MIN ((gsize) length, MAX_STRING_CHARACTERS / 2), FALSE);
  OPENSSL_free (der);

  return hex;
}

static void
add_other (IssDetailsText  *text,
           guint            depth,
           const OTHERNAME *other)
{
  g_autofree char *oid = iss_details_name_dup_oid (other->type_id);
  const char *word = iss_oid_name_get_other (oid);
  g_autofree char *value = NULL;

  /* A SID is text that its issuers wrap as bytes. */
  if (is_text (other->value->type) || (strcmp (oid, OID_OBJECT_SID) == 0 &&
                                       other->value->type == V_ASN1_OCTET_STRING))
    value = iss_details_name_dup_string (other->value->value.asn1_string);
  else
    value = dup_der (other->value);

  iss_details_text_add (text, depth, _("Other Name:"));
  iss_details_text_add_format (text, depth + 1, "%s=%s", word != NULL ? word : oid, value);
}

static char *
dup_address (const guint8        *bytes,
             GSocketFamily        family)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes (bytes, family);

  return g_inet_address_to_string (address);
}

/* RFC 5280 section 4.2.1.10: in name constraints an address has its mask behind it. */
static void
add_address (IssDetailsText          *text,
             guint                    depth,
             const ASN1_OCTET_STRING *string)
{
  const guint8 *bytes = ASN1_STRING_get0_data (string);
  gsize size = (gsize) MAX (ASN1_STRING_length (string), 0);
  GSocketFamily family = size == 4 || size == 8 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  g_autofree char *address = NULL;
  g_autofree char *mask = NULL;

  if (size != 4 && size != 8 && size != 16 && size != 32)
    {
      g_autofree char *hex = iss_text_hex (bytes, MIN (size, MAX_STRING_CHARACTERS / 2), FALSE);

      iss_details_text_add_format (text, depth, _("IP Address=%s"), hex);
      return;
    }

  address = dup_address (bytes, family);
  iss_details_text_add_format (text, depth, _("IP Address=%s"), address);

  if (size == 8 || size == 32)
    {
      mask = dup_address (bytes + size / 2, family);
      iss_details_text_add_format (text, depth, _("Mask=%s"), mask);
    }
}

static void
add_ascii (IssDetailsText    *text,
           guint              depth,
           const char        *word,
           const ASN1_STRING *string)
{
  g_autofree char *value = iss_details_name_dup_string (string);

  iss_details_text_add_format (text, depth, "%s=%s", word, value);
}

static void
add_registered (IssDetailsText    *text,
                guint              depth,
                const ASN1_OBJECT *object)
{
  g_autofree char *oid = iss_details_name_dup_oid (object);

  iss_details_text_add_format (text, depth, _("Registered ID=%s"), oid);
}

static void
add_directory (IssDetailsText  *text,
               guint            depth,
               const X509_NAME *name)
{
  iss_details_text_add (text, depth, _("Directory Address:"));
  iss_details_name_add_x500 (text, depth + 1, name);
}

static void
add_raw (IssDetailsText    *text,
         guint              depth,
         const char        *word,
         const GENERAL_NAME *name)
{
  unsigned char *der = NULL;
  int length = i2d_GENERAL_NAME (name, &der);

  iss_details_text_add (text, depth, word);
  if (length > 0)
    iss_details_text_add_hex (text, depth + 1, der, (gsize) length);
  OPENSSL_free (der);
  ERR_clear_error ();
}

/**
 * iss_details_name_add_general:
 * @text: where to
 * @depth: how far it is indented
 * @name: a name of RFC 5280 section 4.2.1.6, of any type
 *
 * Adds a name in the snap-in's words: "DNS Name=…".
 */
void
iss_details_name_add_general (IssDetailsText     *text,
                              guint               depth,
                              const GENERAL_NAME *name)
{
  switch (name->type)
    {
    case GEN_DNS:
      add_ascii (text, depth, _("DNS Name"), name->d.dNSName);
      break;

    case GEN_EMAIL:
      add_ascii (text, depth, _("RFC822 Name"), name->d.rfc822Name);
      break;

    case GEN_URI:
      add_ascii (text, depth, _("URL"), name->d.uniformResourceIdentifier);
      break;

    case GEN_IPADD:
      add_address (text, depth, name->d.iPAddress);
      break;

    case GEN_RID:
      add_registered (text, depth, name->d.registeredID);
      break;

    case GEN_DIRNAME:
      add_directory (text, depth, name->d.directoryName);
      break;

    case GEN_OTHERNAME:
      add_other (text, depth, name->d.otherName);
      break;

    case GEN_X400:
      add_raw (text, depth, _("X.400 Address:"), name);
      break;

    default:
      add_raw (text, depth, _("EDI Party Name:"), name);
      break;
    }
}

/**
 * iss_details_name_add_generals:
 * @text: where to
 * @depth: how far it is indented
 * @names: (nullable): names
 *
 * Adds each of them.
 */
void
iss_details_name_add_generals (IssDetailsText      *text,
                               guint                depth,
                               const GENERAL_NAMES *names)
{
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    iss_details_name_add_general (text, depth, sk_GENERAL_NAME_value (names, i));
}
