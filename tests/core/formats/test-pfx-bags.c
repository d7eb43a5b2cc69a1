/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pfx-bags.h"
#include "core/formats/pfx.h"
#include "core/formats/seal.h"

#include <openssl/pkcs12.h>
#include <string.h>

/* DER by hand: what OpenSSL does not write. */
static GByteArray *
wrap (guint8       tag,
      GByteArray  *content)
{
  GByteArray *out = g_byte_array_new ();
  guint8 header[4] = { tag, 0x82, (guint8) (content->len >> 8), (guint8) content->len };

  g_byte_array_append (out, header, sizeof header);
  g_byte_array_append (out, content->data, content->len);
  g_byte_array_unref (content);

  return out;
}

static GByteArray *
make_bag (guint8      kind,
          GByteArray *value)
{
  const guint8 oid[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01,
                         kind };
  GByteArray *explicit = wrap (0xa0, value);
  GByteArray *bag = g_byte_array_new ();

  g_byte_array_append (bag, oid, sizeof oid);
  g_byte_array_append (bag, explicit->data, explicit->len);
  g_byte_array_unref (explicit);

  return wrap (0x30, bag);
}

static GByteArray *
make_certificate_bag (IssCertificate *certificate)
{
  const guint8 oid[] = { 0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01 };
  GBytes *der = iss_certificate_get_der (certificate);
  GByteArray *octets = g_byte_array_new ();
  GByteArray *explicit;
  GByteArray *value = g_byte_array_new ();

  g_byte_array_append (octets, g_bytes_get_data (der, NULL), (guint) g_bytes_get_size (der));
  explicit = wrap (0xa0, wrap (0x04, octets));
  g_byte_array_append (value, oid, sizeof oid);
  g_byte_array_append (value, explicit->data, explicit->len);
  g_byte_array_unref (explicit);

  return make_bag (3, wrap (0x30, value));
}

static gboolean
read_bags (GByteArray  *bags,
           guint       *out_n,
           GError     **error)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);
  g_autoptr(IssPfxCipher) cipher = iss_pfx_cipher_new (NULL);
  IssPfxWalk walk = { .cipher = cipher, .bundle = bundle };
  gboolean read;

  read = iss_pfx_bags_survey (&walk, bags->data, bags->len, error) &&
         iss_pfx_bags_read (&walk, bags->data, bags->len, error);
  *out_n = iss_bundle_get_n_certificates (bundle);
  g_byte_array_unref (bags);

  return read;
}

/* RFC 7292 says SEQUENCE OF; OpenSSL 3.0 expects a SET and refuses the file. */
static void
test_nested (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seal_make_recipient (&key, NULL);

  for (guint depth = 1; depth <= 6; depth++)
    {
      g_autoptr(GError) error = NULL;
      GByteArray *bags = wrap (0x30, make_certificate_bag (certificate));
      guint n;

      for (guint i = 1; i < depth; i++)
        bags = wrap (0x30, make_bag (6, bags));

      if (depth <= ISS_PFX_BAGS_MAX_DEPTH)
        {
          g_assert_true (read_bags (bags, &n, &error));
          g_assert_no_error (error);
          g_assert_cmpuint (n, ==, 1);
        }
      else
        {
          g_assert_false (read_bags (bags, &n, &error));
          g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
        }
    }
}

static void
test_counts (void)
{
  static const struct
  {
    guint8 kind;
    guint  limit;
  } cases[] =
  {
    { 1, ISS_PFX_BAGS_MAX_KEYS },
    { 3, ISS_PFX_BAGS_MAX_CERTIFICATES },
    { 5, ISS_PFX_BAGS_MAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      GByteArray *bags = g_byte_array_new ();
      guint n;

      for (guint j = 0; j <= cases[i].limit; j++)
        {
          /* OpenSSL before 3.0.22 refuses an empty value. */
          const guint8 null[] = { 0x05, 0x00 };
          GByteArray *value = g_byte_array_new ();
          GByteArray *bag;

          g_byte_array_append (value, null, sizeof null);
          bag = make_bag (cases[i].kind, wrap (0x30, value));
          g_byte_array_append (bags, bag->data, bag->len);
          g_byte_array_unref (bag);
        }

      g_assert_false (read_bags (wrap (0x30, bags), &n, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
    }
}

static X509_ALGOR *
make_costly (void)
{
  guint8 salt[8] = { 1 };

  return PKCS5_pbe2_set_iv (EVP_aes_256_cbc (), G_MAXINT, salt, sizeof salt, NULL,
                            NID_hmacWithSHA256);
}

static GBytes *
finish (PKCS7 *safe)
{
  STACK_OF (PKCS7) *safes = sk_PKCS7_new_null ();
  PKCS12 *file = PKCS12_init (NID_pkcs7_data);
  guint8 *der = NULL;
  GBytes *bytes;
  int size;

  sk_PKCS7_push (safes, safe);
  g_assert_true (PKCS12_pack_authsafes (file, safes));
  size = i2d_PKCS12 (file, &der);
  bytes = g_bytes_new (der, (gsize) size);

  OPENSSL_free (der);
  PKCS12_free (file);
  sk_PKCS7_pop_free (safes, PKCS7_free);

  return bytes;
}

/* One that had to derive first would still be at it. */
static void
test_costly (void)
{
  g_autoptr(GBytes) in_safe = NULL;
  g_autoptr(GBytes) in_bag = NULL;
  g_autoptr(IssSecret) password = iss_secret_new ("wrong", 5);
  STACK_OF (PKCS12_SAFEBAG) *none = sk_PKCS12_SAFEBAG_new_null ();
  STACK_OF (PKCS12_SAFEBAG) *one = sk_PKCS12_SAFEBAG_new_null ();
  X509_SIG *shrouded = X509_SIG_new ();
  X509_ALGOR *costly = make_costly ();
  X509_ALGOR *algorithm;
  ASN1_OCTET_STRING *content;
  GBytes *files[2];
  PKCS7 *safe;

  safe = PKCS12_pack_p7encdata (NID_pbe_WithSHA1And3_Key_TripleDES_CBC, "x", 1, NULL, 0, 1, none);
  X509_ALGOR_copy (safe->d.encrypted->enc_data->algorithm, costly);
  in_safe = finish (safe);

  X509_SIG_getm (shrouded, &algorithm, &content);
  X509_ALGOR_copy (algorithm, costly);
  ASN1_OCTET_STRING_set (content, (const guint8 *) "0123456789abcdef", 16);
  sk_PKCS12_SAFEBAG_push (one, PKCS12_SAFEBAG_create0_pkcs8 (shrouded));
  in_bag = finish (PKCS12_pack_p7data (one));

  files[0] = in_safe;
  files[1] = in_bag;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_pfx_read (files[i], password, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);
      g_assert_nonnull (strstr (error->message, "2147483647"));
    }

  X509_ALGOR_free (costly);
  sk_PKCS12_SAFEBAG_pop_free (one, PKCS12_SAFEBAG_free);
  sk_PKCS12_SAFEBAG_free (none);
}

/* The MAC as RFC 7292 says, the certificate encrypted by PBES2 with these bytes. */
static GBytes *
make_odd (const char *password,
          const char *bytes,
          int         size)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seal_make_recipient (&key, NULL);
  STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
  STACK_OF (PKCS7) *safes = sk_PKCS7_new_null ();
  PKCS12 *file = PKCS12_init (NID_pkcs7_data);
  guint8 *der = NULL;
  GBytes *result;
  int length;

  PKCS12_add_cert (&bags, iss_certificate_get_x509 (certificate));
  sk_PKCS7_push (safes, PKCS12_pack_p7encdata (NID_aes_256_cbc, bytes, size, NULL, 0, 2048, bags));
  g_assert_true (PKCS12_pack_authsafes (file, safes));
  g_assert_true (PKCS12_set_mac (file, password, -1, NULL, 0, 2048, EVP_sha256 ()));
  length = i2d_PKCS12 (file, &der);
  result = g_bytes_new (der, (gsize) length);

  OPENSSL_free (der);
  PKCS12_free (file);
  sk_PKCS7_pop_free (safes, PKCS7_free);
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);

  return result;
}

/* RFC 8018 takes bytes, and some took others than those of UTF-8. */
static void
test_odd_encodings (void)
{
  static const struct
  {
    const char *name;
    const char *password;
    const char *bytes;
    int         size;
    gboolean    opens;
  } cases[] =
  {
    { "UTF-8", "M\xc3\xb6tley", "M\xc3\xb6tley", 7, TRUE },
    { "Latin-1", "M\xc3\xb6tley", "M\xf6tley", 6, TRUE },
    { "UTF-16", "ab", "\0a\0b\0\0", 6, TRUE },
    { "UTF-16 beyond the first plane", "\xf0\x9f\x98\x80", "\xd8\x3d\xde\x00\0\0", 6, TRUE },
    /* To HMAC, zeros behind the key are no difference. */
    { "UTF-16 without its end", "ab", "\0a\0b", 4, TRUE },
    { "another one", "ab", "cd", 2, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) file = make_odd (cases[i].password, cases[i].bytes, cases[i].size);
      g_autoptr(IssSecret) password = iss_secret_new (cases[i].password,
                                                      strlen (cases[i].password));
      g_autoptr(IssSecret) wrong = iss_secret_new ("wrong", 5);
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) wrong_error = NULL;

      g_test_message ("%s", cases[i].name);
      bundle = iss_pfx_read (file, password, &error);
      if (cases[i].opens)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 1);
        }
      else
        {
          g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
        }

      g_assert_null (iss_pfx_read (file, wrong, &wrong_error));
      g_assert_error (wrong_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
    }
}

static void
test_protected_for_a_group (void)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  PKCS7 *safe = PKCS7_new ();

  PKCS7_set_type (safe, NID_pkcs7_enveloped);
  PKCS7_set_cipher (safe, EVP_aes_256_cbc ());
  safe->d.enveloped->enc_data->algorithm->algorithm = OBJ_nid2obj (NID_aes_256_cbc);
  bytes = finish (safe);

  g_assert_null (iss_pfx_read (bytes, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "Windows group"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-bags/nested", test_nested);
  g_test_add_func ("/pfx-bags/counts", test_counts);
  g_test_add_func ("/pfx-bags/costly", test_costly);
  g_test_add_func ("/pfx-bags/odd-encodings", test_odd_encodings);
  g_test_add_func ("/pfx-bags/protected-for-a-group", test_protected_for_a_group);

  return g_test_run ();
}
