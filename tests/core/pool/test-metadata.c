/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/metadata.h"

#include <string.h>

#include "core/base/error.h"
#include "core/certificate/certificate.h"
#include "core/certificate/jwk.h"
#include "tests/lib/agent-fixture.h"

static GPtrArray *
read_text (const char  *text,
           GError     **error)
{
  g_autoptr(GBytes) document = g_bytes_new (text, strlen (text));

  return iss_metadata_read (document, error);
}

static char *
dup_jwk (IssCertificate *certificate)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);

  iss_jwk_write (json, certificate);

  return iss_json_text_finish (json);
}

/* As metadata/json/1 and as a JSON Web Key Set say it, each product in its own case; in full, or
 * by thumbprint, which may be what tokens name it by. */
static void
test_good (void)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) pem = iss_agent_fixture_make_file ("metadata", &certificate);
  g_autofree char *x5c = iss_jwk_dup_x5c (certificate);
  g_autofree char *x5t = iss_jwk_dup_x5t (certificate);
  g_autofree char *jwk = dup_jwk (certificate);
  const struct
    {
      char     *text;
      gboolean  is_whole;
    } cases[] =
    {
      { g_strdup_printf ("{\"keys\":[{\"usage\":\"signing\",\"keyinfo\":{\"x5t\":\"%s\"},"
                         "\"keyvalue\":{\"type\":\"x509Certificate\",\"value\":\"%s\"}}]}",
                         x5t, x5c), TRUE },
      { g_strdup_printf ("{\"keys\":[{\"use\":\"sig\",\"kty\":\"RSA\",\"x5c\":[\"%s\"]}]}", x5c),
        TRUE },
      { g_strdup_printf ("{\"keys\":[{\"use\":\"enc\",\"x5t\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"},"
                         "{\"x5t\":\"%s\"}]}", x5t), FALSE },
      { g_strdup_printf ("{\"keys\":[{\"Usage\":\"Signing\",\"keyValue\":"
                         "{\"type\":\"x509certificate\",\"value\":\"%s\"}}]}", x5c), TRUE },
      { g_strdup_printf ("{\"keys\":[{\"kid\":\"%s\",\"kty\":\"RSA\"}]}", x5t), FALSE },
      { g_strdup_printf ("{\"keys\":[%s]}", jwk), TRUE },
      { g_strdup_printf ("{\"keys\":[{\"x5c\":[7],\"x5t\":\"%s\"}, 5, null, []]}", x5t), FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) keys = read_text (cases[i].text, &error);
      const IssMetadataKey *key;

      g_assert_no_error (error);
      g_assert_cmpuint (keys->len, ==, 1);
      key = g_ptr_array_index (keys, 0);
      g_assert_cmpint (key->is_named, ==, !cases[i].is_whole);
      g_assert_true (g_bytes_equal (key->hash,
                                    cases[i].is_whole ? iss_certificate_get_sha256 (certificate)
                                                      : iss_certificate_get_sha1 (certificate)));
      g_free (cases[i].text);
    }
}

/* Who verifies takes the numbers: a certificate that is written beside others is not in use. */
static void
test_another_key (void)
{
  g_autoptr(IssCertificate) one = NULL;
  g_autoptr(IssCertificate) other = NULL;
  g_autoptr(GBytes) pem = iss_agent_fixture_make_file ("metadata", &one);
  g_autoptr(GBytes) other_pem = iss_agent_fixture_make_file ("other", &other);
  g_autofree char *x5c = iss_jwk_dup_x5c (one);
  g_autofree char *other_x5c = iss_jwk_dup_x5c (other);
  g_autofree char *jwk = dup_jwk (one);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = NULL;

  g_string_append_printf (text, "{\"keys\":[%s]}", jwk);
  g_assert_cmpuint (g_string_replace (text, x5c, other_x5c, 0), ==, 1);
  g_assert_null (read_text (text->str, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "not the certificate's"));
  g_clear_error (&error);

  /* A zero in front, and padding, are the same number. */
  g_string_printf (text, "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AAEAAQ==\",\"x5c\":[\"%s\"]}]}",
                   x5c);
  keys = read_text (text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 1);
}

static void
test_bad (void)
{
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *large = g_strnfill (ISS_METADATA_MAX_BYTES + 1, ' ');
  const struct
    {
      const char *text;
      int         code;
    } cases[] =
    {
      { "", ISS_ERROR_MALFORMED },
      { "<html>", ISS_ERROR_MALFORMED },
      { "\xff{}", ISS_ERROR_MALFORMED },
      { "{\"keys\":[", ISS_ERROR_MALFORMED },
      { "null", ISS_ERROR_MALFORMED },
      { "[]", ISS_ERROR_MALFORMED },
      { "{\"keys\":{}}", ISS_ERROR_MALFORMED },
      { "{\"keys\":[{\"keyvalue\":7,\"keyinfo\":[],\"x5t\":{},\"use\":1}]}", ISS_ERROR_MALFORMED },
      { "{\"keys\":[{\"x5c\":[\"AAAA\"],\"x5t\":\"AAAA\",\"x5t#S256\":\"\"}]}",
        ISS_ERROR_MALFORMED },
      { deep, ISS_ERROR_MALFORMED },
      { large, ISS_ERROR_TOO_LARGE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (read_text (cases[i].text, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/metadata/good", test_good);
  g_test_add_func ("/metadata/another-key", test_another_key);
  g_test_add_func ("/metadata/bad", test_bad);

  return g_test_run ();
}
