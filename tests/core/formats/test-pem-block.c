/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pem-block.h"

#include <string.h>

static void
test_find (void)
{
  static const struct
  {
    const char        *text;
    IssPemBlockResult  result;
    const char        *decoded;   /* (nullable): not base64 */
  } cases[] =
  {
    { "", ISS_PEM_BLOCK_NONE, NULL },
    { "nothing here", ISS_PEM_BLOCK_NONE, NULL },
    { "-----BEGIN", ISS_PEM_BLOCK_NONE, NULL },
    { "-----BEGIN X\nYQ==\n-----END X-----\n", ISS_PEM_BLOCK_NONE, NULL },
    { "x-----BEGIN X-----\nYQ==\n-----END X-----\n", ISS_PEM_BLOCK_NONE, NULL },
    { "-----BEGIN X-----\nYWJj\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "abc" },
    { "-----BEGIN X-----\nYWJj\n-----END X-----", ISS_PEM_BLOCK_FOUND, "abc" },
    { "text\r\n-----BEGIN X-----\r\nYW\r\nJj\r\n-----END X-----\r\n", ISS_PEM_BLOCK_FOUND, "abc" },
    { "-----BEGIN X-----\n Y W J\tj\n\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "abc" },
    { "-----BEGIN X-----\nYWI=\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "ab" },
    { "-----BEGIN X-----\nYQ==\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "a" },
    { "-----BEGIN X-----\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "" },
    { "-----BEGIN X-----\nA: b\n\nYWJj\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "abc" },
    { "-----BEGIN X-----\nYQ=\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, NULL },
    { "-----BEGIN X-----\nYQ===\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, NULL },
    { "-----BEGIN X-----\nYQ==YQ==\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, NULL },
    { "-----BEGIN X-----\nY\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, NULL },
    { "-----BEGIN X-----\nYW*j\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, NULL },
    { "\xef\xbb\xbf-----BEGIN X-----\nYWJj\n-----END X-----\n", ISS_PEM_BLOCK_FOUND, "abc" },
    { "\xbb\xbf-----BEGIN X-----\nYWJj\n-----END X-----\n", ISS_PEM_BLOCK_NONE, NULL },
    { "-----BEGIN X-----\nYWJj\n", ISS_PEM_BLOCK_TORN, NULL },
    { "-----BEGIN X-----\nYWJj\n-----END X", ISS_PEM_BLOCK_TORN, NULL },
    { "-----BEGIN X-----\nYWJj\n-----END Y-----\n", ISS_PEM_BLOCK_TORN, NULL },
    { "-----BEGIN X-----\n-----BEGIN X-----\nYWJj\n-----END X-----\n", ISS_PEM_BLOCK_TORN, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssPemBlock block;
      const char *text = cases[i].text;
      gsize size = strlen (text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (iss_pem_block_next (&text, &size, &block), ==, (int) cases[i].result);

      if (cases[i].result == ISS_PEM_BLOCK_FOUND)
        {
          g_autoptr(GBytes) bytes = iss_pem_block_dup_bytes (&block);
          g_autoptr(IssSecret) secret = iss_pem_block_dup_secret (&block);

          g_assert_true (iss_pem_block_is (&block, "X"));
          g_assert_false (iss_pem_block_is (&block, "XY"));
          g_assert_true ((bytes == NULL) == (cases[i].decoded == NULL));
          g_assert_true ((secret == NULL) == (cases[i].decoded == NULL));

          if (bytes != NULL)
            g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                             cases[i].decoded, strlen (cases[i].decoded));

          g_assert_cmpint (iss_pem_block_next (&text, &size, &block), ==, ISS_PEM_BLOCK_NONE);
        }
    }
}

static void
test_headers (void)
{
  const char *text = "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\r\nDEK-Info:A,B \n\n"
                     "YWJj\n-----END X-----\n";
  gsize size = strlen (text);
  IssPemBlock block;
  g_autofree char *type = NULL;
  g_autofree char *info = NULL;

  g_assert_cmpint (iss_pem_block_next (&text, &size, &block), ==, ISS_PEM_BLOCK_FOUND);
  type = iss_pem_block_dup_header (&block, "Proc-Type");
  info = iss_pem_block_dup_header (&block, "DEK-Info");
  g_assert_cmpstr (type, ==, "4,ENCRYPTED");
  g_assert_cmpstr (info, ==, "A,B");
  g_assert_null (iss_pem_block_dup_header (&block, "Other"));
}

/* The same as everybody's base64. */
static void
test_base64 (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (gsize n = 0; n < 400; n++)
    {
      g_autofree guint8 *data = g_malloc (n + 1);
      g_autofree char *base64 = NULL;
      g_autofree char *text = NULL;
      g_autoptr(GBytes) bytes = NULL;
      const char *at;
      IssPemBlock block;
      gsize size;

      for (gsize i = 0; i < n; i++)
        data[i] = (guint8) g_rand_int (rand);

      base64 = g_base64_encode (data, n);
      text = g_strdup_printf ("-----BEGIN X-----\n%s\n-----END X-----\n", base64);
      at = text;
      size = strlen (text);
      g_assert_cmpint (iss_pem_block_next (&at, &size, &block), ==, ISS_PEM_BLOCK_FOUND);
      bytes = iss_pem_block_dup_bytes (&block);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, n);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pem-block/find", test_find);
  g_test_add_func ("/pem-block/headers", test_headers);
  g_test_add_func ("/pem-block/base64", test_base64);

  return g_test_run ();
}
