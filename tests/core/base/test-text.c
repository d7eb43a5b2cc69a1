/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"

#include "core/base/error.h"

#include <string.h>

#define R "\xef\xbf\xbd"   /* U+FFFD */

static void
test_sanitise (void)
{
  const struct
    {
      const char *what;
      const char *text;
      gssize      length;
      gsize       max;
      const char *expected;
    } cases[] =
    {
      { "empty", "", -1, 1, "" },
      { "plain", "fe01.contoso.example", -1, 256, "fe01.contoso.example" },
      { "length, not NUL", "abcdef", 3, 256, "abc" },
      { "just fits", "abc", -1, 3, "abc" },
      { "one too many", "abcd", -1, 3, "ab…" },
      { "room for one", "abcd", -1, 1, "…" },
      { "just fits, not ASCII", "äöü", -1, 3, "äöü" },
      { "cut, not ASCII", "äöüß", -1, 3, "äö…" },
      { "beyond the BMP", "a\xf0\x9f\x94\x91z", -1, 3, "a\xf0\x9f\x94\x91z" },
      { "a character itself unknown", "a" R "b", -1, 9, "a" R "b" },
      { "NUL inside", "a\0b", 3, 9, "a" R "b" },
      { "newline", "a\nb", -1, 9, "a" R "b" },
      { "escape sequence", "\x1b[31mred", -1, 9, R "[31mred" },
      { "DEL", "a\x7f" "b", -1, 9, "a" R "b" },
      { "C1", "a\xc2\x9b" "b", -1, 9, "a" R "b" },
      { "line separator", "a\xe2\x80\xa8" "b", -1, 9, "a" R "b" },
      { "paragraph separator", "a\xe2\x80\xa9" "b", -1, 9, "a" R "b" },
      { "right-to-left override", "a\xe2\x80\xae" "b", -1, 9, "a" R "b" },
      { "left-to-right mark", "\xe2\x80\x8e" "3F", -1, 9, R "3F" },
      { "zero width space", "a\xe2\x80\x8b" "b", -1, 9, "a" R "b" },
      { "Arabic letter mark", "a\xd8\x9c" "b", -1, 9, "a" R "b" },
      { "isolate", "a\xe2\x81\xa6" "b", -1, 9, "a" R "b" },
      { "byte order mark", "\xef\xbb\xbf" "b", -1, 9, R "b" },
      { "soft hyphen", "a\xc2\xad" "b", -1, 9, "a" R "b" },
      { "tag", "a\xf3\xa0\x81\xa1" "b", -1, 9, "a" R "b" },
      { "lone continuation byte", "a\x80" "b", -1, 9, "a" R "b" },
      { "Latin-1", "M\xfcller", -1, 9, "M" R "ller" },
      { "overlong NUL", "a\xc0\x80" "b", -1, 9, "a" R R "b" },
      { "surrogate", "\xed\xa0\x80", -1, 9, R R R },
      { "torn at the end", "a\xe2\x80", -1, 9, "a" R R },
      { "torn by the length", "a\xc3\xa4", 2, 9, "a" R },
      { "past U+10FFFF", "\xf4\x90\x80\x80", -1, 9, R R R R },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].what);
      text = iss_text_sanitise (cases[i].text, cases[i].length, cases[i].max);
      g_assert_cmpstr (text, ==, cases[i].expected);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (text, -1), <=, (glong) cases[i].max);
      g_assert_true (iss_text_is_clean (text, cases[i].max));
    }
}

/* Nothing is read behind the length: the copy ends where its memory ends. */
static void
test_sanitise_reads_no_further (void)
{
  const char *torn[] = { "\xc3", "\xe2\x80", "\xf0\x9f\x94", "abc\xf0" };

  for (gsize i = 0; i < G_N_ELEMENTS (torn); i++)
    {
      gsize length = strlen (torn[i]);
      g_autofree char *copy = g_memdup2 (torn[i], length);
      g_autofree char *text = iss_text_sanitise (copy, (gssize) length, 10);

      g_assert_nonnull (strstr (text, R));
    }
}

static void
test_is_clean (void)
{
  g_assert_true (iss_text_is_clean ("", 0));
  g_assert_true (iss_text_is_clean ("äöü", 3));
  g_assert_false (iss_text_is_clean ("äöü", 2));
  g_assert_false (iss_text_is_clean ("a\nb", 9));
  g_assert_false (iss_text_is_clean ("a\x80", 9));
  g_assert_false (iss_text_is_clean ("\xe2\x80\x8e", 9));
}

static void
test_hex (void)
{
  const guint8 bytes[] = { 0x00, 0x3f, 0xa9, 0xff };
  g_autofree char *lower = iss_text_hex (bytes, sizeof bytes, FALSE);
  g_autofree char *upper = iss_text_hex (bytes, sizeof bytes, TRUE);
  g_autofree char *none = iss_text_hex (NULL, 0, TRUE);
  g_autoptr(GBytes) back = iss_text_parse_hex ("003fA9Ff");

  g_assert_cmpstr (lower, ==, "003fa9ff");
  g_assert_cmpstr (upper, ==, "003FA9FF");
  g_assert_cmpstr (none, ==, "");
  g_assert_nonnull (back);
  g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), bytes, sizeof bytes);
}

static void
test_hex_bad (void)
{
  const char *cases[] = { "", "0", "000", "0g", "g0", "00 11", "0x00", "00\n", "٣٣" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("“%s”", cases[i]);
      g_assert_null (iss_text_parse_hex (cases[i]));
    }
}

#define SHA1 "3F2A91C000112233445566778899AABBCCDD5B1E"
#define SHA256 "3F2A91C000112233445566778899AABBCCDD5B1E00112233445566778899AABB"

static void
test_thumbprint (void)
{
  g_autoptr(GBytes) sha1 = iss_text_parse_hex (SHA1);
  g_autofree char *whole = iss_text_thumbprint (sha1);
  g_autofree char *brief = iss_text_thumbprint_short (sha1);

  g_assert_cmpstr (whole, ==, SHA1);
  g_assert_cmpstr (brief, ==, "3F2A 91C0 … 5B1E");
}

static void
test_parse_thumbprint (void)
{
  const struct { const char *typed; const char *hex; } cases[] =
    {
      { SHA1, SHA1 },
      { "3f2a91c000112233445566778899aabbccdd5b1e", SHA1 },
      { "\xe2\x80\x8e" "3f 2a 91 c0 00 11 22 33 44 55 66 77 88 99 aa bb cc dd 5b 1e", SHA1 },
      { "3F:2A:91:C0:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:5B:1E", SHA1 },
      { "  3F2A91C000112233445566778899AABBCCDD5B1E\r\n", SHA1 },
      { "3F2A\xc2\xa0" "91C000112233445566778899AABBCCDD5B1E\xe2\x80\xac", SHA1 },
      { SHA256, SHA256 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = iss_text_parse_thumbprint (cases[i].typed, &error);
      g_autofree char *hex = NULL;

      g_assert_no_error (error);
      hex = iss_text_thumbprint (bytes);
      g_assert_cmpstr (hex, ==, cases[i].hex);
    }
}

static void
test_parse_thumbprint_bad (void)
{
  g_autofree char *long_one = g_strnfill (100000, ' ');
  const struct { const char *what; const char *typed; const char *shown; } cases[] =
    {
      { "empty", "", "“”" },
      { "only spaces", "    ", "0 hex digits" },
      { "one short", "3F2A91C000112233445566778899AABBCCDD5B1", "39 hex digits" },
      { "one long", SHA1 "0", "41 hex digits" },
      { "the short form", "3F2A 91C0 … 5B1E", "“3F2A 91C0 … 5B1E”" },
      { "another letter", "G" SHA1, "“G3F2A" },
      { "an option", "--thumbprint", "“--thumbprint”" },
      { "0x", "0x" SHA1, "“0x3F2A" },
      { "digits of another script", "٣" SHA1, "“٣3F2A" },
      { "an escape sequence shown", "z\x1b[31m", "“z" R "[31m”" },
      { "very long", long_one, "too long" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].what);
      g_assert_null (iss_text_parse_thumbprint (cases[i].typed, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, cases[i].shown));
      g_assert_false (g_str_has_suffix (error->message, "."));
    }
}

static void
test_host_names (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autofree char *longest = g_strdup_printf ("%s.%s.%s.%.61s", label, label, label, label);
  g_autofree char *too_long = g_strdup_printf ("%s.%s.%s.%.62s", label, label, label, label);
  const struct { const char *text; gboolean is_host; gboolean is_domain; } cases[] =
    {
      { "fe01", TRUE, FALSE },
      { "fe01.contoso.example", TRUE, TRUE },
      { "FE-01.Contoso.Example", TRUE, TRUE },
      { "3com.example", TRUE, TRUE },
      { "xn--mller-kva.example", TRUE, TRUE },
      { "contoso.123", TRUE, FALSE },
      { label, TRUE, FALSE },
      { longest, TRUE, TRUE },
      { "", FALSE, FALSE },
      { ".", FALSE, FALSE },
      { "contoso.example.", FALSE, FALSE },
      { ".contoso.example", FALSE, FALSE },
      { "contoso..example", FALSE, FALSE },
      { "-oProxyCommand=x", FALSE, FALSE },
      { "-fe01.example", FALSE, FALSE },
      { "fe01-.example", FALSE, FALSE },
      { "fe_01.example", FALSE, FALSE },
      { "*.contoso.example", FALSE, FALSE },
      { "fe01 .example", FALSE, FALSE },
      { "fe01.example\n", FALSE, FALSE },
      { "admin@fe01.example", FALSE, FALSE },
      { "fe01/example.net", FALSE, FALSE },
      { "müller.example", FALSE, FALSE },
      { "10.0.0.1", FALSE, FALSE },
      { "::1", FALSE, FALSE },
      { long_label, FALSE, FALSE },
      { too_long, FALSE, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (iss_text_is_host_name (cases[i].text), ==, cases[i].is_host);
      g_assert_cmpint (iss_text_is_dns_domain (cases[i].text), ==, cases[i].is_domain);
    }
}

static void
test_short_host (void)
{
  const struct
    {
      const char *name;
      const char *expected;
    } cases[] =
    {
      { "fe01.contoso.example", "fe01" },
      { "fe01", "fe01" },
      { "192.0.2.17", "192.0.2.17" },
      { "2001:db8::17", "2001:db8::17" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = iss_text_dup_short_host (cases[i].name);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_join_names (void)
{
  const char *names[] = { "fe01", "fe02", "fe03", "fe04", NULL };
  const char *expected[] = { "fe01, fe02, fe03 and fe04", "fe02, fe03 and fe04",
                             "fe03 and fe04", "fe04", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *joined = iss_text_join_names (names + i);

      g_assert_cmpstr (joined, ==, expected[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/sanitise", test_sanitise);
  g_test_add_func ("/text/sanitise/reads-no-further", test_sanitise_reads_no_further);
  g_test_add_func ("/text/is-clean", test_is_clean);
  g_test_add_func ("/text/hex", test_hex);
  g_test_add_func ("/text/hex/bad", test_hex_bad);
  g_test_add_func ("/text/thumbprint", test_thumbprint);
  g_test_add_func ("/text/parse-thumbprint", test_parse_thumbprint);
  g_test_add_func ("/text/parse-thumbprint/bad", test_parse_thumbprint_bad);
  g_test_add_func ("/text/host-names", test_host_names);
  g_test_add_func ("/text/short-host", test_short_host);
  g_test_add_func ("/text/join-names", test_join_names);

  return g_test_run ();
}
