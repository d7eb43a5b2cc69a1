/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pkcs7.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

static gboolean
read_file (GBytes     *bytes,
           gsize       size,
           IssBundle  *bundle,
           GError    **error)
{
  return iss_pkcs7_read_certificates (g_bytes_get_data (bytes, NULL), size, bundle, error);
}

static void
test_certificates (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gsize size;

  iss_openssl_tool_make_pair (folder, "leaf");
  iss_openssl_tool_make_pair (folder, "ca");
  bytes = iss_openssl_tool_make_file (folder,
                                      "openssl crl2pkcs7 -nocrl -certfile leaf.crt "
                                      "-certfile ca.crt -outform DER -out a.p7b", "a.p7b");
  size = g_bytes_get_size (bytes);

  g_assert_true (iss_pkcs7_looks_like (g_bytes_get_data (bytes, NULL), size));
  g_assert_true (read_file (bytes, size, bundle, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 2);

  for (gsize n = 1; n < size; n++)
    {
      g_autoptr(IssBundle) nothing = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
      g_autoptr(GError) torn_error = NULL;

      g_assert_false (read_file (bytes, n, nothing, &torn_error));
      g_assert_error (torn_error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static void
test_other_messages (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  iss_openssl_tool_run (folder, "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=r "
                                "-keyout r.key -out r.crt");
  bytes = iss_openssl_tool_make_file (folder,
                                      "openssl smime -encrypt -aes128 -in r.crt -outform DER "
                                      "-out a.p7m r.crt", "a.p7m");

  g_assert_false (read_file (bytes, g_bytes_get_size (bytes), bundle, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
}

/* The content of a ContentInfo is optional: the type alone is a whole one. */
static void
test_no_content (void)
{
  for (guint8 type = 1; type <= 6; type++)
    {
      const guint8 data[] = { 0x30, 0x0b, 0x06, 0x09,
                              0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, type };
      g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
      g_autoptr(GError) error = NULL;

      g_assert_false (iss_pkcs7_read_certificates (data, sizeof data, bundle, &error));
      g_assert_true (g_error_matches (error, ISS_ERROR, type == 2 ? ISS_ERROR_MALFORMED
                                                                  : ISS_ERROR_UNSUPPORTED));
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 0);
    }
}

/* Nothing in it, or something behind it. */
static void
test_not_whole (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) behind_error = NULL;
  g_autoptr(GBytes) nothing = NULL;
  g_autoptr(GBytes) one = NULL;
  g_autofree char *longer = NULL;
  gsize size;

  iss_openssl_tool_make_pair (folder, "leaf");
  nothing = iss_openssl_tool_make_file (folder, "openssl crl2pkcs7 -nocrl -outform DER -out a.p7b",
                                        "a.p7b");
  g_assert_false (read_file (nothing, g_bytes_get_size (nothing), bundle, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);

  one = iss_openssl_tool_make_file (folder, "openssl crl2pkcs7 -nocrl -certfile leaf.crt "
                                    "-outform DER -out a.p7b", "a.p7b");
  size = g_bytes_get_size (one);
  longer = g_malloc0 (size + 1);
  memcpy (longer, g_bytes_get_data (one, NULL), size);
  g_assert_false (iss_pkcs7_read_certificates ((const guint8 *) longer, size + 1, bundle,
                                               &behind_error));
  g_assert_error (behind_error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pkcs7/certificates", test_certificates);
  g_test_add_func ("/pkcs7/other-messages", test_other_messages);
  g_test_add_func ("/pkcs7/no-content", test_no_content);
  g_test_add_func ("/pkcs7/not-whole", test_not_whole);

  return g_test_run ();
}
