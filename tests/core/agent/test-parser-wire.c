/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/parser-wire.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"

#include <string.h>

#define NOW 1793318400

static IssBundle *
make_bundle (void)
{
  g_autoptr(IssMaker) maker = iss_maker_new ("parser-wire");
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("auth%u.contoso.example", i);
      const IssMakerSpec spec =
        {
          .subject_cn = name,
          .not_before = NOW,
          .not_after = NOW + 1000,
          .rsa_bits = 2048,
          .key_label = name,
        };
      g_autoptr(IssPrivateKey) key = NULL;
      g_autoptr(IssCertificate) certificate = NULL;
      g_autoptr(GError) error = NULL;

      certificate = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
      g_assert_no_error (error);
      iss_bundle_add_certificate (bundle, certificate, i == 1 ? "Grüße" : NULL);
      if (i != 2)
        iss_bundle_add_key (bundle, key);
    }

  return g_steal_pointer (&bundle);
}

/* Without the header, which is checked. */
static IssSecret *
pack (IssBundle    *bundle,
      const GError *failure)
{
  g_autoptr(IssSecret) answer = iss_parser_wire_pack (bundle, failure);
  gsize size, rest;
  const guint8 *data = iss_secret_get_data (answer, &size);

  g_assert_true (iss_parser_wire_read_header (data, &rest));
  g_assert_cmpuint (rest, ==, size - ISS_PARSER_WIRE_HEADER_SIZE);

  return iss_secret_new (data + ISS_PARSER_WIRE_HEADER_SIZE, rest);
}

static void
expect_no_answer (gconstpointer data,
                  gsize         size)
{
  g_autoptr(IssSecret) answer = iss_secret_new (data, size);
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_parser_wire_unpack (answer, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "The file made its reader fail; nothing was changed");
}

static void
test_parser_wire_bundle (void)
{
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssSecret) answer = pack (bundle, NULL);
  g_autoptr(IssBundle) read = NULL;
  g_autoptr(GError) error = NULL;

  read = iss_parser_wire_unpack (answer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_bundle_get_format (read), ==, ISS_FORMAT_PFX);
  g_assert_cmpint (iss_bundle_get_integrity (read), ==, ISS_INTEGRITY_HMAC);
  g_assert_cmpuint (iss_bundle_get_n_certificates (read), ==, 3);
  g_assert_cmpuint (iss_bundle_get_n_keys (read), ==, 2);

  for (guint i = 0; i < 3; i++)
    {
      IssPrivateKey *key = iss_bundle_get_key_for (read, i);

      g_assert_cmpstr (iss_bundle_get_friendly_name (read, i), ==,
                       iss_bundle_get_friendly_name (bundle, i));
      g_assert_true (g_bytes_equal (
        iss_certificate_get_der (iss_bundle_get_certificate (read, i)),
        iss_certificate_get_der (iss_bundle_get_certificate (bundle, i))));
      g_assert_cmpint (key != NULL, ==, i != 2);
    }
}

static void
test_parser_wire_failure (void)
{
  const struct
    {
      GQuark      domain;
      int         code;
      const char *message;
      int         expected_code;
      const char *expected;
    } cases[] =
    {
      { ISS_ERROR, ISS_ERROR_WRONG_PASSWORD, "The password is wrong",
        ISS_ERROR_WRONG_PASSWORD, "The password is wrong" },
      { ISS_ERROR, ISS_ERROR_TOO_COSTLY, "Größer", ISS_ERROR_TOO_COSTLY, "Größer" },
      { ISS_ERROR, ISS_ERROR_REFUSED, "for another", ISS_ERROR_REFUSED, "for another" },
      { ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION, "no", ISS_ERROR_FAILED, "no" },
      { ISS_ERROR, ISS_ERROR_HOST_KEY_CHANGED, "no business of a file's", ISS_ERROR_FAILED,
        "no business of a file's" },
      { G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "another domain", ISS_ERROR_FAILED, "another domain" },
      { ISS_ERROR, ISS_ERROR_MALFORMED, "a\033[31m\u202eb", ISS_ERROR_MALFORMED, NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) failure = g_error_new_literal (cases[i].domain, cases[i].code,
                                                       cases[i].message);
      g_autoptr(IssSecret) answer = pack (NULL, failure);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].message);
      g_assert_null (iss_parser_wire_unpack (answer, &error));
      g_assert_error (error, ISS_ERROR, cases[i].expected_code);
      if (cases[i].expected != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].expected);
      else
        g_assert_null (strpbrk (error->message, "\033\342"));
    }
}

/* A reader that was taken over says what it likes. */
static void
test_parser_wire_cut (void)
{
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssSecret) answer = pack (bundle, NULL);
  g_autoptr(GError) failure = g_error_new_literal (ISS_ERROR, ISS_ERROR_MALFORMED, "damaged");
  g_autoptr(IssSecret) failed = pack (NULL, failure);
  g_autofree guint8 *longer = NULL;
  gsize size, failed_size;
  const guint8 *data = iss_secret_get_data (answer, &size);
  const guint8 *failed_data = iss_secret_get_data (failed, &failed_size);

  for (gsize n = 0; n < size; n += n < 64 ? 1 : 61)
    expect_no_answer (data, n);
  expect_no_answer (data, size - 1);
  for (gsize n = 0; n < failed_size; n++)
    expect_no_answer (failed_data, n);

  longer = g_malloc0 (size + 1);
  memcpy (longer, data, size);
  expect_no_answer (longer, size + 1);
  memcpy (longer, failed_data, failed_size);
  expect_no_answer (longer, failed_size + 1);
}

static void
test_parser_wire_wrong (void)
{
  static const struct
  {
    const char *name;
    const char *bytes;
    gsize       size;
  } cases[] =
  {
    { "neither", "\0\0\0\2", 4 },
    { "no format", "\0\0\0\1\0\0\0\6\0\0\0\0\0\0\0\0\0\0\0\0", 20 },
    { "no integrity", "\0\0\0\1\0\0\0\1\0\0\0\3\0\0\0\0\0\0\0\0", 20 },
    { "nothing in it", "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 20 },
    { "four thousand million certificates", "\0\0\0\1\0\0\0\1\0\0\0\0\377\377\377\377", 16 },
    { "ten thousand and one", "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\x27\x11", 16 },
    { "four thousand million keys", "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\377\377\377\377", 20 },
    { "a certificate of four thousand million bytes",
      "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\1\377\377\377\377\0\0\0\0\0\0\0\0", 28 },
    { "a certificate that is none",
      "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\2\x30\0\0\0\0\0\0\0\0\0", 30 },
    { "a key that is none",
      "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\2\x30\0", 26 },
    { "an empty key", "\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0", 24 },
    { "an error without a word", "\0\0\0\0\0\0\0\1\0\0\0\0", 12 },
    { "an error about connections", "\0\0\0\0\0\0\0\x14\0\0\0\1x", 13 },
    { "an error that there is not", "\0\0\0\0\0\0\1\0\0\0\0\1x", 13 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      expect_no_answer (cases[i].bytes, cases[i].size);
    }
}

/* The other answer: one number, and only that one is believed. */
static void
test_parser_wire_sound (void)
{
  g_autoptr(GError) failure = g_error_new_literal (ISS_ERROR, ISS_ERROR_REFUSED, "for another");
  g_autoptr(IssSecret) answer = iss_parser_wire_pack_sound ();
  g_autoptr(IssSecret) refusal = pack (NULL, failure);
  g_autoptr(IssBundle) bundle = make_bundle ();
  g_autoptr(IssSecret) other = pack (bundle, NULL);
  g_autoptr(GError) error = NULL;
  const struct { const char *answer; gsize size; } cases[] =
    {
      { "", 0 }, { "\0\0\0", 3 }, { "\0\0\0\3", 4 }, { "\0\0\0\2\0", 5 },
      { "\0\0\0\0\0\0\0\1", 8 }, { "\0\0\0\1", 4 },
    };
  const guint8 *data;
  gsize size, rest;

  data = iss_secret_get_data (answer, &size);
  g_assert_true (iss_parser_wire_read_header (data, &rest));
  g_assert_cmpuint (size, ==, ISS_PARSER_WIRE_HEADER_SIZE + rest);

  {
    g_autoptr(IssSecret) body = iss_secret_new (data + ISS_PARSER_WIRE_HEADER_SIZE, rest);

    g_assert_true (iss_parser_wire_unpack_sound (body, "failed", &error));
    g_assert_no_error (error);
    g_assert_null (iss_parser_wire_unpack (body, &error));
    g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
    g_clear_error (&error);
  }

  g_assert_false (iss_parser_wire_unpack_sound (refusal, "failed", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "for another");
  g_clear_error (&error);
  g_assert_false (iss_parser_wire_unpack_sound (other, "failed", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) wrong = iss_secret_new (cases[i].answer, cases[i].size);
      g_autoptr(GError) wrong_error = NULL;

      g_assert_false (iss_parser_wire_unpack_sound (wrong, "failed", &wrong_error));
      g_assert_error (wrong_error, ISS_ERROR, ISS_ERROR_FAILED);
      g_assert_cmpstr (wrong_error->message, ==, "failed");
    }
}

static void
test_parser_wire_header (void)
{
  static const char *const wrong[] =
    {
      "ISP0\0\0\0\0", "\0\0\0\0\0\0\0\0", "ISP1\1\0\0\1", "ISP1\377\377\377\377"
    };
  gsize size = 99;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (iss_parser_wire_read_header ((const guint8 *) wrong[i], &size));
  g_assert_cmpuint (size, ==, 99);

  g_assert_true (iss_parser_wire_read_header ((const guint8 *) "ISP1\1\0\0\0", &size));
  g_assert_cmpuint (size, ==, ISS_PARSER_WIRE_MAX_ANSWER);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/parser-wire/bundle", test_parser_wire_bundle);
  g_test_add_func ("/parser-wire/failure", test_parser_wire_failure);
  g_test_add_func ("/parser-wire/cut", test_parser_wire_cut);
  g_test_add_func ("/parser-wire/wrong", test_parser_wire_wrong);
  g_test_add_func ("/parser-wire/sound", test_parser_wire_sound);
  g_test_add_func ("/parser-wire/header", test_parser_wire_header);

  return g_test_run ();
}
