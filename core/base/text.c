/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REPLACEMENT 0xfffd
#define ELLIPSIS 0x2026

#define MAX_TYPED 256
#define MAX_SHOWN 80

/* RFC 1035, 2.3.4 */
#define MAX_LABEL 63
#define MAX_HOST_NAME 253

typedef struct
{
  gunichar first;
  gunichar last;
} Range;

/* What is not seen, or changes how its neighbours are seen: a name with one of
 * these could pass for another name. In order. */
static const Range unseen[] =
{
  { 0x0000, 0x001f },     /* C0 controls */
  { 0x007f, 0x009f },     /* DEL, C1 controls */
  { 0x00ad, 0x00ad },     /* soft hyphen */
  { 0x034f, 0x034f },     /* combining grapheme joiner */
  { 0x061c, 0x061c },     /* Arabic letter mark */
  { 0x115f, 0x1160 },     /* Hangul fillers */
  { 0x180e, 0x180e },     /* Mongolian vowel separator */
  { 0x200b, 0x200f },     /* zero width, direction marks */
  { 0x2028, 0x202e },     /* line and paragraph separators, bidi embedding */
  { 0x2060, 0x206f },     /* word joiner, bidi isolates */
  { 0x3164, 0x3164 },     /* Hangul filler */
  { 0xfeff, 0xfeff },     /* byte order mark */
  { 0xffa0, 0xffa0 },     /* half-width Hangul filler */
  { 0xfff9, 0xfffb },     /* interlinear annotation */
  { 0xe0000, 0xe007f },   /* tags */
};

static gboolean
is_unseen (gunichar c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unseen) && unseen[i].first <= c; i++)
    {
      if (c <= unseen[i].last)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_plain_ascii (const char *text,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] < 0x20 || text[i] > 0x7e)
        return FALSE;
    }

  return TRUE;
}

/* Takes one character off the front; a byte that begins none counts as one. */
static gunichar
next_character (const char **text,
                gsize       *length)
{
  gunichar c;
  gsize n = 1;

  if (**text == '\0')
    c = 0;
  else
    c = g_utf8_get_char_validated (*text, (gssize) *length);

  if (c == (gunichar) -1 || c == (gunichar) -2)
    c = REPLACEMENT;
  else if (c != 0)
    n = (gsize) (g_utf8_next_char (*text) - *text);

  *text += n;
  *length -= n;

  return c;
}

/**
 * iss_text_sanitise:
 * @text: bytes from outside, UTF-8 or not
 * @length: their number, or -1 up to the first NUL
 * @max_characters: how many characters the result may have, at least 1
 *
 * Makes text fit to be shown: valid UTF-8, one line, nothing in it that is
 * invisible or turns the direction. Each such thing becomes U+FFFD, so that
 * it is seen that something was there. What is too long ends in "…".
 *
 * Returns: (transfer full): the text
 */
char *
iss_text_sanitise (const char *text,
                   gssize      length,
                   gsize       max_characters)
{
  GString *result;
  gsize left;
  gsize n = 0;
  gsize last_start = 0;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (max_characters > 0, NULL);

  left = length < 0 ? strlen (text) : (gsize) length;

  if (left <= max_characters && is_plain_ascii (text, left))
    return g_strndup (text, left);

  result = g_string_sized_new (MIN (left, max_characters * 4));

  while (left > 0)
    {
      gunichar c = next_character (&text, &left);

      if (n == max_characters)
        {
          g_string_truncate (result, last_start);
          g_string_append_unichar (result, ELLIPSIS);
          break;
        }

      last_start = result->len;
      g_string_append_unichar (result, is_unseen (c) ? REPLACEMENT : c);
      n++;
    }

  return g_string_free (result, FALSE);
}

/**
 * iss_text_is_clean:
 * @text: text from outside
 * @max_characters: how many characters it may have
 *
 * Returns: whether iss_text_sanitise() would leave it as it is
 */
gboolean
iss_text_is_clean (const char *text,
                   gsize       max_characters)
{
  gsize n = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (++n > max_characters || is_unseen (g_utf8_get_char (text)))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_text_hex:
 * @data: (nullable): bytes
 * @size: their number
 * @upper: whether A to F are upper case
 *
 * Returns: (transfer full): two hex digits a byte
 */
char *
iss_text_hex (gconstpointer data,
              gsize         size,
              gboolean      upper)
{
  const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const guint8 *bytes = data;
  char *text;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  text = g_malloc (size * 2 + 1);

  for (gsize i = 0; i < size; i++)
    {
      text[i * 2] = digits[bytes[i] >> 4];
      text[i * 2 + 1] = digits[bytes[i] & 15];
    }

  text[size * 2] = '\0';

  return text;
}

/**
 * iss_text_parse_hex:
 * @text: pairs of hex digits, of either case, and nothing between them
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL if @text is empty
 *   or anything else
 */
GBytes *
iss_text_parse_hex (const char *text)
{
  g_autofree guint8 *bytes = NULL;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  if (length == 0 || length % 2 != 0)
    return NULL;

  bytes = g_malloc (length / 2);

  for (gsize i = 0; i < length; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]);
      int low = g_ascii_xdigit_value (text[i + 1]);

      if (high < 0 || low < 0)
        return NULL;

      bytes[i / 2] = (guint8) (high << 4 | low);
    }

  return g_bytes_new_take (g_steal_pointer (&bytes), length / 2);
}

/**
 * iss_text_thumbprint:
 * @sha1: the SHA-1 of a certificate
 *
 * Returns: (transfer full): the thumbprint as Windows shows it, 40 hex digits
 *   in upper case, to be compared and copied
 */
char *
iss_text_thumbprint (GBytes *sha1)
{
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (sha1 != NULL, NULL);

  data = g_bytes_get_data (sha1, &size);

  return iss_text_hex (data, size, TRUE);
}

/**
 * iss_text_thumbprint_short:
 * @sha1: the SHA-1 of a certificate
 *
 * Returns: (transfer full): enough of the thumbprint to tell rows apart:
 *   "3F2A 91C0 … 5B1E"
 */
char *
iss_text_thumbprint_short (GBytes *sha1)
{
  g_autofree char *whole = NULL;
  gsize length;

  g_return_val_if_fail (sha1 != NULL, NULL);

  whole = iss_text_thumbprint (sha1);
  length = strlen (whole);

  if (length <= 12)
    return g_steal_pointer (&whole);

  return g_strdup_printf ("%.4s %.4s … %s", whole, whole + 4, whole + length - 4);
}

static gboolean
is_between_digits (gunichar c)
{
  return c == ':' || c == REPLACEMENT || g_unichar_isspace (c) || is_unseen (c);
}

/**
 * iss_text_parse_thumbprint:
 * @typed: what somebody typed or pasted
 * @error: return location for an error
 *
 * Spaces, colons and the invisible characters that come along when a
 * thumbprint is copied out of a Windows dialog (U+200E) are dropped.
 *
 * Returns: (transfer full): the 20 bytes of a SHA-1 or the 32 of a SHA-256, or
 *   %NULL with %ISS_ERROR_INVALID_ARGUMENT
 */
GBytes *
iss_text_parse_thumbprint (const char  *typed,
                           GError     **error)
{
  g_autofree char *shown = NULL;
  g_autoptr(GString) digits = NULL;
  const char *rest = typed;
  gsize left;

  g_return_val_if_fail (typed != NULL, NULL);

  left = strlen (typed);
  shown = iss_text_sanitise (typed, -1, MAX_SHOWN);
  digits = g_string_new (NULL);

  if (left > MAX_TYPED)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is too long for a thumbprint"), shown);
      return NULL;
    }

  while (left > 0)
    {
      gunichar c = next_character (&rest, &left);

      if (g_unichar_isxdigit (c) && c < 0x80)
        {
          g_string_append_c (digits, (char) c);
        }
      else if (!is_between_digits (c))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("“%s” is not a thumbprint: it may have hex digits only"), shown);
          return NULL;
        }
    }

  if (digits->len != ISS_SHA1_SIZE * 2 && digits->len != ISS_SHA256_SIZE * 2)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a thumbprint: it has %" G_GSIZE_FORMAT
                     " hex digits, not 40 (SHA-1) or 64 (SHA-256)"), shown, digits->len);
      return NULL;
    }

  return iss_text_parse_hex (digits->str);
}

/* RFC 1123, 2.1: letters, digits and hyphens, the hyphens inside. Nothing that
 * begins with a hyphen passes: it could be taken for an option. */
static gboolean
is_label (const char *text,
          gsize       length)
{
  if (length == 0 || length > MAX_LABEL || text[0] == '-' || text[length - 1] == '-')
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '-')
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_text_is_host_name:
 * @text: text from outside
 *
 * Returns: whether @text can be the name of a host: one label or more
 *   (RFC 1123), no final dot. An IPv4 address is not a name.
 */
gboolean
iss_text_is_host_name (const char *text)
{
  const char *label = text;

  g_return_val_if_fail (text != NULL, FALSE);

  if (strlen (text) > MAX_HOST_NAME || g_hostname_is_ip_address (text))
    return FALSE;

  for (;;)
    {
      gsize length = strcspn (label, ".");

      if (!is_label (label, length))
        return FALSE;

      if (label[length] == '\0')
        return TRUE;

      label += length + 1;
    }
}

/**
 * iss_text_is_dns_domain:
 * @text: text from outside
 *
 * Returns: whether @text can be a domain, such as a SIP domain: a host name of
 *   two labels or more whose last has a letter
 */
gboolean
iss_text_is_dns_domain (const char *text)
{
  const char *last;

  g_return_val_if_fail (text != NULL, FALSE);

  last = strrchr (text, '.');

  return last != NULL
         && iss_text_is_host_name (text)
         && strspn (last + 1, "0123456789") < strlen (last + 1);
}

/**
 * iss_text_dup_short_host:
 * @name: a host name, or an address
 *
 * Returns: (transfer full): what people call it: its first label, or the whole if that is an
 *   address
 */
char *
iss_text_dup_short_host (const char *name)
{
  const char *dot;

  g_return_val_if_fail (name != NULL, NULL);

  dot = strchr (name, '.');
  if (dot == NULL || g_hostname_is_ip_address (name))
    return g_strdup (name);

  return g_strndup (name, (gsize) (dot - name));
}

/**
 * iss_text_join_names:
 * @names: (array zero-terminated=1): names
 *
 * Returns: (transfer full): "a", "a and b" or "a, b and c"; "" for none
 */
char *
iss_text_join_names (const char *const *names)
{
  g_autofree char *joined = NULL;
  gsize n = 0;

  g_return_val_if_fail (names != NULL, NULL);

  while (names[n] != NULL)
    n++;

  if (n == 0)
    return g_strdup ("");

  joined = g_strdup (names[0]);

  for (gsize i = 1; i < n; i++)
    {
      char *longer;

      if (i + 1 < n)
        /* Translators: a list that goes on: "fe01, fe02" */
        longer = g_strdup_printf (C_("list", "%s, %s"), joined, names[i]);
      else
        /* Translators: the end of a list: "fe01, fe02 and fe03" */
        longer = g_strdup_printf (C_("list", "%s and %s"), joined, names[i]);

      g_free (joined);
      joined = longer;
    }

  return g_steal_pointer (&joined);
}
