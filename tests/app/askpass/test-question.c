/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/askpass/question.h"

#include <string.h>

#define UNKNOWN \
  "The authenticity of host '[fe03]:2222 ([192.0.2.3]:2222)' can't be established.\n" \
  "ED25519 key fingerprint is SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q.\n" \
  "This key is not known by any other names.\n" \
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? "

static void
test_host_key (void)
{
  g_autoptr(AskpassQuestion) question = askpass_question_new (UNKNOWN);

  g_assert_cmpint (question->kind, ==, ASKPASS_QUESTION_HOST_KEY);
  g_assert_cmpstr (question->host, ==, "[fe03]:2222");
  g_assert_cmpstr (question->fingerprint, ==,
                   "SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q");
  g_assert_true (askpass_question_matches (question, "  SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5"
                                                     "FS/sSX0Q\n"));
  g_assert_false (askpass_question_matches (question, ""));
  g_assert_false (askpass_question_matches (question, "SHA256:UNIVZTKSCSDHCC0U9E8BRRXUVOHL4FBXHJ5"
                                                      "FS/SSX0Q"));
}

static void
test_others (void)
{
  const struct
    {
      const char *prompt;
      AskpassQuestionKind kind;
    } cases[] =
    {
      { "Enter passphrase for key '/k': ", ASKPASS_QUESTION_SECRET },
      { "issuant@fe03's password: ", ASKPASS_QUESTION_SECRET },
      { "", ASKPASS_QUESTION_SECRET },
      { "Please type 'yes', 'no' or the fingerprint: ", ASKPASS_QUESTION_CONFIRM },
      { "Accept updated hostkeys? (yes/no): ", ASKPASS_QUESTION_CONFIRM },
      { "Are you sure (yes/no/[fingerprint])? ", ASKPASS_QUESTION_CONFIRM },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(AskpassQuestion) question = askpass_question_new (cases[i].prompt);

      g_test_message ("%s", cases[i].prompt);
      g_assert_cmpint (question->kind, ==, cases[i].kind);
    }
}

static void
test_hostile (void)
{
  g_autofree char *flood = g_strnfill (100000, 'x');
  g_autoptr(AskpassQuestion) question = askpass_question_new ("a\x1B[2J\xE2\x80\xAE\xFF b");
  g_autoptr(AskpassQuestion) large = askpass_question_new (flood);

  g_assert_true (g_utf8_validate (question->text, -1, NULL));
  g_assert_null (strchr (question->text, '\x1B'));
  g_assert_null (strstr (question->text, "\xE2\x80\xAE"));
  g_assert_cmpuint (strlen (large->text), <, 2000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/question/host-key", test_host_key);
  g_test_add_func ("/question/others", test_others);
  g_test_add_func ("/question/hostile", test_hostile);

  return g_test_run ();
}
