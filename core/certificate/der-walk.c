/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/der-walk.h"

#include "core/base/text.h"

#include <string.h>

#define TAG_UTF8_STRING 0x0c
#define TAG_NUMERIC_STRING 0x12
#define TAG_PRINTABLE_STRING 0x13
#define TAG_T61_STRING 0x14
#define TAG_IA5_STRING 0x16
#define TAG_UTC_TIME 0x17
#define TAG_GENERALIZED_TIME 0x18
#define TAG_VISIBLE_STRING 0x1a
#define TAG_UNIVERSAL_STRING 0x1c
#define TAG_BMP_STRING 0x1e

#define REPLACEMENT 0xfffd

/* One arc may be a UUID (2.25.…, 128 bits); nothing real is longer. */
#define MAX_OID_SIZE 128
#define MAX_ARC_DIGITS 48

/**
 * iss_der_walk_next:
 * @self: what is left; moves behind the element on success
 * @out_tag: (out): its identifier octet
 * @out_content: (out): its content, inside of @self
 *
 * Takes one element off the front. Only DER is taken: low tag numbers, definite
 * lengths in their shortest form (X.690, 10.1), nothing past the end.
 *
 * Returns: whether there was one; else nothing is changed
 */
gboolean
iss_der_walk_next (IssDerWalk *self,
                   guint8     *out_tag,
                   IssDerWalk *out_content)
{
  gsize header = 2;
  gsize length;

  if (self->size < 2 || (self->data[0] & 0x1f) == 0x1f)
    return FALSE;

  length = self->data[1];

  if ((length & 0x80) != 0)
    {
      gsize n = length & 0x7f;

      if (n == 0 || n > 4 || self->size < 2 + n || self->data[2] == 0)
        return FALSE;

      length = 0;
      for (gsize i = 0; i < n; i++)
        length = length << 8 | self->data[2 + i];

      if (length < 0x80)
        return FALSE;

      header += n;
    }

  if (length > self->size - header)
    return FALSE;

  *out_tag = self->data[0];
  *out_content = (IssDerWalk) { self->data + header, length };
  self->data += header + length;
  self->size -= header + length;

  return TRUE;
}

/**
 * iss_der_walk_expect:
 * @self: what is left; moves behind the element on success
 * @tag: the identifier octet it must have
 * @out_content: (out): its content, inside of @self
 *
 * Takes the next element off the front if it has the tag.
 *
 * Returns: whether it has; else nothing is changed
 */
gboolean
iss_der_walk_expect (IssDerWalk *self,
                     guint8      tag,
                     IssDerWalk *out_content)
{
  guint8 found;

  return self->size > 0
         && self->data[0] == tag
         && iss_der_walk_next (self, &found, out_content);
}

static gboolean
read_digits (const guint8 *digits,
             gsize         n,
             int          *out_number)
{
  int number = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (digits[i] < '0' || digits[i] > '9')
        return FALSE;

      number = number * 10 + (digits[i] - '0');
    }

  *out_number = number;

  return TRUE;
}

static gboolean
is_leap (int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month (int year,
               int month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return days[month - 1] + (month == 2 && is_leap (year) ? 1 : 0);
}

/* Days since 1970-01-01 in the Gregorian calendar, also before it was made. */
static gint64
days_since_1970 (int year,
                 int month,
                 int day)
{
  gint64 before = year - 1;
  gint64 days = before * 365 + before / 4 - before / 100 + before / 400;

  for (int i = 1; i < month; i++)
    days += days_in_month (year, i);

  return days + day - 1 - 719162;
}

/**
 * iss_der_walk_time:
 * @tag: UTCTime or GeneralizedTime
 * @content: its content
 * @out_instant: (out): seconds since 1970, UTC
 *
 * Reads a time as RFC 5280, 4.1.2.5 has it: with seconds, without fractions,
 * with Z. A two-digit year is of 1950 to 2049; years go from 1 to 9999. That
 * years up to 2049 must be UTCTime is not asked: the other form is as clear.
 *
 * Returns: whether it is such a time
 */
gboolean
iss_der_walk_time (guint8            tag,
                   const IssDerWalk *content,
                   gint64           *out_instant)
{
  const guint8 *rest = content->data;
  gsize year_digits;
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;

  if (tag == TAG_UTC_TIME)
    year_digits = 2;
  else if (tag == TAG_GENERALIZED_TIME)
    year_digits = 4;
  else
    return FALSE;

  if (content->size != year_digits + 11 || content->data[content->size - 1] != 'Z')
    return FALSE;

  if (!read_digits (rest, year_digits, &year))
    return FALSE;

  rest += year_digits;

  if (!read_digits (rest, 2, &month)
      || !read_digits (rest + 2, 2, &day)
      || !read_digits (rest + 4, 2, &hour)
      || !read_digits (rest + 6, 2, &minute)
      || !read_digits (rest + 8, 2, &second))
    return FALSE;

  if (tag == TAG_UTC_TIME)
    year += year < 50 ? 2000 : 1900;

  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month (year, month)
      || hour > 23 || minute > 59 || second > 59)
    return FALSE;

  *out_instant = days_since_1970 (year, month, day) * 86400
                 + hour * 3600 + minute * 60 + second;

  return TRUE;
}

/* Big-endian, @width bytes a character. Surrogate pairs are put together: some
 * write UTF-16 and call it BMPString. */
static char *
decode_wide (const IssDerWalk *content,
             gsize             width,
             gsize             max_characters)
{
  g_autoptr(GString) text = NULL;
  gsize n = content->size / width;

  if (content->size % width != 0)
    return NULL;

  text = g_string_new (NULL);

  /* One character more than wanted, so that it is seen that there are more;
   * twice as many, since two may make one. */
  for (gsize i = 0; i < n && i / 2 <= max_characters; i++)
    {
      const guint8 *at = content->data + i * width;
      gunichar c = 0;

      for (gsize j = 0; j < width; j++)
        c = c << 8 | at[j];

      if (width == 2 && c >= 0xd800 && c < 0xdc00 && i + 1 < n
          && at[2] >= 0xdc && at[2] < 0xe0)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + ((gunichar) (at[2] << 8 | at[3]) - 0xdc00);
          i++;
        }

      g_string_append_unichar (text, g_unichar_validate (c) ? c : REPLACEMENT);
    }

  return iss_text_sanitise (text->str, (gssize) text->len, max_characters);
}

/* What is called T61 is Latin-1 wherever it is met. The others of one byte a character are ASCII;
 * what is above it in them is not allowed, and taken for Latin-1 as well, as OpenSSL does. */
static char *
decode_latin1 (const IssDerWalk *content,
               gsize             max_characters)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < content->size && i <= max_characters; i++)
    g_string_append_unichar (text, content->data[i]);

  return iss_text_sanitise (text->str, (gssize) text->len, max_characters);
}

/**
 * iss_der_walk_string:
 * @tag: the identifier octet of a string type
 * @content: its content
 * @max_characters: how many characters the result may have
 *
 * Reads a string as its tag says and makes it fit to be shown, see
 * iss_text_sanitise().
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if the tag is not
 *   that of a string or the content cannot be one of its kind
 */
char *
iss_der_walk_string (guint8            tag,
                     const IssDerWalk *content,
                     gsize             max_characters)
{
  switch (tag)
    {
    case TAG_UTF8_STRING:
      return iss_text_sanitise ((const char *) content->data, (gssize) content->size,
                                max_characters);

    case TAG_NUMERIC_STRING:
    case TAG_PRINTABLE_STRING:
    case TAG_T61_STRING:
    case TAG_IA5_STRING:
    case TAG_VISIBLE_STRING:
      return decode_latin1 (content, max_characters);

    case TAG_BMP_STRING:
      return decode_wide (content, 2, max_characters);

    case TAG_UNIVERSAL_STRING:
      return decode_wide (content, 4, max_characters);

    default:
      return NULL;
    }
}

/* digits = digits * 128 + more, in decimal, least digit first. */
static gboolean
multiply_digits (guint8 *digits,
                 gsize  *n_digits,
                 guint   more)
{
  guint carry = more;

  for (gsize i = 0; i < *n_digits; i++)
    {
      guint value = digits[i] * 128u + carry;

      digits[i] = (guint8) (value % 10);
      carry = value / 10;
    }

  for (; carry > 0; carry /= 10)
    {
      if (*n_digits == MAX_ARC_DIGITS)
        return FALSE;

      digits[(*n_digits)++] = (guint8) (carry % 10);
    }

  return TRUE;
}

static gboolean
append_arc (GString      *text,
            const guint8 *bytes,
            gsize         n)
{
  guint8 digits[MAX_ARC_DIGITS];
  gsize n_digits = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!multiply_digits (digits, &n_digits, bytes[i] & 0x7f))
        return FALSE;
    }

  if (n_digits == 0)
    g_string_append_c (text, '0');

  for (gsize i = n_digits; i > 0; i--)
    g_string_append_c (text, (char) ('0' + digits[i - 1]));

  return TRUE;
}

/* The first two arcs share a number (X.690, 8.19.4): 40 * first + second. */
static gboolean
append_first_arcs (GString      *text,
                   const guint8 *bytes,
                   gsize         n)
{
  guint number = 0;
  guint first;

  if (n > 4)
    return FALSE;

  for (gsize i = 0; i < n; i++)
    number = number << 7 | (bytes[i] & 0x7f);

  first = MIN (number / 40, 2);
  g_string_append_printf (text, "%u.%u", first, number - first * 40);

  return TRUE;
}

/**
 * iss_der_walk_oid:
 * @content: the content of an OBJECT IDENTIFIER
 *
 * Returns: (transfer full) (nullable): "1.3.6.1.5.5.7.3.1", or %NULL if it is
 *   not one or longer than any that is in use
 */
char *
iss_der_walk_oid (const IssDerWalk *content)
{
  g_autoptr(GString) text = NULL;
  gsize start = 0;

  if (content->size == 0 || content->size > MAX_OID_SIZE
      || (content->data[content->size - 1] & 0x80) != 0)
    return NULL;

  text = g_string_new (NULL);

  for (gsize i = 0; i < content->size; i++)
    {
      const guint8 *arc = content->data + start;
      gsize n = i + 1 - start;

      if ((content->data[i] & 0x80) != 0)
        continue;

      if (arc[0] == 0x80)
        return NULL;

      if (start > 0)
        g_string_append_c (text, '.');

      if (!(start == 0 ? append_first_arcs (text, arc, n) : append_arc (text, arc, n)))
        return NULL;

      start = i + 1;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
