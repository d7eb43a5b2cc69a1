/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/password-strength.h"

#include <glib/gi18n-lib.h>

/* Bits below which a file can be opened by somebody who has it and a few graphics cards:
 * 100,000 rounds of PBKDF2 leave some 100,000 tries a second, 2,000 rounds fifty times as many. */
#define FAIR_BITS 45
#define GOOD_BITS 70

/* A letter that goes on with the row before it ("aaa", "abc", "321") adds next to nothing. */
#define ROW_BITS 1.0

/* Bits of one letter: the logarithm of how many others it could have been. */
static double
get_bits_each (const guint8 *text,
               gsize         size)
{
  static const struct
  {
    guint  letters;
    double bits;
  } table[] = { { 10, 3.3 }, { 26, 4.7 }, { 36, 5.2 }, { 52, 5.7 }, { 62, 6.0 }, { 95, 6.6 } };
  gboolean lower = FALSE, upper = FALSE, digit = FALSE, other = FALSE, beyond = FALSE;
  guint letters;

  for (gsize i = 0; i < size; i++)
    {
      lower = lower || g_ascii_islower (text[i]);
      upper = upper || g_ascii_isupper (text[i]);
      digit = digit || g_ascii_isdigit (text[i]);
      other = other || (text[i] < 0x80 && !g_ascii_isalnum (text[i]));
      beyond = beyond || text[i] >= 0x80;
    }

  letters = 26 * (guint) lower + 26 * (guint) upper + 10 * (guint) digit + 33 * (guint) other +
            64 * (guint) beyond;
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (letters <= table[i].letters)
        return table[i].bits;
    }

  return 7.0;
}

static gboolean
goes_on (const guint8 *text,
         gsize         index)
{
  int step = index > 0 ? text[index] - text[index - 1] : 2;

  return step >= -1 && step <= 1;
}

/**
 * iss_password_strength_judge:
 * @password: a password
 *
 * A rough judgement from length, alphabet and rows: a hint for people, not a rule.
 *
 * Returns: how long the password would hold somebody up who has the file
 */
IssPasswordStrength
iss_password_strength_judge (IssSecret *password)
{
  const guint8 *text;
  double bits_each, bits = 0;
  gsize size;

  g_return_val_if_fail (password != NULL, ISS_PASSWORD_EMPTY);

  text = iss_secret_get_data (password, &size);
  if (size == 0)
    return ISS_PASSWORD_EMPTY;

  bits_each = get_bits_each (text, size);
  for (gsize i = 0; i < size; i++)
    bits += goes_on (text, i) ? ROW_BITS : bits_each;

  if (bits < FAIR_BITS)
    return ISS_PASSWORD_WEAK;

  return bits < GOOD_BITS ? ISS_PASSWORD_FAIR : ISS_PASSWORD_GOOD;
}

/**
 * iss_password_strength_to_text:
 * @self: a strength
 *
 * Returns: what it means, and what to do
 */
const char *
iss_password_strength_to_text (IssPasswordStrength self)
{
  switch (self)
    {
    case ISS_PASSWORD_EMPTY:
      return "";

    case ISS_PASSWORD_WEAK:
      return _("Weak password: whoever gets the file can guess it. Make it longer.");

    case ISS_PASSWORD_FAIR:
      return _("Fair password: good enough for a file that is deleted soon.");

    case ISS_PASSWORD_GOOD:
      return _("Good password.");
    }

  g_return_val_if_reached ("");
}
