/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pem-key.h"
#include "core/formats/pem.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

static IssPrivateKey *
read_key (GBytes      *bytes,
          const char  *password,
          GError     **error)
{
  g_autoptr(IssSecret) secret = iss_openssl_tool_secret (password);
  IssPfxCost cost = { 0 };
  IssPemBlock block;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  do
    g_assert_cmpint (iss_pem_block_next (&text, &size, &block), ==, ISS_PEM_BLOCK_FOUND);
  while (!iss_pem_key_is (&block));

  g_assert_true (iss_pem_key_is_encrypted (&block) == iss_pem_has_encrypted_key (bytes));

  return iss_pem_key_read (&block, secret, &cost, error);
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *command;
    gboolean    encrypted;
  } cases[] =
  {
    { "openssl pkey -in leaf.key -out a.pem", FALSE },
    { "openssl ec -in leaf.key -out a.pem", FALSE },
    { "openssl ecparam -name P-256 -genkey -out a.pem", FALSE },
    { "openssl genrsa -traditional -out a.pem 2048", FALSE },
    { "openssl genpkey -algorithm ED25519 -out a.pem", FALSE },
    { "openssl pkcs8 -topk8 -in leaf.key -out a.pem -passout pass:secret", TRUE },
    { "openssl pkcs8 -topk8 -in leaf.key -out a.pem -passout pass:secret -v2 des3 -v2prf "
      "hmacWithSHA1", TRUE },
    { "openssl pkcs8 -topk8 -in leaf.key -out a.pem -passout pass:secret -v1 PBE-SHA1-3DES", TRUE },
    { "openssl pkcs8 -topk8 -in leaf.key -out a.pem -passout pass:secret -scrypt", TRUE },
    { "openssl pkcs8 -topk8 -in leaf.key -out a.pem -passout pass:secret -v1 PBE-MD5-DES "
      "-provider default -provider legacy", TRUE },
    { "openssl ec -in leaf.key -out a.pem -aes256 -passout pass:secret", TRUE },
    { "openssl ec -in leaf.key -out a.pem -des3 -passout pass:secret", TRUE },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_make_pair (folder, "leaf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssPrivateKey) key = NULL;
      g_autoptr(GBytes) bytes = iss_openssl_tool_make_file (folder, cases[i].command, "a.pem");

      g_test_message ("%s", cases[i].command);
      key = read_key (bytes, "secret", &error);
      g_assert_no_error (error);
      g_assert_nonnull (key);

      if (cases[i].encrypted)
        {
          g_autoptr(GError) wrong_error = NULL;
          g_autoptr(GError) none_error = NULL;

          g_assert_null (read_key (bytes, "wrong", &wrong_error));
          g_assert_error (wrong_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
          g_assert_cmpstr (wrong_error->message, ==,
                           "The password is wrong, or the file is damaged");
          g_assert_null (read_key (bytes, NULL, &none_error));
          g_assert_error (none_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
          g_assert_cmpstr (none_error->message, ==, "A password is needed to open this file");
        }
    }
}

static void
test_damaged (void)
{
  static const struct
  {
    const char *text;
    IssError    code;
  } cases[] =
  {
    { "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", ISS_ERROR_MALFORMED },
    { "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", ISS_ERROR_MALFORMED },
    { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
      ISS_ERROR_MALFORMED },
    { "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
      ISS_ERROR_MALFORMED },
    { "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
      "MAA=\n-----END RSA PRIVATE KEY-----\n", ISS_ERROR_MALFORMED },
    { "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n"
      "-----END RSA PRIVATE KEY-----\n", ISS_ERROR_MALFORMED },
    { "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: ROT-13-CBC,0000000000000000\n\nMAA=\n-----END RSA PRIVATE KEY-----\n",
      ISS_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = g_bytes_new_static (cases[i].text, strlen (cases[i].text));

      g_test_message ("%s", cases[i].text);
      g_assert_null (read_key (bytes, "secret", &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
}

/* A whole key with something behind it, in each of the forms that are not encrypted. */
static void
test_something_behind (void)
{
  static const struct
  {
    const char *command;
    const char *label;
  } cases[] =
  {
    { "openssl ec -in leaf.key -outform DER -out a.der", "EC PRIVATE KEY" },
    { "openssl pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out a.der", "PRIVATE KEY" },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_make_pair (folder, "leaf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) der = iss_openssl_tool_make_file (folder, cases[i].command, "a.der");
      gsize size = g_bytes_get_size (der);

      for (gsize n_behind = 0; n_behind <= 1; n_behind++)
        {
          g_autofree guint8 *longer = g_malloc0 (size + 1);
          g_autofree char *base64 = NULL;
          g_autofree char *text = NULL;
          g_autoptr(GBytes) bytes = NULL;
          g_autoptr(IssPrivateKey) key = NULL;
          g_autoptr(GError) error = NULL;

          memcpy (longer, g_bytes_get_data (der, NULL), size);
          base64 = g_base64_encode (longer, size + n_behind);
          text = g_strdup_printf ("-----BEGIN %s-----\n%s\n-----END %s-----\n", cases[i].label,
                                  base64, cases[i].label);
          bytes = g_bytes_new (text, strlen (text));
          key = read_key (bytes, NULL, &error);

          if (n_behind == 0)
            g_assert_no_error (error);
          else
            g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
          g_assert_cmpint (key != NULL, ==, n_behind == 0);
        }
    }
}

/* What is written is read by us and by OpenSSL's own tool, and needs the password. */
static void
test_write (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GBytes) clear = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GBytes) other = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) read = NULL;
  g_autoptr(IssPrivateKey) again = NULL;
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("Grüße");
  g_autoptr(IssSecret) empty = iss_secret_new ("", 0);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  iss_openssl_tool_make_pair (folder, "leaf");
  clear = iss_openssl_tool_make_file (folder, "openssl pkey -in leaf.key -out a.pem", "a.pem");
  key = read_key (clear, NULL, &error);
  g_assert_no_error (error);

  g_assert_null (iss_pem_key_write (key, empty, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  written = iss_pem_key_write (key, password, &error);
  g_assert_no_error (error);
  g_assert_true (iss_pem_has_encrypted_key (written));
  g_assert_null (read_key (written, "Gruesse", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);

  read = read_key (written, "Grüße", &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (iss_private_key_get_spki_sha256 (read),
                                iss_private_key_get_spki_sha256 (key)));

  path = iss_temp_folder_write (folder, "b.pem", g_bytes_get_data (written, NULL),
                                (gssize) g_bytes_get_size (written));
  other = iss_openssl_tool_make_file (folder,
                                      "openssl pkey -in b.pem -passin pass:Grüße -out c.pem",
                                      "c.pem");
  again = read_key (other, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (iss_private_key_get_spki_sha256 (again),
                                iss_private_key_get_spki_sha256 (key)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pem-key/kinds", test_kinds);
  g_test_add_func ("/pem-key/damaged", test_damaged);
  g_test_add_func ("/pem-key/something-behind", test_something_behind);
  g_test_add_func ("/pem-key/write", test_write);

  return g_test_run ();
}
