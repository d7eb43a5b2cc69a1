/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pfx-mac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pkcs12.h>
#include <string.h>

/* PBMAC1 as RFC 9579 has it, made with the primitives: OpenSSL 3.0 cannot. */
static IssPfxMacData *
make_pbmac1 (const char              *password,
             const ASN1_OCTET_STRING *content,
             int                      iterations,
             int                      key_size)
{
  IssPfxMacData *mac = g_new0 (IssPfxMacData, 1);
  PBE2PARAM *parameters = PBE2PARAM_new ();
  X509_ALGOR *algorithm;
  ASN1_OCTET_STRING *digest;
  guint8 salt[8] = { 1, 2, 3 };
  guint8 key[65];
  guint8 made[32];

  X509_ALGOR_free (parameters->keyfunc);
  parameters->keyfunc = PKCS5_pbkdf2_set (iterations, salt, sizeof salt, NID_hmacWithSHA256,
                                          key_size);
  X509_ALGOR_set0 (parameters->encryption, OBJ_nid2obj (NID_hmacWithSHA256), V_ASN1_NULL, NULL);

  g_assert_true (PKCS5_PBKDF2_HMAC (password, -1, salt, sizeof salt, iterations, EVP_sha256 (),
                                    key_size, key));
  g_assert_nonnull (HMAC (EVP_sha256 (), key, key_size, content->data, (size_t) content->length,
                          made, NULL));

  mac->digest = X509_SIG_new ();
  mac->salt = ASN1_OCTET_STRING_new ();
  X509_SIG_getm (mac->digest, &algorithm, &digest);
  algorithm->algorithm = OBJ_nid2obj (NID_pbmac1);
  ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBE2PARAM), parameters, &algorithm->parameter);
  ASN1_OCTET_STRING_set (digest, made, sizeof made);
  PBE2PARAM_free (parameters);

  return mac;
}

static void
free_mac (IssPfxMacData *mac)
{
  X509_SIG_free (mac->digest);
  ASN1_OCTET_STRING_free (mac->salt);
  ASN1_INTEGER_free (mac->iterations);
  g_free (mac);
}

static void
test_pbmac1 (void)
{
  static const struct
  {
    int iterations;
    int key_size;
    int code;         /* -1: fine */
  } cases[] =
  {
    { 2048, 32, -1 },
    { 1, 20, -1 },
    { 1, 64, -1 },
    { 1, 65, ISS_ERROR_MALFORMED },
    { 1, 19, ISS_ERROR_MALFORMED },
    { 1, 0, ISS_ERROR_MALFORMED },
  };
  ASN1_OCTET_STRING *content = ASN1_OCTET_STRING_new ();

  ASN1_OCTET_STRING_set (content, (const guint8 *) "content", 7);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (NULL);
      IssPfxMacData *mac = make_pbmac1 ("secret", content, cases[i].iterations, cases[i].key_size);
      const IssPfxPassword right = { "secret", 6 };
      const IssPfxPassword wrong = { "Secret", 6 };
      IssIntegrity integrity = ISS_INTEGRITY_NONE;
      IssPfxCost cost = { 0 };

      g_assert_true (iss_pfx_mac_check (mac, cipher, &cost, &integrity, &error) ==
                     (cases[i].code < 0));

      if (cases[i].code < 0)
        {
          g_assert_cmpint (integrity, ==, ISS_INTEGRITY_PBMAC1);
          /* Each block of the key is derived by itself. */
          g_assert_cmpuint (cost.spent, ==, (guint) cases[i].iterations *
                                            (cases[i].key_size > 32 ? 2 : 1));
          g_assert_true (iss_pfx_mac_verify (mac, content, cipher, &right));
          g_assert_false (iss_pfx_mac_verify (mac, content, cipher, &wrong));
          content->data[0] ^= 1;
          g_assert_false (iss_pfx_mac_verify (mac, content, cipher, &right));
          content->data[0] ^= 1;
        }
      else
        {
          g_assert_error (error, ISS_ERROR, cases[i].code);
        }

      free_mac (mac);
    }

  ASN1_OCTET_STRING_free (content);
}

typedef enum
{
  KEY_FUNCTION,   /* another than PBKDF2 */
  PRF,            /* of PBKDF2, one that nobody knows */
  HMAC_DIGEST     /* the same of the MAC itself */
} Part;

/* Puts another algorithm into one part of a PBMAC1. */
static void
change_part (IssPfxMacData *mac,
             Part           part,
             int            nid)
{
  X509_ALGOR *algorithm;
  PBE2PARAM *parameters;
  PBKDF2PARAM *pbkdf2;

  X509_SIG_getm (mac->digest, &algorithm, NULL);
  parameters = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  g_assert_nonnull (parameters);

  switch (part)
    {
    case KEY_FUNCTION:
      ASN1_OBJECT_free (parameters->keyfunc->algorithm);
      parameters->keyfunc->algorithm = OBJ_nid2obj (nid);
      break;

    case PRF:
      pbkdf2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM),
                                          parameters->keyfunc->parameter);
      g_assert_nonnull (pbkdf2);
      X509_ALGOR_set0 (pbkdf2->prf, OBJ_nid2obj (nid), V_ASN1_NULL, NULL);
      ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), pbkdf2,
                               &parameters->keyfunc->parameter);
      PBKDF2PARAM_free (pbkdf2);
      break;

    case HMAC_DIGEST:
      X509_ALGOR_set0 (parameters->encryption, OBJ_nid2obj (nid), V_ASN1_NULL, NULL);
      break;
    }

  ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBE2PARAM), parameters, &algorithm->parameter);
  PBE2PARAM_free (parameters);
}

/* What is not known is said by its name, and nothing is derived or paid for. */
static void
test_pbmac1_unknown (void)
{
  static const struct
  {
    Part        part;
    int         nid;
    const char *name;
  } cases[] =
  {
    { KEY_FUNCTION, NID_id_scrypt, "scrypt" },
    { KEY_FUNCTION, NID_pbes2, "PBES2" },
    { PRF, NID_sha256, "sha256" },
    { PRF, NID_aes_256_cbc, "aes-256-cbc" },
    { HMAC_DIGEST, NID_sha256, "sha256" },
    { HMAC_DIGEST, NID_rsaEncryption, "rsaEncryption" },
  };
  ASN1_OCTET_STRING *content = ASN1_OCTET_STRING_new ();

  ASN1_OCTET_STRING_set (content, (const guint8 *) "content", 7);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (NULL);
      IssPfxMacData *mac = make_pbmac1 ("secret", content, 1, 32);
      const IssPfxPassword right = { "secret", 6 };
      IssIntegrity integrity = ISS_INTEGRITY_NONE;
      IssPfxCost cost = { 0 };

      change_part (mac, cases[i].part, cases[i].nid);
      g_assert_false (iss_pfx_mac_check (mac, cipher, &cost, &integrity, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].name));
      g_assert_cmpint (integrity, ==, ISS_INTEGRITY_NONE);
      g_assert_cmpuint (cost.spent, ==, 0);
      g_assert_false (iss_pfx_mac_verify (mac, content, cipher, &right));
      free_mac (mac);
    }

  ASN1_OCTET_STRING_free (content);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-mac/pbmac1", test_pbmac1);
  g_test_add_func ("/pfx-mac/pbmac1-unknown", test_pbmac1_unknown);

  return g_test_run ();
}
