/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/der-walk.h"

#include "core/base/text.h"

#include <string.h>

/* A copy that ends where its memory ends: reading on is found by the sanitiser. */
static IssDerWalk
copy_hex (const char  *hex,
          guint8     **out_copy)
{
  g_autoptr(GBytes) bytes = hex[0] != '\0' ? iss_text_parse_hex (hex) : g_bytes_new (NULL, 0);
  gsize size;
  gconstpointer data;

  g_assert_nonnull (bytes);
  data = g_bytes_get_data (bytes, &size);
  *out_copy = g_memdup2 (data, size);

  return (IssDerWalk) { *out_copy, size };
}

static void
test_next (void)
{
  const struct { const char *hex; guint8 tag; gsize size; gsize left; } cases[] =
    {
      { "0500", 0x05, 0, 0 },
      { "0500ff", 0x05, 0, 1 },
      { "020101", 0x02, 1, 0 },
      { "a0020500", 0xa0, 2, 0 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *copy = NULL;
      IssDerWalk walk = copy_hex (cases[i].hex, &copy);
      IssDerWalk content;
      guint8 tag;

      g_assert_true (iss_der_walk_next (&walk, &tag, &content));
      g_assert_cmpuint (tag, ==, cases[i].tag);
      g_assert_cmpuint (content.size, ==, cases[i].size);
      g_assert_cmpuint (walk.size, ==, cases[i].left);
    }
}

static void
test_next_long (void)
{
  const struct { guint8 header[6]; gsize header_size; gsize size; } cases[] =
    {
      { { 0x04, 0x7f }, 2, 0x7f },
      { { 0x04, 0x81, 0x80 }, 3, 0x80 },
      { { 0x04, 0x82, 0x01, 0x00 }, 4, 0x100 },
      { { 0x04, 0x83, 0x01, 0x00, 0x00 }, 5, 0x10000 },
      { { 0x04, 0x84, 0x01, 0x00, 0x00, 0x00 }, 6, 0x1000000 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize whole = cases[i].header_size + cases[i].size;
      g_autofree guint8 *copy = g_malloc0 (whole);
      IssDerWalk walk = { copy, whole };
      IssDerWalk torn = { copy, whole - 1 };
      IssDerWalk content;
      guint8 tag;

      memcpy (copy, cases[i].header, cases[i].header_size);
      g_assert_true (iss_der_walk_next (&walk, &tag, &content));
      g_assert_cmpuint (content.size, ==, cases[i].size);
      g_assert_cmpuint (walk.size, ==, 0);
      g_assert_false (iss_der_walk_next (&torn, &tag, &content));
    }
}

static void
test_next_bad (void)
{
  const struct { const char *what; const char *hex; } cases[] =
    {
      { "nothing", "" },
      { "only a tag", "30" },
      { "content missing", "3001" },
      { "high tag number", "1f8100" },
      { "indefinite length", "30800000" },
      { "length of length 5", "30850000000001ff" },
      { "reserved length", "30ff" },
      { "long form for a short length", "308101ff" },
      { "long form of zero", "308100" },
      { "leading zero in the length", "3082008000" },
      { "length torn", "3082" },
      { "length torn in the middle", "308201" },
      { "length of 4 GiB", "3084ffffffff" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *copy = NULL;
      IssDerWalk walk = copy_hex (cases[i].hex, &copy);
      IssDerWalk before = walk;
      IssDerWalk content = { NULL, 99 };
      guint8 tag = 99;

      g_test_message ("%s", cases[i].what);
      g_assert_false (iss_der_walk_next (&walk, &tag, &content));
      g_assert_true (walk.data == before.data && walk.size == before.size);
      g_assert_cmpuint (tag, ==, 99);
      g_assert_cmpuint (content.size, ==, 99);
    }
}

static void
test_expect (void)
{
  g_autofree guint8 *copy = NULL;
  IssDerWalk walk = copy_hex ("0500020107", &copy);
  IssDerWalk content;

  g_assert_false (iss_der_walk_expect (&walk, 0x02, &content));
  g_assert_true (iss_der_walk_expect (&walk, 0x05, &content));
  g_assert_true (iss_der_walk_expect (&walk, 0x02, &content));
  g_assert_cmpuint (content.data[0], ==, 7);
  g_assert_false (iss_der_walk_expect (&walk, 0x02, &content));
}

static void
test_times (void)
{
  const struct { guint8 tag; const char *text; gint64 instant; } cases[] =
    {
      { 0x17, "700101000000Z", 0 },
      { 0x17, "691231235959Z", -1 },
      { 0x17, "270630220000Z", 1814392800 },
      { 0x17, "491231235959Z", 2524607999 },
      { 0x17, "500101000000Z", -631152000 },
      { 0x17, "000229000000Z", 951782400 },
      { 0x18, "20500101000000Z", 2524608000 },
      { 0x18, "20270630220000Z", 1814392800 },
      { 0x18, "99991231235959Z", G_GINT64_CONSTANT (253402300799) },
      { 0x18, "00010101000000Z", -62135596800 },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssDerWalk content = { (const guint8 *) cases[i].text, strlen (cases[i].text) };
      gint64 instant = 99;

      g_test_message ("%s", cases[i].text);
      g_assert_true (iss_der_walk_time (cases[i].tag, &content, &instant));
      g_assert_cmpint (instant, ==, cases[i].instant);
    }
}

static void
test_times_bad (void)
{
  const struct { guint8 tag; const char *text; } cases[] =
    {
      { 0x17, "" }, { 0x17, "Z" }, { 0x17, "2706302200Z" }, { 0x17, "270630220000" },
      { 0x17, "270630220000+0200" }, { 0x17, "270630220000z" }, { 0x17, "27063022000aZ" },
      { 0x17, "270631000000Z" }, { 0x17, "270229000000Z" }, { 0x17, "271301000000Z" },
      { 0x17, "270001000000Z" }, { 0x17, "270100000000Z" }, { 0x17, "270101240000Z" },
      { 0x17, "270101006000Z" }, { 0x17, "270101000060Z" }, { 0x17, "20270101000000Z" },
      { 0x17, "-70101000000Z" }, { 0x17, " 70101000000Z" },
      { 0x18, "270630220000Z" }, { 0x18, "20270630220000.5Z" }, { 0x18, "202706302200Z" },
      { 0x18, "20270630220000" }, { 0x18, "19000229000000Z" }, { 0x18, "00000101000000Z" },
      { 0x13, "270630220000Z" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssDerWalk content = { (const guint8 *) cases[i].text, strlen (cases[i].text) };
      gint64 instant = 99;

      g_test_message ("%s", cases[i].text);
      g_assert_false (iss_der_walk_time (cases[i].tag, &content, &instant));
      g_assert_cmpint (instant, ==, 99);
    }
}

static void
test_strings (void)
{
  const struct { const char *what; guint8 tag; const char *hex; const char *text; } cases[] =
    {
      { "UTF8String", 0x0c, "4dc3bc6c6c6572", "Müller" },
      { "UTF8String that is Latin-1", 0x0c, "4dfc", "M\xef\xbf\xbd" },
      { "PrintableString", 0x13, "66653031", "fe01" },
      { "IA5String", 0x16, "66653031", "fe01" },
      { "PrintableString that is Latin-1", 0x13, "4dfc6c6c6572", "Müller" },
      { "IA5String that is Latin-1", 0x16, "4dfc6c6c6572", "Müller" },
      { "T61String", 0x14, "4dfc6c6c6572", "Müller" },
      { "BMPString", 0x1e, "004d00fc20ac", "Mü€" },
      { "BMPString with a pair", 0x1e, "d83ddd11", "\xf0\x9f\x94\x91" },
      { "BMPString with half a pair", 0x1e, "d83d0041", "\xef\xbf\xbd" "A" },
      { "BMPString ends in half a pair", 0x1e, "0041d83d", "A\xef\xbf\xbd" },
      { "BMPString of odd length", 0x1e, "004100", NULL },
      { "UniversalString", 0x1c, "0000004d0001f511", "M\xf0\x9f\x94\x91" },
      { "UniversalString past Unicode", 0x1c, "00110000", "\xef\xbf\xbd" },
      { "UniversalString torn", 0x1c, "0000004d0000", NULL },
      { "a NUL inside", 0x0c, "61006202", "a\xef\xbf\xbd" "b\xef\xbf\xbd" },
      { "empty", 0x0c, "", "" },
      { "empty BMPString", 0x1e, "", "" },
      { "too long", 0x13, "6162636465666768696a6b6c", "abcdefghi…" },
      { "too long, wide", 0x1e, "0061006200630064006500660067006800690061006b", "abcdefghi…" },
      { "too long, Latin-1", 0x14, "6162636465666768696a6b6c", "abcdefghi…" },
      { "an integer", 0x02, "41", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *copy = NULL;
      IssDerWalk content = copy_hex (cases[i].hex, &copy);
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].what);
      if (content.size == 0)
        content.data = (const guint8 *) "";
      text = iss_der_walk_string (cases[i].tag, &content, 10);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_oids (void)
{
  const struct { const char *hex; const char *text; } cases[] =
    {
      { "2b06010505070301", "1.3.6.1.5.5.7.3.1" },
      { "551d2500", "2.5.29.37.0" },
      { "00", "0.0" },
      { "27", "0.39" },
      { "28", "1.0" },
      { "4f", "1.39" },
      { "50", "2.0" },
      { "8837", "2.999" },
      { "6981808080808080808000", "2.25.9223372036854775808" },
      { "6983ffffffffffffffffffffffffffffffffff7f",
        "2.25.340282366920938463463374607431768211455" },   /* a UUID */
      { "", NULL },
      { "80", NULL },
      { "2b80", NULL },
      { "2b8001", NULL },
      { "8001", NULL },
      { "2b0681", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *copy = NULL;
      IssDerWalk content = copy_hex (cases[i].hex, &copy);
      g_autofree char *text = iss_der_walk_oid (&content);

      g_test_message ("%s", cases[i].hex);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/der-walk/next", test_next);
  g_test_add_func ("/der-walk/next/long", test_next_long);
  g_test_add_func ("/der-walk/next/bad", test_next_bad);
  g_test_add_func ("/der-walk/expect", test_expect);
  g_test_add_func ("/der-walk/times", test_times);
  g_test_add_func ("/der-walk/times/bad", test_times_bad);
  g_test_add_func ("/der-walk/strings", test_strings);
  g_test_add_func ("/der-walk/oids", test_oids);

  return g_test_run ();
}
