/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/certificate/maker.h"
#include "core/formats/certificate-file.h"
#include "core/formats/sst.h"

#include <string.h>

#define START 1767225600   /* 1 January 2026 */
#define END 1830297600     /* 1 January 2028 */

static IssCertificate *
make_certificate (const char *name)
{
  const IssMakerSpec spec = { name, NULL, START, END, 2048, FALSE, TRUE, "sst" };
  g_autoptr(IssMaker) maker = iss_maker_new ("sst");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);

  g_assert_no_error (error);
  return certificate;
}

/* By hand, as CertSaveStore lays it out: not what we write, but what Windows does. */
static void
add_element (GByteArray   *file,
             guint8        id,
             const guint8 *data,
             gsize         size)
{
  const guint8 header[12] = { id, 0, 0, 0, 1, 0, 0, 0, (guint8) size, (guint8) (size >> 8),
                              (guint8) (size >> 16), 0 };

  g_byte_array_append (file, header, sizeof header);
  g_byte_array_append (file, data, (guint) size);
}

static GByteArray *
begin (void)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "\0\0\0\0CERT", 8);

  return file;
}

static GBytes *
end (GByteArray *file)
{
  static const guint8 zeros[12] = { 0 };

  g_byte_array_append (file, zeros, sizeof zeros);

  return g_byte_array_free_to_bytes (file);
}

static void
test_windows (void)
{
  static const guint8 hash[20] = { 1, 2, 3 };
  static const guint8 name[] = { 'G', 0, 0xf6, 0, 0x3d, 0xd8, 0x10, 0xde, 0, 0 };
  g_autoptr(IssCertificate) first = make_certificate ("first");
  g_autoptr(IssCertificate) second = make_certificate ("second");
  GBytes *der[] = { iss_certificate_get_der (first), iss_certificate_get_der (second) };
  GByteArray *file = begin ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  add_element (file, 3, hash, sizeof hash);
  add_element (file, 11, name, sizeof name);
  add_element (file, 32, g_bytes_get_data (der[0], NULL), g_bytes_get_size (der[0]));
  add_element (file, 3, hash, sizeof hash);
  add_element (file, 32, g_bytes_get_data (der[1], NULL), g_bytes_get_size (der[1]));
  /* A revocation list and its properties are nobody's. */
  add_element (file, 11, name, sizeof name);
  add_element (file, 33, hash, sizeof hash);
  bytes = end (file);

  g_assert_cmpint (iss_certificate_file_sniff (bytes), ==, ISS_FORMAT_SST);
  g_assert_false (iss_certificate_file_needs_password (bytes));
  bundle = iss_certificate_file_read (bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_bundle_get_format (bundle), ==, ISS_FORMAT_SST);
  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 2);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 0);
  g_assert_cmpstr (iss_bundle_get_friendly_name (bundle, 0), ==, "Gö😐");
  g_assert_null (iss_bundle_get_friendly_name (bundle, 1));
  g_assert_true (g_bytes_equal (iss_certificate_get_der (iss_bundle_get_certificate (bundle, 1)),
                                der[1]));
}

static void
test_round_trip (void)
{
  static const guint8 expected_name[] = { 11, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 'x', 0, 0, 0 };
  g_autoptr(IssCertificate) first = make_certificate ("first");
  g_autoptr(IssCertificate) second = make_certificate ("second");
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_DER, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) read = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  const guint8 *data;
  gsize size;

  iss_bundle_add_certificate (bundle, first, "x");
  iss_bundle_add_certificate (bundle, second, NULL);
  bytes = iss_sst_write (bundle, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, 8, "\0\0\0\0CERT", 8);
  g_assert_cmpmem (data + 8, sizeof expected_name, expected_name, sizeof expected_name);
  g_assert_cmpmem (data + size - 12, 12, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);

  g_assert_true (iss_sst_read_certificates (data, size, read, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_certificates (read), ==, 2);
  g_assert_cmpstr (iss_bundle_get_friendly_name (read, 0), ==, "x");
  g_assert_null (iss_bundle_get_friendly_name (read, 1));
}

static void
test_torn (void)
{
  g_autoptr(IssCertificate) certificate = make_certificate ("first");
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_DER, ISS_INTEGRITY_NONE);
  g_autoptr(GBytes) bytes = NULL;
  const guint8 *data;
  gsize size;

  iss_bundle_add_certificate (bundle, certificate, NULL);
  bytes = iss_sst_write (bundle, NULL);
  data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(IssBundle) read = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
      g_autoptr(GError) error = NULL;
      g_autofree guint8 *torn = g_memdup2 (data, n);

      g_assert_false (iss_sst_read_certificates (torn, n, read, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static void
test_bad (void)
{
  static const guint8 rubbish[] = { 0x30, 0x03, 0x02, 0x01, 0x00 };
  static const struct
  {
    const char *name;
    guint8      encoding;
    guint8      id;
    gboolean    trailing;
    IssError    code;
    const char *words;
  } cases[] =
  {
    { "no certificate in the element", 1, 32, FALSE, ISS_ERROR_MALFORMED, "Certificate 1" },
    { "another encoding", 0, 32, FALSE, ISS_ERROR_UNSUPPORTED, "encoded" },
    { "revocation lists only", 1, 33, FALSE, ISS_ERROR_MALFORMED, "no certificate" },
    { "data after the end", 1, 33, TRUE, ISS_ERROR_MALFORMED, "after the end" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssBundle) read = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;
      GByteArray *file = begin ();

      g_test_message ("%s", cases[i].name);
      add_element (file, cases[i].id, rubbish, sizeof rubbish);
      file->data[12] = cases[i].encoding;
      if (cases[i].trailing)
        add_element (file, 0, rubbish, 0);
      bytes = end (file);

      g_assert_false (iss_sst_read_certificates (g_bytes_get_data (bytes, NULL),
                                                 g_bytes_get_size (bytes), read, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

static void
test_limit (void)
{
  static const guint8 nothing[1] = { 0 };
  g_autoptr(IssBundle) read = iss_bundle_new (ISS_FORMAT_SST, ISS_INTEGRITY_NONE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  GByteArray *file = begin ();

  for (guint i = 0; i <= 200000; i++)
    add_element (file, 3, nothing, 0);
  bytes = end (file);

  g_assert_false (iss_sst_read_certificates (g_bytes_get_data (bytes, NULL),
                                             g_bytes_get_size (bytes), read, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sst/windows", test_windows);
  g_test_add_func ("/sst/round-trip", test_round_trip);
  g_test_add_func ("/sst/torn", test_torn);
  g_test_add_func ("/sst/bad", test_bad);
  g_test_add_func ("/sst/limit", test_limit);

  return g_test_run ();
}
