/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pfx-writer.h"
#include "core/formats/pfx.h"
#include "core/formats/seal.h"
#include "tests/lib/openssl-tool.h"

#include <string.h>

#define EXPORT "openssl pkcs12 -export -inkey leaf.key -in leaf.crt -certfile ca.crt -out a.p12 "
#define PASSWORD "Пароль€𝄞"

typedef struct
{
  IssTempFolder *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = iss_temp_folder_new ();
  iss_openssl_tool_make_pair (fixture->folder, "leaf");
  iss_openssl_tool_make_pair (fixture->folder, "ca");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_temp_folder_free (fixture->folder);
}

static IssBundle *
read_with (GBytes      *bytes,
           const char  *password,
           GError     **error)
{
  g_autoptr(IssSecret) secret = iss_openssl_tool_secret (password);

  return iss_pfx_read (bytes, secret, error);
}

static void
test_real_files (Fixture       *fixture,
                 gconstpointer  unused)
{
  static const struct
  {
    const char   *arguments;
    const char   *password;
    IssIntegrity  integrity;
    guint         n_certificates;
    guint         n_keys;
  } cases[] =
  {
    { "-passout pass:" PASSWORD " -name Größe", PASSWORD, ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -legacy", "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -macalg sha1", "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -macalg sha512 -iter 1", "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
      "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC2-128",
      "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -keypbe AES-128-CBC -certpbe NONE",
      "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -keypbe NONE -certpbe NONE", "secret", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:secret -nomac", "secret", ISS_INTEGRITY_NONE, 2, 1 },
    { "-passout pass: -keypbe NONE -certpbe NONE -nomac", NULL, ISS_INTEGRITY_NONE, 2, 1 },
    { "-passout pass:", NULL, ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass:", "", ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass: -legacy", NULL, ISS_INTEGRITY_HMAC, 2, 1 },
    { "-passout pass: -legacy -nomac", NULL, ISS_INTEGRITY_NONE, 2, 1 },
    { "-passout pass:secret -nokeys", "secret", ISS_INTEGRITY_HMAC, 2, 0 },
    { "-passout pass:secret -nomaciter -noiter", "secret", ISS_INTEGRITY_HMAC, 2, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *line = g_strconcat (EXPORT, cases[i].arguments, NULL);

      g_test_message ("%s", cases[i].arguments);
      bytes = iss_openssl_tool_make_file (fixture->folder, line, "a.p12");
      g_assert_true (iss_pfx_looks_like (bytes));

      bundle = read_with (bytes, cases[i].password, &error);
      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_format (bundle), ==, ISS_FORMAT_PFX);
      g_assert_cmpint (iss_bundle_get_integrity (bundle), ==, cases[i].integrity);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, cases[i].n_certificates);
      g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, cases[i].n_keys);
      g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (bundle), ==, 0);
      g_assert_cmpstr (iss_certificate_get_issued_to (iss_bundle_get_certificate (bundle, 0)),
                       ==, "leaf");

      if (i == 0)
        g_assert_cmpstr (iss_bundle_get_friendly_name (bundle, 0), ==, "Größe");

      g_assert_finalize_object (g_steal_pointer (&bundle));
    }
}

static void
test_wrong_password (Fixture       *fixture,
                     gconstpointer  unused)
{
  static const struct
  {
    const char *arguments;
    const char *password;
    const char *message;
  } cases[] =
  {
    { "-passout pass:secret", "Secret", "The password is wrong" },
    { "-passout pass:secret", "", "The password is wrong" },
    { "-passout pass:secret", NULL, "A password is needed to open this file" },
    { "-passout pass:secret -legacy", "Secret", "The password is wrong" },
    { "-passout pass:secret -nomac", "Secret", "The password is wrong, or the file is damaged" },
    { "-passout pass:secret -nomac", NULL, "A password is needed to open this file" },
    { "-passout pass:secret -nomac -legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128",
      "Secret", "The password is wrong, or the file is damaged" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *line = g_strconcat (EXPORT, cases[i].arguments, NULL);

      g_test_message ("%s", cases[i].arguments);
      bytes = iss_openssl_tool_make_file (fixture->folder, line, "a.p12");
      g_assert_null (read_with (bytes, cases[i].password, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_long_password (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *password = g_strnfill (1025, 'x');
  g_autoptr(GBytes) bytes = NULL;

  bytes = iss_openssl_tool_make_file (fixture->folder, EXPORT "-passout pass:secret", "a.p12");
  g_assert_null (read_with (bytes, password, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_null (strstr (error->message, "xxx"));
}

/* OpenSSL's own parser drops all keys but one. */
static void
test_several_keys (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPrivateKey) first_key = NULL;
  g_autoptr(IssPrivateKey) second_key = NULL;
  g_autoptr(IssCertificate) first = iss_seal_make_recipient (&first_key, NULL);
  g_autoptr(IssCertificate) second = iss_seal_make_recipient (&second_key, NULL);
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) read = NULL;
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("secret");
  g_autoptr(GBytes) bytes = NULL;

  iss_bundle_add_certificate (bundle, first, "One");
  iss_bundle_add_certificate (bundle, second, NULL);
  iss_bundle_add_key (bundle, first_key);
  iss_bundle_add_key (bundle, second_key);
  bytes = iss_pfx_writer_write (bundle, ISS_PFX_PROFILE_TRIPLEDES_SHA1, password, &error);
  g_assert_no_error (error);

  read = read_with (bytes, "secret", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_keys (read), ==, 2);
  g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (read), ==, 0);
  g_assert_true (iss_bundle_get_key_for (read, 0) != iss_bundle_get_key_for (read, 1));
}

/* Replaces the @nth number @from by @to, both as DER integers of the same size. */
static GBytes *
patch (GBytes       *bytes,
       const char   *from,
       const char   *to,
       gsize         size,
       guint         nth)
{
  gsize total;
  const char *data = g_bytes_get_data (bytes, &total);
  char *copy = g_memdup2 (data, total);
  char *at = copy;

  for (guint i = 0; ; i++, at++)
    {
      at = memmem (at, total - (gsize) (at - copy), from, size);
      g_assert_nonnull (at);
      if (i == nth)
        break;
    }

  memcpy (at, to, size);

  return g_bytes_new_take (copy, total);
}

/* All of these are refused for what is written in them: none says that the
 * password is wrong, so nothing was derived. */
static void
test_hostile_iterations (Fixture       *fixture,
                         gconstpointer  unused)
{
  /* 0x01020304 iterations, in the MAC: safes and bags are in test-pfx-bags. */
  static const char written[] = "\x02\x04\x01\x02\x03\x04";
  static const struct
  {
    const char *number;
    IssError    code;
  } cases[] =
  {
    { "\x02\x04\x7f\xff\xff\xff", ISS_ERROR_TOO_COSTLY },
    { "\x02\x04\x00\x98\x96\x81", ISS_ERROR_TOO_COSTLY },
    { "\x02\x04\xff\xff\xff\xff", ISS_ERROR_MALFORMED },
    { "\x02\x04\x80\x00\x00\x00", ISS_ERROR_MALFORMED },
    { "\x02\x04\x00\x00\x00\x00", ISS_ERROR_MALFORMED },
  };
  g_autoptr(GBytes) file = NULL;

  file = iss_openssl_tool_make_file (fixture->folder,
                                      EXPORT "-passout pass:secret -iter 16909060 -keypbe NONE "
                                      "-certpbe NONE", "a.p12");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) hostile = patch (file, written, cases[i].number, 6, 0);

      g_assert_null (read_with (hostile, "wrong", &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);

      if (i == 0)
        g_assert_nonnull (strstr (error->message, "2147483647"));
    }
}

static void
test_hostile_parts (Fixture       *fixture,
                    gconstpointer  unused)
{
  static const char small[] = "\x02\x03\x01\x00\x01";
  static const char large[] = "\x02\x03\x4c\x4b\x40";
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) file = NULL;

  /* 5,000,000 rounds are allowed once; twice or three times they are not. */
  file = iss_openssl_tool_make_file (fixture->folder,
                                     EXPORT "-passout pass:secret -iter 65537", "a.p12");

  for (guint n = 3; n > 0; n--)
    {
      g_autoptr(GBytes) before = g_steal_pointer (&file);

      file = patch (before, small, large, 5, n - 1);
    }

  g_assert_null (read_with (file, "wrong", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY);
}

static void
test_tampered (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) sealed = NULL;
  g_autoptr(GBytes) changed = NULL;
  gsize size;
  guint8 *copy;

  sealed = iss_openssl_tool_make_file (fixture->folder, EXPORT "-passout pass:secret", "a.p12");
  copy = g_memdup2 (g_bytes_get_data (sealed, &size), g_bytes_get_size (sealed));
  size = g_bytes_get_size (sealed);
  copy[size / 2] ^= 1;
  changed = g_bytes_new_take (copy, size);

  g_assert_null (read_with (changed, "secret", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
}

static void
test_torn (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GBytes) longer = NULL;
  g_autoptr(GByteArray) array = g_byte_array_new ();
  g_autoptr(GError) error = NULL;
  gsize size;
  const guint8 *data;

  file = iss_openssl_tool_make_file (fixture->folder,
                                     EXPORT "-passout pass:secret -iter 1 -certpbe NONE "
                                     "-keypbe NONE", "a.p12");
  data = g_bytes_get_data (file, &size);

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(GError) torn_error = NULL;
      g_autoptr(GBytes) torn = g_bytes_new (data, n);

      g_assert_null (read_with (torn, "secret", &torn_error));
      g_assert_error (torn_error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }

  g_byte_array_append (array, data, (guint) size);
  g_byte_array_append (array, (const guint8 *) "\n", 1);
  longer = g_bytes_new (array->data, array->len);
  g_assert_null (read_with (longer, "secret", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

/* Without a MAC every change reaches the walk. */
static void
test_mutations (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20260722);
  g_autoptr(GBytes) file = NULL;
  const guint8 *data;
  guint n_opened = 0;
  gsize size;

  file = iss_openssl_tool_make_file (fixture->folder,
                                     EXPORT "-passout pass:secret -iter 1 -nomac -certpbe NONE",
                                     "a.p12");
  data = g_bytes_get_data (file, &size);

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GBytes) bytes = NULL;
      guint8 *copy = g_memdup2 (data, size);

      for (guint n = g_rand_int_range (rand, 1, 4); n > 0; n--)
        copy[g_rand_int_range (rand, 0, (gint32) size)] = (guint8) g_rand_int (rand);

      bytes = g_bytes_new_take (copy, size);
      bundle = read_with (bytes, "secret", &error);
      g_assert_true ((bundle == NULL) == (error != NULL));
      n_opened += bundle != NULL;
    }

  g_test_message ("%u of 3000 still open", n_opened);
}

/* RFC 7292, section 4: the version is 3; nothing vouches for it. */
static void
test_version (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GBytes) bytes = iss_openssl_tool_make_file (fixture->folder,
                                                        EXPORT "-passout pass:secret", "a.p12");
  gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpmem (copy + 4, 3, "\x02\x01\x03", 3);
  copy[6] = 4;
  changed = g_bytes_new (copy, size);
  bundle = read_with (changed, "secret", &error);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_null (bundle);
}

static void
test_limits (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) empty_error = NULL;
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) large = g_bytes_new_take (g_malloc0 (8 * 1024 * 1024 + 1), 8 * 1024 * 1024 + 1);

  g_assert_null (read_with (large, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_null (read_with (empty, NULL, &empty_error));
  g_assert_error (empty_error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_false (iss_pfx_looks_like (empty));
}

/* A library that has no legacy provider: Debian 13 without its package. */
static void
test_no_legacy (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) file = NULL;

  file = iss_openssl_tool_make_file (fixture->folder,
                                     EXPORT "-passout pass:secret -legacy", "a.p12");

  g_setenv ("OPENSSL_MODULES", iss_temp_folder_get_path (fixture->folder), TRUE);
  g_assert_null (read_with (file, "wrong", &error));
  g_unsetenv ("OPENSSL_MODULES");

  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "RC2"));
  g_assert_nonnull (strstr (error->message, "openssl-provider-legacy"));
}

#define ADD(path, func) g_test_add ("/pfx/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("real-files", test_real_files);
  ADD ("wrong-password", test_wrong_password);
  ADD ("long-password", test_long_password);
  ADD ("several-keys", test_several_keys);
  ADD ("hostile-iterations", test_hostile_iterations);
  ADD ("hostile-parts", test_hostile_parts);
  ADD ("tampered", test_tampered);
  ADD ("torn", test_torn);
  ADD ("mutations", test_mutations);
  ADD ("version", test_version);
  g_test_add_func ("/pfx/limits", test_limits);
  ADD ("no-legacy", test_no_legacy);

  return g_test_run ();
}
