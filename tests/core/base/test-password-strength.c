/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/password-strength.h"

#include <string.h>

static void
test_judge (void)
{
  static const struct
  {
    const char          *text;
    IssPasswordStrength  strength;
  } cases[] =
  {
    { "", ISS_PASSWORD_EMPTY },
    { "x", ISS_PASSWORD_WEAK },
    { "password", ISS_PASSWORD_WEAK },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ISS_PASSWORD_WEAK },
    { "abcdefghijklmnopqrstuvwxyz", ISS_PASSWORD_WEAK },
    { "12345678901234", ISS_PASSWORD_WEAK },
    { "Pa55w0rd", ISS_PASSWORD_WEAK },
    { "q7Xk2mPw", ISS_PASSWORD_FAIR },
    { "q7Xk2mPw9LzR", ISS_PASSWORD_GOOD },
    { "correct horse battery staple", ISS_PASSWORD_GOOD },
    { "Schlüssel für drei Räder", ISS_PASSWORD_GOOD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) secret = iss_secret_new (cases[i].text, strlen (cases[i].text));

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (iss_password_strength_judge (secret), ==, cases[i].strength);
    }
}

static void
test_words (void)
{
  g_assert_cmpstr (iss_password_strength_to_text (ISS_PASSWORD_EMPTY), ==, "");
  for (guint i = ISS_PASSWORD_WEAK; i <= ISS_PASSWORD_GOOD; i++)
    g_assert_true (g_str_has_suffix (iss_password_strength_to_text ((IssPasswordStrength) i),
                                     "."));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/password-strength/judge", test_judge);
  g_test_add_func ("/password-strength/words", test_words);

  return g_test_run ();
}
