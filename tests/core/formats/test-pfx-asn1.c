/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-asn1.h"

static void
test_lists (void)
{
  static const struct
  {
    const char *bytes;
    gsize       size;
    guint       n;
    gboolean    failed;
  } cases[] =
  {
    { "\x30\x00", 2, 0, FALSE },
    { "\x30\x80\x00\x00", 4, 0, FALSE },
    { "\x30\x06\x30\x04\x06\x02\x2a\x03", 8, 1, FALSE },
    { "\x30\x80\x30\x04\x06\x02\x2a\x03\x00\x00", 10, 1, FALSE },
    { "\x30\x07\x30\x04\x06\x02\x2a\x03\x00", 9, 1, TRUE },
    { "\x30\x80\x30\x04\x06\x02\x2a\x03", 8, 1, TRUE },
    { "\x30\x00\x00", 3, 0, TRUE },
    { "\x31\x00", 2, 0, TRUE },
    /* What follows a bad beginning is not read, however good it is. */
    { "\x31\x06\x30\x04\x06\x02\x2a\x03", 8, 0, TRUE },
    { "\x30\x06\x30\x04\x06\x02\x2a\x03\x00", 9, 0, TRUE },
    { "\x30\x05\x30\x04\x06\x02\x2a\x03", 8, 0, TRUE },
    { "\x30\x01", 2, 0, TRUE },
    { "\x30", 1, 0, TRUE },
    { "", 0, 0, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssPfxList list;
      IssPfxContent *content;
      guint n = 0;

      iss_pfx_asn1_list_open (&list, (const guint8 *) cases[i].bytes, cases[i].size);
      while ((content = iss_pfx_asn1_list_next_content (&list)) != NULL)
        {
          iss_pfx_asn1_content_free (content);
          n++;
        }

      g_assert_cmpuint (n, ==, cases[i].n);
      g_assert_true (list.failed == cases[i].failed);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-asn1/lists", test_lists);

  return g_test_run ();
}
