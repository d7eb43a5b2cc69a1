/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/certificate-file.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

static void
test_sniff_and_read (void)
{
  static const struct
  {
    const char *command;
    IssFormat   format;
    gboolean    needs_password;
    guint       n_certificates;
  } cases[] =
  {
    { "openssl x509 -in leaf.crt -out a.bin", ISS_FORMAT_PEM, FALSE, 1 },
    { "openssl x509 -in leaf.crt -trustout -addtrust serverAuth -out a.bin",
      ISS_FORMAT_PEM, FALSE, 1 },
    { "openssl x509 -in leaf.crt -outform DER -out a.bin", ISS_FORMAT_DER, FALSE, 1 },
    { "openssl crl2pkcs7 -nocrl -certfile leaf.crt -outform DER -out a.bin",
      ISS_FORMAT_PKCS7, FALSE, 1 },
    { "openssl crl2pkcs7 -nocrl -certfile leaf.crt -out a.bin", ISS_FORMAT_PEM, FALSE, 1 },
    { "openssl pkcs12 -export -inkey leaf.key -in leaf.crt -passout pass:secret -out a.bin",
      ISS_FORMAT_PFX, TRUE, 1 },
    { "openssl pkey -in leaf.key -aes256 -passout pass:secret -out a.bin",
      ISS_FORMAT_PEM, TRUE, 0 },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("secret");

  iss_openssl_tool_make_pair (folder, "leaf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GBytes) bytes = iss_openssl_tool_make_file (folder, cases[i].command, "a.bin");

      g_test_message ("%s", cases[i].command);
      g_assert_cmpint (iss_certificate_file_sniff (bytes), ==, (int) cases[i].format);
      g_assert_true (iss_certificate_file_needs_password (bytes) == cases[i].needs_password);

      bundle = iss_certificate_file_read (bytes, password, &error);
      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_format (bundle), ==, (int) cases[i].format);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, cases[i].n_certificates);
    }
}

static void
test_something_else (void)
{
  static const struct
  {
    const char *command;
    const char *part;
  } cases[] =
  {
    { "openssl req -new -key leaf.key -subj /CN=x -outform DER -out a.bin", "certificate request" },
    { "openssl req -new -key leaf.key -subj /CN=x -out a.bin", "certificate request" },
    { "openssl ocsp -issuer leaf.crt -cert leaf.crt -reqout a.bin", "OCSP request" },
    { "openssl smime -sign -in /dev/null -signer leaf.crt -inkey leaf.key -out a.bin",
      "mail message" },
    { "openssl asn1parse -in leaf.crt -strparse 4 -noout -out a.bin", "without the signature" },
    { "openssl genrsa -out a.pem 2048", NULL },
    { "openssl rsa -in a.pem -outform DER -out a.bin", "private key" },
    { "openssl pkey -in leaf.key -outform DER -out a.bin", "" },
    { "openssl rand -out a.bin 3000", "" },
    { "cp /dev/null a.bin", "The file is empty" },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_make_pair (folder, "leaf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_test_message ("%s", cases[i].command);
      iss_openssl_tool_run (folder, cases[i].command);
      if (cases[i].part == NULL)
        continue;

      bytes = iss_openssl_tool_load (folder, "a.bin");
      g_assert_null (iss_certificate_file_read (bytes, NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_too_large (void)
{
  gsize size = ISS_CERTIFICATE_FILE_MAX_SIZE + 1;
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_certificate_file_read (bytes, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate-file/sniff-and-read", test_sniff_and_read);
  g_test_add_func ("/certificate-file/something-else", test_something_else);
  g_test_add_func ("/certificate-file/too-large", test_too_large);

  return g_test_run ();
}
