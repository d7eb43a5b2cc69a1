/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/openssl.h"
#include "core/formats/pfx-key-length.h"

/* PBES2 with @cipher, and @size beside it where it is not 0. */
static X509_ALGOR *
make_algorithm (const EVP_CIPHER *cipher,
                long              size)
{
  guint8 salt[8] = { 1 };
  X509_ALGOR *algorithm = PKCS5_pbe2_set_iv (EVP_aes_128_cbc (), 2000, salt, sizeof salt,
                                             NULL, -1);
  g_autoptr(PBE2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  g_autoptr(PBKDF2PARAM) pbkdf2 =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), parameters->keyfunc->parameter);

  /* By its name alone: RC2 itself is not there without the legacy provider. */
  parameters->encryption->algorithm = OBJ_nid2obj (EVP_CIPHER_get_type (cipher));
  g_clear_pointer (&pbkdf2->keylength, ASN1_INTEGER_free);
  if (size != 0)
    {
      pbkdf2->keylength = ASN1_INTEGER_new ();
      g_assert_true (ASN1_INTEGER_set (pbkdf2->keylength, size));
    }

  g_assert_nonnull (ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), pbkdf2,
                                             &parameters->keyfunc->parameter));
  g_assert_nonnull (ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBE2PARAM), parameters,
                                             &algorithm->parameter));

  return algorithm;
}

static int
get_cipher (const X509_ALGOR *algorithm)
{
  g_autoptr(PBE2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);

  return OBJ_obj2nid (parameters->encryption->algorithm);
}

static void
test_sizes (void)
{
  const struct
  {
    const EVP_CIPHER *cipher;
    long              size;
    gboolean          fits;
    int               mended;   /* NID_undef: nothing is to be mended */
  } cases[] =
  {
    { EVP_aes_128_cbc (),      0,    TRUE,  NID_undef },
    { EVP_aes_128_cbc (),      16,   TRUE,  NID_undef },
    { EVP_aes_128_cbc (),      32,   TRUE,  NID_aes_256_cbc },
    { EVP_aes_192_cbc (),      32,   TRUE,  NID_aes_256_cbc },
    { EVP_aes_256_cbc (),      16,   TRUE,  NID_aes_128_cbc },
    { EVP_aes_256_cbc (),      32,   TRUE,  NID_undef },
    { EVP_aes_256_cbc (),      31,   FALSE, NID_undef },
    { EVP_aes_256_cbc (),      -32,  FALSE, NID_undef },
    { EVP_aes_256_cbc (),      8192, FALSE, NID_undef },
    { EVP_camellia_128_cbc (), 32,   TRUE,  NID_camellia_256_cbc },
    { EVP_des_ede3_cbc (),     24,   TRUE,  NID_undef },
    { EVP_des_ede3_cbc (),     16,   FALSE, NID_undef },
    { EVP_rc2_cbc (),          5,    TRUE,  NID_undef },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(X509_ALGOR) algorithm = make_algorithm (cases[i].cipher, cases[i].size);
      g_autoptr(X509_ALGOR) mended = iss_pfx_key_length_dup_mended (algorithm);

      g_test_message ("%s, %ld", EVP_CIPHER_get0_name (cases[i].cipher), cases[i].size);
      g_assert_cmpint (iss_pfx_key_length_fits (algorithm), ==, cases[i].fits);
      g_assert_cmpint (mended != NULL ? get_cipher (mended) : NID_undef, ==, cases[i].mended);
      /* What was given is as it was. */
      g_assert_cmpint (get_cipher (algorithm), ==, EVP_CIPHER_get_type (cases[i].cipher));
    }
}

/* Nothing is said of what is not PBES2, or of which the parameters are none. */
static void
test_others (void)
{
  guint8 salt[8] = { 1 };
  g_autoptr(X509_ALGOR) old = PKCS5_pbe_set (NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 1, salt,
                                             sizeof salt);
  g_autoptr(X509_ALGOR) empty = X509_ALGOR_new ();

  g_assert_true (iss_pfx_key_length_fits (old));
  g_assert_null (iss_pfx_key_length_dup_mended (old));

  g_assert_true (X509_ALGOR_set0 (empty, OBJ_nid2obj (NID_pbes2), V_ASN1_NULL, NULL));
  g_assert_true (iss_pfx_key_length_fits (empty));
  g_assert_null (iss_pfx_key_length_dup_mended (empty));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-key-length/sizes", test_sizes);
  g_test_add_func ("/pfx-key-length/others", test_others);

  return g_test_run ();
}
