/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pem-block.h"

#include <string.h>

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define MAX_LABEL 64

/* The value of each base64 character; 64 = white space, 65 = anything else. */
static const guint8 values[256] =
{
  65, 65, 65, 65, 65, 65, 65, 65, 65, 64, 64, 64, 64, 64, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  64, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 62, 65, 65, 65, 63,
  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 65, 65, 65, 65, 65, 65,
  65,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 65, 65, 65, 65, 65,
  65, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
  65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65,
};

/* Windows' editors begin a file with a byte order mark. */
static gboolean
is_line_start (const char *text,
               const char *at)
{
  return at == text || at[-1] == '\n' || at[-1] == '\r' ||
         (at - text >= 3 && memcmp (at - 3, "\xef\xbb\xbf", 3) == 0);
}

/* The next place where @what stands at the beginning of a line, or NULL. */
static const char *
find_at_line_start (const char *text,
                    gsize       size,
                    const char *what)
{
  gsize what_size = strlen (what);
  const char *from = text;
  const char *end = text + size;

  while ((gsize) (end - from) >= what_size)
    {
      const char *found = memmem (from, (gsize) (end - from), what, what_size);

      if (found == NULL)
        return NULL;

      if (is_line_start (text, found))
        return found;

      from = found + 1;
    }

  return NULL;
}

/* The label that ends in dashes on this line, or NULL. */
static const char *
label_end (const char *label,
           const char *end)
{
  gsize size = MIN ((gsize) (end - label), MAX_LABEL + strlen (DASHES));
  const char *dashes = memmem (label, size, DASHES, strlen (DASHES));

  if (dashes == NULL || memchr (label, '\n', (gsize) (dashes - label)) != NULL ||
      memchr (label, '\r', (gsize) (dashes - label)) != NULL)
    return NULL;

  return dashes;
}

/* RFC 1421 headers (Proc-Type, DEK-Info) end at an empty line. */
static const char *
skip_headers (const IssPemBlock *self)
{
  const char *at = self->body;
  const char *end = self->body + self->body_size;
  const char *colon = memchr (at, ':', self->body_size);

  if (colon == NULL)
    return at;

  while (at < end)
    {
      const char *line_end = memchr (at, '\n', (gsize) (end - at));
      gsize size = (gsize) ((line_end != NULL ? line_end : end) - at);

      if (line_end == NULL)
        return end;

      if (at > colon && (size == 0 || (size == 1 && *at == '\r')))
        return line_end + 1;

      at = line_end + 1;
    }

  return end;
}

/**
 * iss_pem_block_next:
 * @text: (inout): where to look; behind the block afterwards
 * @size: (inout): how much there is
 * @out_block: (out): the block
 *
 * Finds the next block of RFC 7468 text. A line that only looks like a beginning
 * is text around the blocks. Untouched unless a block is found.
 *
 * Returns: what was found
 */
IssPemBlockResult
iss_pem_block_next (const char  **text,
                    gsize        *size,
                    IssPemBlock  *out_block)
{
  const char *from = *text;
  const char *end = *text + *size;
  const char *begin;

  while ((begin = find_at_line_start (from, (gsize) (end - from), BEGIN)) != NULL)
    {
      const char *label = begin + strlen (BEGIN);
      const char *dashes = label_end (label, end);
      IssPemBlock block;
      const char *last;
      const char *after;

      if (dashes == NULL)
        {
          from = label;
          continue;
        }

      block.label = label;
      block.label_size = (gsize) (dashes - label);
      block.body = dashes + strlen (DASHES);

      last = find_at_line_start (block.body, (gsize) (end - block.body), DASHES);
      if (last == NULL)
        return ISS_PEM_BLOCK_TORN;

      after = last + strlen (END) + block.label_size;
      if ((gsize) (end - last) < strlen (END) + block.label_size + strlen (DASHES) ||
          memcmp (last, END, strlen (END)) != 0 ||
          memcmp (last + strlen (END), label, block.label_size) != 0 ||
          memcmp (after, DASHES, strlen (DASHES)) != 0)
        return ISS_PEM_BLOCK_TORN;

      block.body_size = (gsize) (last - block.body);
      after += strlen (DASHES);
      *out_block = block;
      *text = after;
      *size = (gsize) (end - after);

      return ISS_PEM_BLOCK_FOUND;
    }

  return ISS_PEM_BLOCK_NONE;
}

/**
 * iss_pem_block_is:
 * @self: a block
 * @label: a label
 *
 * Returns: whether the block has that label
 */
gboolean
iss_pem_block_is (const IssPemBlock *self,
                  const char        *label)
{
  return strlen (label) == self->label_size && memcmp (self->label, label, self->label_size) == 0;
}

/**
 * iss_pem_block_dup_header:
 * @self: a block
 * @name: the name of an RFC 1421 header
 *
 * Returns: (transfer full) (nullable): its value, or %NULL if there is none
 */
char *
iss_pem_block_dup_header (const IssPemBlock *self,
                          const char        *name)
{
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  const char *end = skip_headers (self);
  const char *found = find_at_line_start (self->body, (gsize) (end - self->body), prefix);
  const char *line_end;

  if (found == NULL)
    return NULL;

  found += strlen (prefix);
  line_end = memchr (found, '\n', (gsize) (end - found));

  return g_strstrip (g_strndup (found, (gsize) ((line_end != NULL ? line_end : end) - found)));
}

/**
 * iss_pem_block_decode:
 * @self: a block
 * @out_data: (out): room for at least 3/4 of the body's size, and 3
 * @out_size: (out): how much was written
 *
 * Decodes the base64 of a block. Lines may be of any length. Anything that is
 * not base64, and bits that do not add up, are refused.
 *
 * Returns: whether it is base64
 */
gboolean
iss_pem_block_decode (const IssPemBlock *self,
                      guint8            *out_data,
                      gsize             *out_size)
{
  const guint8 *at = (const guint8 *) skip_headers (self);
  const guint8 *end = (const guint8 *) self->body + self->body_size;
  guint8 *out = out_data;
  guint32 bits = 0;
  guint n = 0;
  guint n_padding = 0;

  for (; at < end; at++)
    {
      guint8 value = values[*at];

      if (value < 64 && n_padding == 0)
        {
          bits = bits << 6 | value;
          n++;

          if (n == 4)
            {
              *out++ = (guint8) (bits >> 16);
              *out++ = (guint8) (bits >> 8);
              *out++ = (guint8) bits;
              n = 0;
            }
        }
      else if (*at == '=' && n >= 2 && n + n_padding < 4)
        {
          n_padding++;
        }
      else if (value != 64)
        {
          return FALSE;
        }
    }

  if (n + n_padding != 0 && n + n_padding != 4)
    return FALSE;

  if (n == 2)
    {
      *out++ = (guint8) (bits >> 4);
    }
  else if (n == 3)
    {
      *out++ = (guint8) (bits >> 10);
      *out++ = (guint8) (bits >> 2);
    }

  *out_size = (gsize) (out - out_data);

  return TRUE;
}

/**
 * iss_pem_block_dup_bytes:
 * @self: a block
 *
 * Returns: (transfer full) (nullable): what it holds, or %NULL if it is not base64
 */
GBytes *
iss_pem_block_dup_bytes (const IssPemBlock *self)
{
  g_autofree guint8 *data = g_malloc (self->body_size / 4 * 3 + 3);
  gsize size;

  if (!iss_pem_block_decode (self, data, &size))
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/**
 * iss_pem_block_dup_secret:
 * @self: a block
 *
 * Returns: (transfer full) (nullable): what it holds, or %NULL if it is not base64
 */
IssSecret *
iss_pem_block_dup_secret (const IssPemBlock *self)
{
  gsize room = self->body_size / 4 * 3 + 3;
  g_autoptr(IssSecret) scratch = NULL;
  gpointer data;
  gsize size;

  scratch = iss_secret_new_sized (room, &data);

  if (!iss_pem_block_decode (self, data, &size))
    return NULL;

  return iss_secret_new (data, size);
}
