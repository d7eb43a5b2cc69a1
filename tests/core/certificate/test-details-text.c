/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details-text.h"

#include <string.h>

static void
assert_texts (IssDetailsText *text,
              const char     *summary,
              const char     *shown)
{
  g_autofree char *summary_found = iss_details_text_dup_summary (text);
  g_autofree char *shown_found = iss_details_text_dup_shown (text);
  g_autofree char *whole_found = iss_details_text_dup_whole (text);

  g_assert_cmpstr (summary_found, ==, summary);
  g_assert_cmpstr (shown_found, ==, shown);
  g_assert_cmpstr (whole_found, ==, shown);
}

static void
test_lines (void)
{
  g_autoptr(IssDetailsText) text = iss_details_text_new ();

  assert_texts (text, "", "");
  iss_details_text_add (text, 0, "Permitted:");
  iss_details_text_add_format (text, 1, "[%d]Names:", 1);
  iss_details_text_add (text, 2, "DNS Name=a\u200eb");
  iss_details_text_add (text, 2, "");
  iss_details_text_add (text, 0, "Excluded=None");
  g_assert_cmpuint (iss_details_text_get_n_lines (text), ==, 5);
  assert_texts (text, "Permitted: [1]Names: DNS Name=a\ufffdb, , Excluded=None",
                "Permitted:\n    [1]Names:\n        DNS Name=a\ufffdb\n        \nExcluded=None");
  iss_details_text_set_summary (text, "something\nelse");
  assert_texts (text, "something\ufffdelse",
                "Permitted:\n    [1]Names:\n        DNS Name=a\ufffdb\n        \nExcluded=None");
}

static void
test_bytes (void)
{
  static const guint8 bytes[] = { 0x30, 0x11, 'A', 'b', 0x7f, ' ', 0xff, 7, 8, 9, 10, 11, 12, 13,
                                  14, 15, 16 };
  g_autoptr(IssDetailsText) hex = iss_details_text_new ();
  g_autoptr(IssDetailsText) dump = iss_details_text_new ();
  g_autoptr(IssDetailsText) nothing = iss_details_text_new ();

  iss_details_text_add_hex (hex, 0, bytes, sizeof bytes);
  assert_texts (hex, "30 11 41 62 7f 20 ff 07 08 09 0a 0b 0c 0d 0e 0f 10",
                "30 11 41 62 7f 20 ff 07 08 09 0a 0b 0c 0d 0e 0f\n10");
  iss_details_text_add_dump (dump, bytes, sizeof bytes);
  assert_texts (dump, "30 11 41 62 7f 20 ff 07 08 09 0a 0b 0c 0d 0e 0f 10",
                "30 11 41 62 7f 20 ff 07 08 09 0a 0b 0c 0d 0e 0f  0.Ab. ..........\n"
                "10                                               .");
  iss_details_text_add_dump (nothing, NULL, 0);
  assert_texts (nothing, "", "");
}

static void
test_limits (void)
{
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  g_autofree char *long_line = g_strnfill (100000, 'x');
  g_autofree char *summary = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *whole = NULL;

  iss_details_text_add (text, 0, long_line);
  for (guint i = 1; i < ISS_DETAILS_TEXT_MAX_LINES + 5; i++)
    iss_details_text_add (text, 0, "line");

  summary = iss_details_text_dup_summary (text);
  shown = iss_details_text_dup_shown (text);
  whole = iss_details_text_dup_whole (text);
  g_assert_cmpint (g_utf8_strlen (summary, -1), ==, 256);
  g_assert_cmpuint (strlen (shown), <, 6000);
  g_assert_true (g_str_has_suffix (shown, "\n… and 19749 more"));
  g_assert_true (g_str_has_suffix (whole, "line\n… and 5 more"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/details-text/lines", test_lines);
  g_test_add_func ("/details-text/bytes", test_bytes);
  g_test_add_func ("/details-text/limits", test_limits);

  return g_test_run ();
}
