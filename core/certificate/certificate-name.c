/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/certificate-name.h"

#include "core/base/text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define SHA1_SIZE 20
#define MAX_CHARACTERS 256

#define TAG_IA5_STRING 0x16
#define TAG_SEQUENCE 0x30

/* GeneralName, RFC 5280 section 4.2.1.6 */
#define TAG_EMAIL 0x81
#define TAG_DNS 0x82
#define TAG_URI 0x86
#define TAG_IP 0x87

#define IPV4_SIZE 4
#define IPV6_SIZE 16

static gboolean
is_blank (const char *text)
{
  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);

  return *text == '\0';
}

/* (nullable): %NULL for what no address is */
static char *
dup_address (const IssDerWalk *content)
{
  g_autoptr(GInetAddress) address = NULL;

  if (content->size != IPV4_SIZE && content->size != IPV6_SIZE)
    return NULL;

  address = g_inet_address_new_from_bytes (content->data, content->size == IPV4_SIZE
                                                          ? G_SOCKET_FAMILY_IPV4
                                                          : G_SOCKET_FAMILY_IPV6);

  return g_inet_address_to_string (address);
}

/* What is no text of its kind is shown as the bytes it has. */
static char *
dup_text (const IssDerWalk *content)
{
  char *text = iss_der_walk_string (TAG_IA5_STRING, content, MAX_CHARACTERS);

  return text != NULL ? text : iss_text_sanitise ((const char *) content->data,
                                                  (gssize) content->size, MAX_CHARACTERS);
}

/* (nullable): a name that somebody could look for */
static char *
dup_general_name (guint8            tag,
                  const IssDerWalk *content)
{
  g_autofree char *text = NULL;

  switch (tag)
    {
    case TAG_DNS:
    case TAG_EMAIL:
    case TAG_URI:
      text = dup_text (content);
      break;

    case TAG_IP:
      text = dup_address (content);
      break;

    default:
      break;
    }

  return text != NULL && !is_blank (text) ? g_steal_pointer (&text) : NULL;
}

/* (nullable): the first DNS name; without any, the first name that is text. After what is no
 * name, none is looked for. */
static char *
dup_alternative_name (IssDerWalk value)
{
  g_autofree char *other = NULL;
  IssDerWalk names;
  IssDerWalk content;
  guint8 tag;

  if (!iss_der_walk_expect (&value, TAG_SEQUENCE, &names))
    return NULL;

  while (names.size > 0 && iss_der_walk_next (&names, &tag, &content))
    {
      g_autofree char *name = NULL;

      if (tag != TAG_DNS && other != NULL)
        continue;

      name = dup_general_name (tag, &content);
      if (name != NULL && tag == TAG_DNS)
        return g_steal_pointer (&name);
      if (other == NULL)
        other = g_steal_pointer (&name);
    }

  return g_steal_pointer (&other);
}

/**
 * iss_certificate_name_take_subject:
 * @subject: (transfer full): what is read from the subject; may be empty
 * @alternative_names: the value of the subjectAltName extension; %NULL and 0 if there is none
 * @sha1: 20 bytes, the certificate's SHA-1
 *
 * A subject may be empty (RFC 5280 section 4.1.2.6), and then Windows lists a certificate without
 * a name. Here it is called by its first DNS name, else by the first e-mail address, URI or IP
 * address, else "(no name)" with enough of its thumbprint to tell it from others: nobody has to
 * delete “”.
 *
 * Returns: (transfer full): what the certificate is called; for people, not for decisions
 */
char *
iss_certificate_name_take_subject (char          *subject,
                                   IssDerWalk     alternative_names,
                                   gconstpointer  sha1)
{
  g_autofree char *name = NULL;
  g_autofree char *thumbprint = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (subject != NULL && sha1 != NULL, NULL);

  if (!is_blank (subject))
    return subject;

  g_free (subject);
  name = dup_alternative_name (alternative_names);
  if (name != NULL)
    return g_steal_pointer (&name);

  bytes = g_bytes_new (sha1, SHA1_SIZE);
  thumbprint = iss_text_thumbprint_short (bytes);

  /* Translators: a certificate whose subject is empty, and its thumbprint */
  return g_strdup_printf (_("(no name) %s"), thumbprint);
}

/**
 * iss_certificate_name_take_issuer:
 * @issuer: (transfer full): what is read from the issuer; may be empty
 *
 * Returns: (transfer full): what the issuer is called: "(no name)" if it has none
 */
char *
iss_certificate_name_take_issuer (char *issuer)
{
  g_return_val_if_fail (issuer != NULL, NULL);

  if (!is_blank (issuer))
    return issuer;

  g_free (issuer);

  return g_strdup (_("(no name)"));
}
