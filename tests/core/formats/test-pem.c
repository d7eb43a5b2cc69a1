/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/formats/pem.h"
#include "core/formats/seal.h"

#include <string.h>

typedef struct
{
  IssCertificate *certificate;
  IssPrivateKey  *key;
  char           *pem;
  char           *key_pem;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autoptr(IssSecret) key_pem = NULL;

  fixture->certificate = iss_seal_make_recipient (&fixture->key, NULL);
  fixture->pem = iss_certificate_dup_pem (fixture->certificate);
  key_pem = iss_private_key_dup_pem (fixture->key, NULL);
  fixture->key_pem = g_strndup (iss_secret_get_data (key_pem, NULL), iss_secret_get_size (key_pem));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_object (&fixture->certificate);
  g_clear_object (&fixture->key);
  g_clear_pointer (&fixture->pem, g_free);
  g_clear_pointer (&fixture->key_pem, g_free);
}

static IssBundle *
read_text (const char  *text,
           GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return iss_pem_read (bytes, NULL, error);
}

static char *
relabel (const char *pem,
         const char *label)
{
  g_auto(GStrv) parts = g_strsplit (pem, "CERTIFICATE", -1);

  return g_strjoinv (label, parts);
}

static void
test_good (Fixture       *fixture,
           gconstpointer  unused)
{
  g_auto(GStrv) lines = g_strsplit (fixture->pem, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *both = g_strconcat ("Bag Attributes\n", fixture->key_pem, "text\n",
                                       fixture->pem, fixture->pem, "more", NULL);
  g_autofree char *x509 = relabel (fixture->pem, "X509 CERTIFICATE");
  g_autofree char *trusted = relabel (fixture->pem, "TRUSTED CERTIFICATE");
  g_autofree char *no_newline = g_strchomp (g_strdup (fixture->pem));
  const struct
  {
    const char *text;
    guint       n_keys;
  } cases[] =
  {
    { fixture->pem, 0 }, { crlf, 0 }, { both, 1 }, { x509, 0 }, { trusted, 0 }, { no_newline, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssBundle) bundle = read_text (cases[i].text, &error);
      g_autoptr(GBytes) first = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (iss_bundle_get_format (bundle), ==, ISS_FORMAT_PEM);
      g_assert_cmpint (iss_bundle_get_integrity (bundle), ==, ISS_INTEGRITY_NONE);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 1);
      g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, cases[i].n_keys);

      first = iss_pem_first_certificate (cases[i].text, strlen (cases[i].text));
      if (cases[i].text != trusted)
        g_assert_true (g_bytes_equal (first, iss_certificate_get_der (fixture->certificate)));
    }
}

static void
test_bad (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autofree char *torn = g_strndup (fixture->pem, strlen (fixture->pem) - 10);
  g_autofree char *second_torn = g_strconcat (fixture->pem, torn, NULL);
  const struct
  {
    const char *text;
    const char *part;     /* of the message */
  } cases[] =
  {
    { "", "no certificate" },
    { "Hello", "no certificate" },
    { torn, "Block 1 " },
    { second_torn, "Block 2 " },
    { "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "Block 1 " },
    { "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n", "base64" },
    { "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n", "request" },
    { "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n", "revocation list" },
    { "-----BEGIN EC PARAMETERS-----\nMAA=\n-----END EC PARAMETERS-----\n", "no certificate" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_null (read_text (cases[i].text, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }

  g_assert_null (iss_pem_first_certificate (torn, strlen (torn)));
  g_assert_null (iss_pem_first_certificate ("", 0));
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GString) keys = g_string_new (NULL);
  g_autoptr(GString) blocks = g_string_new (NULL);
  g_autoptr(GError) keys_error = NULL;
  g_autoptr(GError) blocks_error = NULL;

  for (guint i = 0; i < 65; i++)
    g_string_append (keys, fixture->key_pem);
  for (guint i = 0; i < 10001; i++)
    g_string_append (blocks, "-----BEGIN X-----\n-----END X-----\n");

  g_assert_null (read_text (keys->str, &keys_error));
  g_assert_error (keys_error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_null (read_text (blocks->str, &blocks_error));
  g_assert_error (blocks_error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

static void
test_mutations (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (20260722);
  g_autofree char *text = g_strconcat (fixture->key_pem, fixture->pem, NULL);
  gsize size = strlen (text);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *copy = g_memdup2 (text, size);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IssBundle) bundle = NULL;

      for (guint n = g_rand_int_range (rand, 1, 4); n > 0; n--)
        copy[g_rand_int_range (rand, 0, (gint32) size)] = (char) g_rand_int (rand);

      bytes = g_bytes_new (copy, (gsize) g_rand_int_range (rand, 1, (gint32) size + 1));
      bundle = iss_pem_read (bytes, NULL, &error);
      g_assert_true ((bundle == NULL) == (error != NULL));
    }
}

#define ADD(path, func) g_test_add ("/pem/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("good", test_good);
  ADD ("bad", test_bad);
  ADD ("limits", test_limits);
  ADD ("mutations", test_mutations);

  return g_test_run ();
}
