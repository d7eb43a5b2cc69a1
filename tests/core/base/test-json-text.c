/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/json-text.h"

#include <string.h>

static IssJsonText *
build (gboolean pretty)
{
  IssJsonText *json = iss_json_text_new (pretty);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "name", "fe01");
  iss_json_text_name_integer (json, "size", G_MININT64);
  iss_json_text_name_boolean (json, "yes", TRUE);
  iss_json_text_name_boolean (json, "no", 0);
  iss_json_text_name_string (json, "nothing", NULL);
  iss_json_text_name (json, "list");
  iss_json_text_begin_array (json);
  iss_json_text_integer (json, 1);
  iss_json_text_string (json, "b");
  iss_json_text_null (json);
  iss_json_text_begin_object (json);
  iss_json_text_end_object (json);
  iss_json_text_end_array (json);
  iss_json_text_name (json, "empty");
  iss_json_text_begin_array (json);
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  return json;
}

static void
test_compact (void)
{
  g_autoptr(IssJsonText) json = build (FALSE);
  g_autofree char *text = iss_json_text_finish (json);

  g_assert_cmpstr (text, ==,
                   "{\"name\":\"fe01\",\"size\":-9223372036854775808,\"yes\":true,\"no\":false,"
                   "\"nothing\":null,\"list\":[1,\"b\",null,{}],\"empty\":[]}");
}

static void
test_pretty (void)
{
  g_autoptr(IssJsonText) json = build (TRUE);
  g_autofree char *text = iss_json_text_finish (json);

  g_assert_cmpstr (text, ==,
                   "{\n"
                   "  \"name\": \"fe01\",\n"
                   "  \"size\": -9223372036854775808,\n"
                   "  \"yes\": true,\n"
                   "  \"no\": false,\n"
                   "  \"nothing\": null,\n"
                   "  \"list\": [\n"
                   "    1,\n"
                   "    \"b\",\n"
                   "    null,\n"
                   "    {}\n"
                   "  ],\n"
                   "  \"empty\": []\n"
                   "}");
}

static void
test_escapes (void)
{
  const struct { const char *what; const char *value; const char *expected; } cases[] =
    {
      { "empty", "", "\"\"" },
      { "quote", "a\"b", "\"a\\\"b\"" },
      { "backslash", "a\\b", "\"a\\\\b\"" },
      { "slash stays", "a/b", "\"a/b\"" },
      { "newline", "a\nb", "\"a\\nb\"" },
      { "return and tab", "\r\t", "\"\\r\\t\"" },
      { "other control", "\x01\x1b", "\"\\u0001\\u001b\"" },
      { "DEL", "\x7f", "\"\\u007f\"" },
      { "C1", "\xc2\x9b", "\"\\u009b\"" },
      { "line separator", "\xe2\x80\xa8", "\"\\u2028\"" },
      { "paragraph separator", "\xe2\x80\xa9", "\"\\u2029\"" },
      { "not ASCII stays", "ä…\xf0\x9f\x94\x91", "\"ä…\xf0\x9f\x94\x91\"" },
      { "not UTF-8", "M\xfcller", "\"M\xef\xbf\xbdller\"" },
      { "torn UTF-8", "a\xe2\x80", NULL },
      { "surrogate", "\xed\xa0\x80", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].what);
      iss_json_text_string (json, cases[i].value);
      text = iss_json_text_finish (json);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      if (cases[i].expected != NULL)
        g_assert_cmpstr (text, ==, cases[i].expected);
      else
        g_assert_nonnull (strstr (text, "\xef\xbf\xbd"));
    }
}

static void
test_escapes_in_names (void)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "a\"\n", "b");
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  g_assert_cmpstr (text, ==, "{\"a\\\"\\n\":\"b\"}");
}

static void
test_again (void)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  iss_json_text_boolean (json, TRUE);
  first = iss_json_text_finish (json);
  iss_json_text_begin_array (json);
  iss_json_text_end_array (json);
  second = iss_json_text_finish (json);

  g_assert_cmpstr (first, ==, "true");
  g_assert_cmpstr (second, ==, "[]");
}

static void
expect_refusal (const char *condition)
{
  g_autofree char *pattern = g_strdup_printf ("*assertion*%s*failed*", condition);

  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, pattern);
}

/* Each misuse is refused, and what was written before stays whole. */
static void
test_misuse (void)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *text = NULL;

  expect_refusal ("is_whole");
  g_assert_null (iss_json_text_finish (json));
  expect_refusal ("is_in");
  iss_json_text_end_object (json);
  expect_refusal ("is_in");
  iss_json_text_name (json, "name without an object");

  iss_json_text_begin_object (json);
  expect_refusal ("may_have_value");
  iss_json_text_string (json, "value without a name");
  expect_refusal ("is_in");
  iss_json_text_end_array (json);
  expect_refusal ("is_whole");
  g_assert_null (iss_json_text_finish (json));

  iss_json_text_name (json, "a");
  expect_refusal ("has_name");
  iss_json_text_name (json, "name for a name");
  expect_refusal ("has_name");
  iss_json_text_end_object (json);
  iss_json_text_begin_array (json);
  expect_refusal ("is_in");
  iss_json_text_name (json, "name in an array");
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  expect_refusal ("may_have_value");
  iss_json_text_null (json);
  g_test_assert_expected_messages ();

  text = iss_json_text_finish (json);
  g_assert_cmpstr (text, ==, "{\"a\":[]}");
}

static void
test_depth (void)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 64; i++)
    iss_json_text_begin_array (json);

  expect_refusal ("MAX_DEPTH");
  iss_json_text_begin_array (json);
  expect_refusal ("MAX_DEPTH");
  iss_json_text_begin_object (json);
  g_test_assert_expected_messages ();

  for (guint i = 0; i < 64; i++)
    iss_json_text_end_array (json);

  text = iss_json_text_finish (json);
  g_assert_cmpuint (strlen (text), ==, 128);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-text/compact", test_compact);
  g_test_add_func ("/json-text/pretty", test_pretty);
  g_test_add_func ("/json-text/escapes", test_escapes);
  g_test_add_func ("/json-text/escapes/in-names", test_escapes_in_names);
  g_test_add_func ("/json-text/again", test_again);
  g_test_add_func ("/json-text/misuse", test_misuse);
  g_test_add_func ("/json-text/depth", test_depth);

  return g_test_run ();
}
