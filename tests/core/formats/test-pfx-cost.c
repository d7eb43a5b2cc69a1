/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/certificate/openssl.h"
#include "core/formats/pfx-cost.h"

#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <string.h>

static X509_ALGOR *
make_algorithm (int kind,
                int iterations)
{
  guint8 salt[8] = { 1 };

  if (kind == NID_pbes2)
    return PKCS5_pbe2_set_iv (EVP_aes_256_cbc (), iterations, salt, sizeof salt, NULL,
                              NID_hmacWithSHA256);

  return PKCS5_pbe_set (kind, iterations, salt, sizeof salt);
}

static void
test_algorithms (void)
{
  static const struct
  {
    int     kind;
    int     iterations;
    int     code;           /* -1: paid */
  } cases[] =
  {
    { NID_pbes2, 1, -1 },
    { NID_pbes2, 600000, -1 },
    { NID_pbes2, ISS_PFX_MAX_DERIVATION, -1 },
    { NID_pbes2, ISS_PFX_MAX_DERIVATION + 1, ISS_ERROR_TOO_COSTLY },
    { NID_pbes2, G_MAXINT, ISS_ERROR_TOO_COSTLY },
    { NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2000, -1 },
    { NID_pbe_WithSHA1And40BitRC2_CBC, G_MAXINT, ISS_ERROR_TOO_COSTLY },
    { NID_pbeWithMD5AndDES_CBC, 2048, -1 },
    { NID_rsaEncryption, 1, ISS_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      IssPfxCost cost = { 0 };
      X509_ALGOR *algorithm = make_algorithm (cases[i].kind, cases[i].iterations);
      gboolean paid = iss_pfx_cost_pay_algorithm (&cost, algorithm, &error);

      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_true (paid);
          g_assert_cmpuint (cost.spent, ==, (guint) cases[i].iterations);
        }
      else
        {
          g_assert_false (paid);
          g_assert_error (error, ISS_ERROR, cases[i].code);
          g_assert_cmpuint (cost.spent, ==, 0);
        }

      X509_ALGOR_free (algorithm);
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *number;
    int         code;       /* -1: paid */
  } cases[] =
  {
    { "1", -1 },
    { "0", ISS_ERROR_MALFORMED },
    { "-1", ISS_ERROR_MALFORMED },
    { "-9223372036854775809", ISS_ERROR_MALFORMED },
    { "9223372036854775808", ISS_ERROR_TOO_COSTLY },
    { "18446744073709551616", ISS_ERROR_TOO_COSTLY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      IssPfxCost cost = { 0 };
      BIGNUM *number = NULL;
      ASN1_INTEGER *integer;

      BN_dec2bn (&number, cases[i].number);
      integer = BN_to_ASN1_INTEGER (number, NULL);

      g_assert_true (iss_pfx_cost_pay_integer (&cost, integer, &error) == (cases[i].code < 0));
      if (cases[i].code >= 0)
        g_assert_error (error, ISS_ERROR, cases[i].code);

      ASN1_INTEGER_free (integer);
      BN_free (number);
    }
}

static void
test_whole_file (void)
{
  g_autoptr(GError) error = NULL;
  IssPfxCost cost = { 0 };

  g_assert_true (iss_pfx_cost_pay (&cost, ISS_PFX_MAX_DERIVATION, &error));
  g_assert_true (iss_pfx_cost_pay (&cost, ISS_PFX_MAX_TOTAL - ISS_PFX_MAX_DERIVATION - 1, &error));
  g_assert_true (iss_pfx_cost_pay (&cost, 1, &error));
  g_assert_no_error (error);
  g_assert_false (iss_pfx_cost_pay (&cost, 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);
  g_assert_nonnull (strstr (error->message, "5500001"));
}

/* What is paid for one million iterations. */
static void
test_pbkdf2 (void)
{
  static const struct
  {
    int     prf;            /* NID_undef: not said, which is SHA-1 */
    gint64  key_size;
    guint64 spent;          /* millions; 0: too costly */
  } cases[] =
  {
    { NID_hmacWithSHA256, 32, 1 },
    { NID_hmacWithSHA256, 33, 2 },
    { NID_hmacWithSHA256, 64, 2 },
    { NID_undef,          20, 1 },
    { NID_undef,          32, 2 },
    { NID_hmacWithSHA1,   64, 4 },
    { NID_hmacWithSHA384, 32, 2 },
    { NID_hmacWithSHA512, 64, 2 },
    { NID_hmacWithSHA1,   121, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PBKDF2PARAM) parameters = PBKDF2PARAM_new ();
      g_autoptr(GError) error = NULL;
      IssPfxCost cost = { 0 };

      g_assert_true (ASN1_INTEGER_set (parameters->iter, 1000000));
      if (cases[i].prf != NID_undef)
        {
          parameters->prf = X509_ALGOR_new ();
          g_assert_true (X509_ALGOR_set0 (parameters->prf, OBJ_nid2obj (cases[i].prf), V_ASN1_NULL,
                                          NULL));
        }

      g_assert_cmpint (iss_pfx_cost_pay_pbkdf2 (&cost, parameters, cases[i].key_size, &error), ==,
                       cases[i].spent != 0);
      g_assert_cmpuint (cost.spent, ==, cases[i].spent * 1000000);
      if (cases[i].spent == 0)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);
    }
}

static void
test_scrypt (void)
{
  static const struct
  {
    guint64  n, r, p;
    gboolean paid;
  } cases[] =
  {
    { 16384, 8, 1, TRUE },
    { 16384, 8, 16, TRUE },
    { 16384, 8, 17, FALSE },
    { 1 << 20, 8, 1, FALSE },
    { 2, G_MAXINT64, 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      IssPfxCost cost = { 0 };
      PBE2PARAM *parameters = PBE2PARAM_new ();
      SCRYPT_PARAMS *scrypt = SCRYPT_PARAMS_new ();
      X509_ALGOR *algorithm = X509_ALGOR_new ();
      guint8 salt = 1;

      ASN1_OCTET_STRING_set (scrypt->salt, &salt, 1);
      ASN1_INTEGER_set_uint64 (scrypt->costParameter, cases[i].n);
      ASN1_INTEGER_set_uint64 (scrypt->blockSize, cases[i].r);
      ASN1_INTEGER_set_uint64 (scrypt->parallelizationParameter, cases[i].p);
      parameters->keyfunc->algorithm = OBJ_nid2obj (NID_id_scrypt);
      ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (SCRYPT_PARAMS), scrypt,
                               &parameters->keyfunc->parameter);
      parameters->encryption->algorithm = OBJ_nid2obj (NID_aes_256_cbc);
      algorithm->algorithm = OBJ_nid2obj (NID_pbes2);
      ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBE2PARAM), parameters, &algorithm->parameter);

      g_assert_true (iss_pfx_cost_pay_algorithm (&cost, algorithm, &error) == cases[i].paid);
      if (!cases[i].paid)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);

      X509_ALGOR_free (algorithm);
      SCRYPT_PARAMS_free (scrypt);
      PBE2PARAM_free (parameters);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-cost/algorithms", test_algorithms);
  g_test_add_func ("/pfx-cost/numbers", test_numbers);
  g_test_add_func ("/pfx-cost/whole-file", test_whole_file);
  g_test_add_func ("/pfx-cost/pbkdf2", test_pbkdf2);
  g_test_add_func ("/pfx-cost/scrypt", test_scrypt);

  return g_test_run ();
}
