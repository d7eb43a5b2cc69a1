/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/jwk.h"

#include <string.h>

#include "tests/lib/openssl-tool.h"

/* (nullable): a string of the JSON text */
static char *
dup_value (const char *json,
           const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":\"", name);
  const char *found = strstr (json, start);

  if (found == NULL)
    return NULL;

  found += strlen (start);
  return g_strndup (found, strcspn (found, "\""));
}

static GBytes *
decode (const char *text)
{
  g_autofree char *padded = g_strconcat (text, "===", NULL);
  gsize size;
  guchar *data;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  padded[(strlen (text) + 3) / 4 * 4] = '\0';
  data = g_base64_decode (padded, &size);

  return g_bytes_new_take (data, size);
}

/* What the openssl program says of the public key ends with the numbers in question. */
static void
assert_ends_with (GBytes     *spki,
                  gsize       before_end,
                  const char *json,
                  const char *name)
{
  g_autofree char *text = dup_value (json, name);
  g_autoptr(GBytes) number = NULL;
  gsize size, length;
  const guint8 *data = g_bytes_get_data (spki, &size);

  g_assert_nonnull (text);
  number = decode (text);
  length = g_bytes_get_size (number);
  g_assert_cmpmem (data + size - before_end - length, length,
                   g_bytes_get_data (number, NULL), length);
}

static char *
write_jwk (IssTempFolder   *folder,
           const char      *algorithm,
           IssCertificate **out_certificate,
           GBytes         **out_spki)
{
  g_autofree char *line = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autoptr(GError) error = NULL;

  line = g_strdup_printf ("openssl req -x509 -newkey %s -nodes -keyout k.pem -outform DER "
                          "-out a.der -subj /CN=auth.contoso.example -days 30", algorithm);
  der = iss_openssl_tool_make_file (folder, line, "a.der");
  *out_certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  *out_spki = iss_openssl_tool_make_file (folder, "openssl pkey -in k.pem -pubout -outform DER "
                                          "-out p.der", "p.der");
  iss_jwk_write (json, *out_certificate);

  return iss_json_text_finish (json);
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *algorithm;
    const char *kty;
    const char *alg;     /* NULL: several would do */
    const char *crv;
    int         size;    /* of a coordinate */
  } cases[] =
  {
    { "rsa:2048", "RSA", "RS256", NULL, 0 },
    { "rsa-pss -pkeyopt rsa_keygen_bits:2048", "RSA", NULL, NULL, 0 },
    { "ec -pkeyopt ec_paramgen_curve:P-256", "EC", "ES256", "P-256", 32 },
    { "ec -pkeyopt ec_paramgen_curve:P-384", "EC", "ES384", "P-384", 48 },
    { "ec -pkeyopt ec_paramgen_curve:P-521", "EC", "ES512", "P-521", 66 },
    { "ed25519", "OKP", "EdDSA", "Ed25519", 32 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GBytes) spki = NULL;
      g_autofree char *json = write_jwk (folder, cases[i].algorithm, &certificate, &spki);
      g_autofree char *kty = dup_value (json, "kty");
      g_autofree char *alg = dup_value (json, "alg");
      g_autofree char *crv = dup_value (json, "crv");
      g_autofree char *x5t = iss_jwk_dup_x5t (certificate);
      g_autofree char *kid = dup_value (json, "kid");

      g_test_message ("%s", json);
      g_assert_cmpstr (kty, ==, cases[i].kty);
      g_assert_cmpstr (alg, ==, cases[i].alg);
      g_assert_cmpstr (crv, ==, cases[i].crv);
      g_assert_cmpstr (kid, ==, x5t);
      g_assert_cmpuint (strlen (x5t), ==, 27);
      g_assert_null (strpbrk (x5t, "+/="));

      if (g_str_equal (cases[i].kty, "RSA"))
        {
          g_autofree char *e = dup_value (json, "e");

          /* … modulus, 02 03 01 00 01. */
          g_assert_cmpstr (e, ==, "AQAB");
          assert_ends_with (spki, 5, json, "n");
          continue;
        }

      assert_ends_with (spki, crv[0] == 'P' ? (gsize) cases[i].size : 0, json, "x");
      if (crv[0] == 'P')
        assert_ends_with (spki, 0, json, "y");
    }
}

/* RFC 7517: the certificate is in it as base64 with padding, its SHA-256 as base64url. */
static void
test_certificate (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) spki = NULL;
  g_autofree char *json = write_jwk (folder, "ed25519", &certificate, &spki);
  g_autofree char *x5c = iss_jwk_dup_x5c (certificate);
  g_autofree char *list = g_strdup_printf ("\"x5c\":[\"%s\"]", x5c);
  g_autofree char *sha256 = dup_value (json, "x5t#S256");
  g_autoptr(GBytes) decoded = decode (sha256);
  g_autofree guchar *der = NULL;
  gsize size;

  /* JSON may write a slash with a backslash before it. */
  g_assert_true (strstr (json, list) != NULL || strstr (json, "\\/") != NULL);
  der = g_base64_decode (x5c, &size);
  g_assert_cmpmem (der, size,
                   g_bytes_get_data (iss_certificate_get_der (certificate), NULL),
                   g_bytes_get_size (iss_certificate_get_der (certificate)));
  g_assert_true (g_bytes_equal (decoded, iss_certificate_get_sha256 (certificate)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jwk/kinds", test_kinds);
  g_test_add_func ("/jwk/certificate", test_certificate);

  return g_test_run ();
}
