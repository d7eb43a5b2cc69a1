/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pfx-writer.h"
#include "core/formats/pfx.h"
#include "core/formats/seal.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

static IssBundle *
make_bundle (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) chain_key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssCertificate) chain = iss_seal_make_recipient (&chain_key, NULL);
  IssBundle *bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);

  iss_bundle_add_certificate (bundle, certificate, "Größe");
  iss_bundle_add_certificate (bundle, chain, NULL);
  iss_bundle_add_key (bundle, key);

  return bundle;
}

static void
test_read_by_others (void)
{
  static const struct
  {
    IssPfxProfile  profile;
    guint          rounds;
    const char    *algorithms[3];
  } cases[] =
  {
    { ISS_PFX_PROFILE_AES256_SHA256, 0, { "AES-256-CBC", "Iteration 100000", "sha256" } },
    { ISS_PFX_PROFILE_AES256_SHA256, 2048, { "AES-256-CBC", "Iteration 2048", "sha256" } },
    { ISS_PFX_PROFILE_TRIPLEDES_SHA1, 0, { "TripleDES", "Iteration 2000", "sha1" } },
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("Пароль€");
  g_autofree char *certtool = g_find_program_in_path ("certtool");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) read = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *path = NULL;
      g_autofree char *output = NULL;
      g_autofree char *keys = NULL;

      bytes = iss_pfx_writer_write_with (bundle, cases[i].profile, TRUE, cases[i].rounds, password,
                                         &error);
      g_assert_no_error (error);

      read = iss_pfx_read (bytes, password, &error);
      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_integrity (read), ==, ISS_INTEGRITY_HMAC);
      g_assert_cmpuint (iss_bundle_get_n_certificates (read), ==, 2);
      g_assert_cmpuint (iss_bundle_get_n_keys (read), ==, 1);
      g_assert_nonnull (iss_bundle_get_key_for (read, 0));
      g_assert_null (iss_bundle_get_key_for (read, 1));
      g_assert_cmpstr (iss_bundle_get_friendly_name (read, 0), ==, "Größe");

      path = iss_temp_folder_write (folder, "a.pfx", g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes));
      g_assert_nonnull (path);
      g_assert_true (iss_openssl_tool_try (folder, "sh -c 'openssl pkcs12 -in a.pfx -info -nokeys "
                                           "-passin pass:Пароль€ 2>&1'", &output));

      for (gsize j = 0; j < G_N_ELEMENTS (cases[i].algorithms); j++)
        g_assert_nonnull (strstr (output, cases[i].algorithms[j]));

      g_assert_null (strstr (output, "Certificate bag\nBag Attributes: <Empty Attributes>\nKey"));
      g_assert_nonnull (strstr (output, "localKeyID: 01 00 00 00"));

      if (certtool != NULL)
        {
          g_assert_true (iss_openssl_tool_try (folder, "certtool --p12-info --inder --infile a.pfx "
                                               "--password Пароль€", &keys));
          g_assert_nonnull (strstr (keys, "PRIVATE KEY"));
        }
    }
}

/* The names of certificates can be read without the password, or cannot. */
static void
test_privacy (void)
{
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("secret");
  GBytes *der = iss_certificate_get_der (iss_bundle_get_certificate (bundle, 0));

  for (guint privacy = 0; privacy < 2; privacy++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) read = NULL;
      g_autoptr(GBytes) bytes = NULL;
      gboolean found;

      bytes = iss_pfx_writer_write_with (bundle, ISS_PFX_PROFILE_AES256_SHA256, privacy == 1,
                                         0, password, &error);
      g_assert_no_error (error);
      found = memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                      g_bytes_get_data (der, NULL), g_bytes_get_size (der)) != NULL;
      g_assert_cmpint (found, ==, privacy == 0);

      read = iss_pfx_read (bytes, password, &error);
      g_assert_no_error (error);
      g_assert_nonnull (iss_bundle_get_key_for (read, 0));
      g_assert_cmpuint (iss_bundle_get_n_certificates (read), ==, 2);
    }
}

static void
test_refused (void)
{
  g_autoptr(IssBundle) empty = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssBundle) unpaired = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);
  g_autoptr(IssSecret) nul = iss_secret_new ("a\0b", 3);
  g_autofree char *text = g_strnfill (1025, 'x');
  g_autoptr(IssSecret) longer = iss_openssl_tool_secret (text);
  const struct
  {
    const char *name;
    IssBundle  *bundle;
    IssSecret  *password;
    IssError    code;
  } cases[] =
  {
    { "empty", empty, NULL, ISS_ERROR_INVALID_ARGUMENT },
    { "unpaired", unpaired, NULL, ISS_ERROR_INVALID_ARGUMENT },
    { "NUL in password", bundle, nul, ISS_ERROR_INVALID_ARGUMENT },
    { "long password", bundle, longer, ISS_ERROR_TOO_LARGE },
  };

  iss_bundle_add_certificate (unpaired, iss_bundle_get_certificate (bundle, 1), NULL);
  iss_bundle_add_key (unpaired, iss_bundle_get_key_for (bundle, 0));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_null (iss_pfx_writer_write (cases[i].bundle, ISS_PFX_PROFILE_AES256_SHA256,
                                           cases[i].password, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pfx-writer/read-by-others", test_read_by_others);
  g_test_add_func ("/pfx-writer/privacy", test_privacy);
  g_test_add_func ("/pfx-writer/refused", test_refused);

  return g_test_run ();
}
