/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pfx-cipher.h"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>

static void
test_stays_private (void)
{
  g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (NULL);
  guint8 salt[8] = { 1 };
  X509_ALGOR *algorithm = PKCS5_pbe_set (NID_pbe_WithSHA1And40BitRC2_CBC, 1, salt, sizeof salt);
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_pfx_cipher_check (cipher, algorithm, &error));
  g_assert_no_error (error);
  g_assert_null (EVP_CIPHER_fetch (NULL, "RC2-40-CBC", NULL));

  X509_ALGOR_free (algorithm);
}

static void
test_unknown (void)
{
  g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (NULL);
  g_autoptr(GError) error = NULL;
  X509_ALGOR *algorithm = X509_ALGOR_new ();

  algorithm->algorithm = OBJ_nid2obj (NID_rsaEncryption);
  g_assert_false (iss_pfx_cipher_check (cipher, algorithm, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);

  X509_ALGOR_free (algorithm);
}

static void
test_password (void)
{
  static const struct { gssize size; gboolean is_taken; } cases[] =
  {
    { -1, TRUE },     /* none */
    { 0, TRUE },
    { ISS_PFX_CIPHER_MAX_PASSWORD, TRUE },
    { ISS_PFX_CIPHER_MAX_PASSWORD + 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_malloc0 ((gsize) MAX (cases[i].size, 0) + 1);
      g_autoptr(IssSecret) secret = NULL;
      g_autoptr(GError) error = NULL;
      IssPfxPassword password = { "untouched", 9 };

      if (cases[i].size >= 0)
        secret = iss_secret_new (text, (gsize) cases[i].size);

      g_assert_cmpint (iss_pfx_cipher_take_password (secret, &password, &error), ==,
                       cases[i].is_taken);
      if (cases[i].is_taken)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (password.size, ==, (gsize) MAX (cases[i].size, 0));
        }
      else
        {
          g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
          g_assert_cmpuint (password.size, ==, 9);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-cipher/stays-private", test_stays_private);
  g_test_add_func ("/pfx-cipher/unknown", test_unknown);
  g_test_add_func ("/pfx-cipher/password", test_password);

  return g_test_run ();
}
