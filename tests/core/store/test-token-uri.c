/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/token-uri.h"

#include <p11-kit/uri.h>
#include <string.h>

#include "core/base/error.h"

static void
test_token_uri_normalise (void)
{
  static const struct { const char *typed; const char *stored; } cases[] =
    {
      { "pkcs11:token=HSM;object=auth", "pkcs11:token=HSM;object=auth;type=private" },
      { "pkcs11:token=HSM;object=auth;type=private", "pkcs11:token=HSM;object=auth;type=private" },
      { "pkcs11:object=auth;token=My%20HSM", "pkcs11:token=My%20HSM;object=auth;type=private" },
      { "pkcs11:serial=0a1b;id=%01%ff", "pkcs11:serial=0a1b;id=%01%FF;type=private" },
      { "pkcs11:token=HSM;object=a%3Bb%2Fc%C3%BC%3F",
        "pkcs11:token=HSM;object=a%3Bb%2Fc%C3%BC%3F;type=private" },
      { "pkcs11:token=HSM;object=auth?pin-source=file:/etc/hsm.pin",
        "pkcs11:token=HSM;object=auth;type=private?pin-source=file%3A%2Fetc%2Fhsm.pin" },
      { "pkcs11:token=HSM;object=auth?pin-source=file:///etc/hsm.pin",
        "pkcs11:token=HSM;object=auth;type=private?pin-source=file%3A%2F%2F%2Fetc%2Fhsm.pin" },
      { "pkcs11:token=HSM;object=auth?module-name=softhsm2",
        "pkcs11:token=HSM;object=auth;type=private?module-name=softhsm2" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stored = NULL;
      g_autofree char *again = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].typed);
      stored = iss_token_uri_normalise (cases[i].typed, &error);
      g_assert_no_error (error);

      again = iss_token_uri_normalise (stored, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, stored);
      g_assert_cmpstr (stored, ==, cases[i].stored);
    }
}

static void
test_token_uri_refused (void)
{
  g_autofree char *dots = g_strnfill (2048, '.');
  g_autofree char *too_long = g_strconcat ("pkcs11:token=HSM;object=", dots, NULL);
  const struct { const char *uri; int code; const char *says; } cases[] =
    {
      { "", ISS_ERROR_INVALID_ARGUMENT, "begins with" },
      { "/etc/key.pem", ISS_ERROR_INVALID_ARGUMENT, "begins with" },
      { "file:/etc/key.pem", ISS_ERROR_INVALID_ARGUMENT, "begins with" },
      { "pkcs11:", ISS_ERROR_INVALID_ARGUMENT, "which token" },
      { "pkcs11:object=auth", ISS_ERROR_INVALID_ARGUMENT, "which token" },
      { "pkcs11:token=HSM", ISS_ERROR_INVALID_ARGUMENT, "which key" },
      { "pkcs11:token=HSM;object=auth;type=cert", ISS_ERROR_INVALID_ARGUMENT, "type=private" },
      { "pkcs11:token=HSM;object=auth;type=public", ISS_ERROR_INVALID_ARGUMENT, "type=private" },
      { "pkcs11:token=HSM;object=auth;color=red", ISS_ERROR_INVALID_ARGUMENT, "RFC 7512" },
      { "pkcs11:token=HSM;object=%zz", ISS_ERROR_INVALID_ARGUMENT, "RFC 7512" },
      { "pkcs11:token=HSM;object=\xff", ISS_ERROR_INVALID_ARGUMENT, "RFC 7512" },
      { "pkcs11:token=HSM;object=a\nb", ISS_ERROR_INVALID_ARGUMENT, "RFC 7512" },
      { "pkcs11:token=HSM;object=auth?pin-value=1234", ISS_ERROR_REFUSED, "pin-value" },
      { "pkcs11:token=HSM;object=auth?pin-source=file:/x&pin-value=1234", ISS_ERROR_REFUSED,
        "pin-value" },
      { "pkcs11:token=HSM;object=auth?module-path=/home/alice/evil.so", ISS_ERROR_REFUSED,
        "module-path" },
      { "pkcs11:token=HSM;object=auth?pin-source=/etc/hsm.pin", ISS_ERROR_UNSUPPORTED, "file:" },
      { "pkcs11:token=HSM;object=auth?pin-source=file:hsm.pin", ISS_ERROR_UNSUPPORTED, "file:" },
      { "pkcs11:token=HSM;object=auth?pin-source=file://fe01/pin", ISS_ERROR_UNSUPPORTED, "file:" },
      { "pkcs11:token=HSM;object=auth?pin-source=%7Ccat", ISS_ERROR_UNSUPPORTED, "file:" },
      { too_long, ISS_ERROR_TOO_LARGE, "2048" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].uri);
      g_assert_null (iss_token_uri_normalise (cases[i].uri, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (strstr (error->message, "1234"));
    }
}

static void
test_token_uri_parts (void)
{
  static const struct { const char *uri; const char *file; const char *name; } cases[] =
    {
      { "pkcs11:token=HSM;object=auth;id=%01", NULL, "auth" },
      { "pkcs11:token=HSM;id=%01%ab?pin-source=file:/etc/hsm%20pin", "/etc/hsm pin", "01ab" },
      { "pkcs11:token=HSM;object=a%0Ab?pin-source=file:///run/pin", "/run/pin",
        "a\xef\xbf\xbd" "b" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      P11KitUri *uri = iss_token_uri_parse (cases[i].uri, &error);
      g_autofree char *file = NULL;
      g_autofree char *name = NULL;

      g_assert_no_error (error);
      file = iss_token_uri_dup_pin_file (uri);
      name = iss_token_uri_dup_key_name (uri);
      g_assert_cmpstr (file, ==, cases[i].file);
      g_assert_cmpstr (name, ==, cases[i].name);
      p11_kit_uri_free (uri);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/token-uri/normalise", test_token_uri_normalise);
  g_test_add_func ("/token-uri/refused", test_token_uri_refused);
  g_test_add_func ("/token-uri/parts", test_token_uri_parts);

  return g_test_run ();
}
