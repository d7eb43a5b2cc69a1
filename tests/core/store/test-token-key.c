/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/token-key.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/certificate/signature.h"
#include "core/formats/certificate-file.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/soft-token.h"

#define MESSAGE "issuant key check 1"

typedef struct
{
  IssTempFolder *folder;
  GBytes        *message;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = iss_temp_folder_new ();
  fixture->message = g_bytes_new_static (MESSAGE, strlen (MESSAGE));
  iss_soft_token_set_up (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_temp_folder_free (fixture->folder);
  g_bytes_unref (fixture->message);
}

static GBytes *
sign (Fixture     *fixture,
      const char  *rest,
      const char  *pin,
      const char  *credentials,
      GError     **error)
{
  g_autofree char *uri = g_strconcat (ISS_SOFT_TOKEN_URI, rest, NULL);
  g_autoptr(IssSecret) secret = pin != NULL ? iss_openssl_tool_secret (pin) : NULL;

  return iss_token_key_sign (uri, secret, credentials, ISS_TOKEN_SCHEME_PSS, fixture->message,
                             error);
}

static void
assert_error (Fixture     *fixture,
              const char  *rest,
              const char  *pin,
              int          code,
              const char  *says)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s, PIN %s", rest, pin != NULL ? pin : "none");
  g_assert_null (sign (fixture, rest, pin, NULL, &error));
  g_assert_error (error, ISS_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
}

static IssCertificate *
load_certificate (Fixture    *fixture,
                  const char *name)
{
  g_autoptr(GBytes) file = iss_openssl_tool_load (fixture->folder, name);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssBundle) bundle = iss_certificate_file_read (file, NULL, &error);

  g_assert_no_error (error);
  return g_object_ref (iss_bundle_get_certificate (bundle, 0));
}

/* Each kind of key, with a name that a URI has to spell out. */
static void
test_token_key_kinds (Fixture       *fixture,
                      gconstpointer  unused)
{
  static const struct { const char *newkey; const char *label; const char *id; const char *rest; }
  cases[] =
    {
      { "rsa:2048", "auth", "01", ";object=auth" },
      { "ec -pkeyopt ec_paramgen_curve:P-256", "a;b/c ü?", "02",
        ";object=a%3Bb%2Fc%20%C3%BC%3F" },
      { "ec -pkeyopt ec_paramgen_curve:P-521", "p521", "03ff", ";id=%03%FF" },
      { "rsa:4096", "große", "04", ";object=gro%c3%9fe;id=%04;type=private" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("openssl req -x509 -newkey %s -nodes -subj /CN=auth "
                                               "-keyout auth.key -out auth.crt", cases[i].newkey);
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GBytes) other = g_bytes_new_static ("other", 5);
      g_autoptr(GBytes) signature = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].newkey);
      iss_openssl_tool_run (fixture->folder, line);
      iss_soft_token_import (fixture->folder, "auth.key", cases[i].label, cases[i].id);
      certificate = load_certificate (fixture, "auth.crt");

      signature = sign (fixture, cases[i].rest, ISS_SOFT_TOKEN_PIN, NULL, &error);
      g_assert_no_error (error);
      iss_signature_verify (certificate, fixture->message, signature, &error);
      g_assert_no_error (error);
      g_assert_false (iss_signature_verify (certificate, other, signature, NULL));
    }
}

/* One wrong one is told; the server's own is not tried again before the right one was given. */
static void
test_token_key_pin (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *file = iss_temp_folder_write (fixture->folder, "pin file",
                                                 ISS_SOFT_TOKEN_PIN "\n", -1);
  g_autofree char *escaped = g_uri_escape_string (file, "/", FALSE);
  g_autofree char *own = g_strconcat (";object=auth?pin-source=file:", escaped, NULL);
  g_autofree char *folder = iss_temp_folder_dup_path (fixture->folder, "credentials");
  g_autofree char *credential = NULL;
  g_autoptr(GBytes) by_file = NULL;
  g_autoptr(GBytes) by_credential = NULL;
  g_autoptr(GBytes) given = NULL;
  g_autoptr(GError) error = NULL;

  iss_openssl_tool_make_pair (fixture->folder, "auth");
  iss_soft_token_import (fixture->folder, "auth.key", "auth", "01");

  assert_error (fixture, ";object=auth", NULL, ISS_ERROR_INVALID_ARGUMENT, "wants a PIN");
  assert_error (fixture, ";object=auth", "", ISS_ERROR_INVALID_ARGUMENT, "wants a PIN");

  by_file = sign (fixture, own, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_no_errno (g_mkdir (folder, 0700));
  credential = iss_temp_folder_write (fixture->folder, "credentials/pin-issuant_test",
                                      ISS_SOFT_TOKEN_PIN, -1);
  by_credential = sign (fixture, ";object=auth", NULL, folder, &error);
  g_assert_no_error (error);

  assert_error (fixture, own, "4321", ISS_ERROR_WRONG_PASSWORD, "tried once");
  assert_error (fixture, own, NULL, ISS_ERROR_WRONG_PASSWORD, "does not try its own");
  assert_error (fixture, own, "1", ISS_ERROR_WRONG_PASSWORD, "issuant test");
  given = sign (fixture, own, ISS_SOFT_TOKEN_PIN, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&by_file, g_bytes_unref);
  by_file = sign (fixture, own, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_no_errno (g_unlink (file));
  assert_error (fixture, own, NULL, ISS_ERROR_INVALID_ARGUMENT, "PIN file");
  g_assert_no_errno (g_mkdir (file, 0700));
  assert_error (fixture, own, NULL, ISS_ERROR_INVALID_ARGUMENT, "not a file");
}

static void
test_token_key_not_there (Fixture       *fixture,
                          gconstpointer  unused)
{
  iss_openssl_tool_make_pair (fixture->folder, "auth");
  iss_openssl_tool_make_pair (fixture->folder, "other");
  iss_soft_token_import (fixture->folder, "auth.key", "auth", "01");
  iss_soft_token_import (fixture->folder, "other.key", "auth", "02");
  iss_openssl_tool_run (fixture->folder, "openssl dsaparam -genkey -out dsa.sec1 1024");
  iss_openssl_tool_run (fixture->folder, "openssl pkcs8 -topk8 -nocrypt -in dsa.sec1 -out dsa.key");
  iss_soft_token_import (fixture->folder, "dsa.key", "dsa", "03");

  assert_error (fixture, ";object=none", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                "no private key “none”");
  assert_error (fixture, ";object=auth", ISS_SOFT_TOKEN_PIN, ISS_ERROR_AMBIGUOUS, "there are %0");
  assert_error (fixture, ";object=dsa", ISS_SOFT_TOKEN_PIN, ISS_ERROR_UNSUPPORTED,
                "neither an RSA key");
  assert_error (fixture, ";serial=none;object=auth", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                "no token");
  assert_error (fixture, ";object=auth?module-name=none", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                "Registered are: ");
  assert_error (fixture, ";object=auth?pin-value=1234", ISS_SOFT_TOKEN_PIN, ISS_ERROR_REFUSED,
                "pin-value");

  /* A PIN is for one token. */
  iss_soft_token_add (fixture->folder, ISS_SOFT_TOKEN_LABEL);
  assert_error (fixture, ";object=auth", ISS_SOFT_TOKEN_PIN, ISS_ERROR_AMBIGUOUS, "2 tokens");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/token-key/kinds", Fixture, NULL, set_up, test_token_key_kinds, tear_down);
  g_test_add ("/token-key/pin", Fixture, NULL, set_up, test_token_key_pin, tear_down);
  g_test_add ("/token-key/not-there", Fixture, NULL, set_up, test_token_key_not_there, tear_down);

  return g_test_run ();
}
