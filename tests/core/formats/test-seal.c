/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/maker.h"
#include "core/formats/seal.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <string.h>

static IssSecret *
make_content (gsize size)
{
  gpointer data;
  IssSecret *secret = iss_secret_new_sized (size, &data);

  memset (data, 'x', size);

  return secret;
}

static void
test_round_trip (void)
{
  static const gsize sizes[] = { 0, 1, 32, 4095, 4096, 4097, 8 * 1024 * 1024 };
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, &error);

  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, recipient));

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(IssSecret) clear = make_content (sizes[i]);
      g_autoptr(IssSecret) opened = NULL;
      g_autoptr(GBytes) sealed = iss_seal_to (recipient, clear, &error);

      g_assert_no_error (error);
      opened = iss_seal_open (sealed, recipient, key, &error);
      g_assert_no_error (error);
      g_assert_true (iss_secret_equal (clear, opened));
    }
}

/* Not only what GCM vouches for: versions and identifiers too. */
static void
test_every_bit_counts (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssSecret) clear = make_content (3);
  g_autoptr(GBytes) sealed = iss_seal_to (recipient, clear, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);

  for (gsize bit = 0; bit < size * 8; bit++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) changed = NULL;
      guint8 *copy = g_memdup2 (data, size);

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      changed = g_bytes_new_take (copy, size);
      g_assert_null (iss_seal_open (changed, recipient, key, &error));
      g_assert_nonnull (error);
    }

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) torn = g_bytes_new (data, n);

      g_assert_null (iss_seal_open (torn, recipient, key, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static void
test_large_is_tampered_with (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssSecret) clear = make_content (1024 * 1024);
  g_autoptr(GBytes) sealed = iss_seal_to (recipient, clear, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);

  for (gsize at = 300; at < size; at += size / 7)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) changed = NULL;
      guint8 *copy = g_memdup2 (data, size);

      copy[at] ^= 0x10;
      changed = g_bytes_new_take (copy, size);
      g_assert_null (iss_seal_open (changed, recipient, key, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static GBytes *
make_cms (IssCertificate   *first,
          IssCertificate   *second,
          const EVP_CIPHER *cipher)
{
  STACK_OF (X509) *recipients = sk_X509_new_null ();
  BIO *in = BIO_new_mem_buf ("text", 4);
  CMS_ContentInfo *message;
  GBytes *bytes;
  guint8 *der = NULL;
  int size;

  sk_X509_push (recipients, iss_certificate_get_x509 (first));
  if (second != NULL)
    sk_X509_push (recipients, iss_certificate_get_x509 (second));

  message = CMS_encrypt (recipients, in, cipher, CMS_BINARY | CMS_USE_KEYID);
  g_assert_nonnull (message);
  size = i2d_CMS_ContentInfo (message, &der);
  bytes = g_bytes_new (der, (gsize) size);

  OPENSSL_free (der);
  CMS_ContentInfo_free (message);
  BIO_free (in);
  sk_X509_free (recipients);

  return bytes;
}

static void
test_other_messages (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssCertificate) other = iss_seal_make_recipient (&other_key, NULL);
  const struct
  {
    const char       *name;
    IssCertificate   *first;
    IssCertificate   *second;
    const EVP_CIPHER *cipher;
    IssError          code;
  } cases[] =
  {
    { "AES-256-CBC", recipient, NULL, EVP_aes_256_cbc (), ISS_ERROR_UNSUPPORTED },
    { "AES-128-GCM", recipient, NULL, EVP_aes_128_gcm (), ISS_ERROR_MALFORMED },
    { "two recipients", recipient, other, EVP_aes_256_gcm (), ISS_ERROR_MALFORMED },
    { "another recipient", other, NULL, EVP_aes_256_gcm (), ISS_ERROR_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) sealed = make_cms (cases[i].first, cases[i].second, cases[i].cipher);

      g_test_message ("%s", cases[i].name);
      g_assert_null (iss_seal_open (sealed, recipient, key, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
}

static void
test_wrong_key_and_limits (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssCertificate) other = iss_seal_make_recipient (&other_key, NULL);
  g_autoptr(IssSecret) clear = make_content (100);
  g_autoptr(IssSecret) large = make_content (16 * 1024 * 1024 + 1);
  g_autoptr(GBytes) sealed = iss_seal_to (recipient, clear, NULL);
  g_autoptr(GBytes) longer = NULL;
  g_autoptr(GError) key_error = NULL;
  g_autoptr(GBytes) huge = g_bytes_new_take (g_malloc0 (17 * 1024 * 1024), 17 * 1024 * 1024);
  g_autoptr(GError) huge_error = NULL;
  g_autoptr(GError) size_error = NULL;
  g_autoptr(GError) trailing_error = NULL;
  guint8 *copy = g_malloc0 (g_bytes_get_size (sealed) + 1);

  g_assert_nonnull (other);
  g_assert_null (iss_seal_open (sealed, recipient, other_key, &key_error));
  g_assert_error (key_error, ISS_ERROR, ISS_ERROR_MALFORMED);

  g_assert_null (iss_seal_open (huge, recipient, key, &huge_error));
  g_assert_error (huge_error, ISS_ERROR, ISS_ERROR_TOO_LARGE);

  g_assert_null (iss_seal_to (recipient, large, &size_error));
  g_assert_error (size_error, ISS_ERROR, ISS_ERROR_TOO_LARGE);

  memcpy (copy, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  longer = g_bytes_new_take (copy, g_bytes_get_size (sealed) + 1);
  g_assert_null (iss_seal_open (longer, recipient, key, &trailing_error));
  g_assert_error (trailing_error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

/* The recipient's key comes of a seed: no private key lies in the repository. */
static IssCertificate *
make_vector_recipient (IssPrivateKey **out_key)
{
  const IssMakerSpec spec = { "seal vector", NULL, 1767225600, 1830297600, 2048, FALSE, FALSE,
                              "seal" };
  g_autoptr(IssMaker) maker = iss_maker_new ("seal vector");
  g_autoptr(GError) error = NULL;
  IssCertificate *recipient = iss_maker_make (maker, &spec, NULL, NULL, out_key, &error);

  g_assert_no_error (error);
  return recipient;
}

/* What was sealed on 22 November 2026 is opened as long as there is this format: packages that
 * wait for a server, and agents that are older than the console. UPDATE_VECTORS=1 in the
 * environment writes the file anew, which is right only with a new format. */
static void
test_vector (void)
{
  static const char content[] = "Sealed on 22 November 2026.";
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "seal-1.hex", NULL);
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = make_vector_recipient (&key);
  g_autoptr(IssSecret) opened = NULL;
  g_autoptr(IssSecret) clear = iss_secret_new (content, sizeof content - 1);
  g_autoptr(GBytes) sealed = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *hex = NULL;

  if (g_getenv ("UPDATE_VECTORS") != NULL)
    {
      g_autoptr(GBytes) fresh = iss_seal_to (recipient, clear, &error);
      g_autofree char *text = iss_text_hex (g_bytes_get_data (fresh, NULL),
                                            g_bytes_get_size (fresh), FALSE);

      g_autofree char *line = g_strconcat (text, "\n", NULL);

      g_assert_true (g_file_set_contents (path, line, -1, &error));
    }

  g_file_get_contents (path, &hex, NULL, &error);
  g_assert_no_error (error);
  sealed = iss_text_parse_hex (g_strstrip (hex));
  g_assert_nonnull (sealed);

  opened = iss_seal_open (sealed, recipient, key, &error);
  g_assert_no_error (error);
  g_assert_true (iss_secret_equal (opened, clear));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/seal/round-trip", test_round_trip);
  g_test_add_func ("/seal/every-bit-counts", test_every_bit_counts);
  g_test_add_func ("/seal/large-is-tampered-with", test_large_is_tampered_with);
  g_test_add_func ("/seal/other-messages", test_other_messages);
  g_test_add_func ("/seal/wrong-key-and-limits", test_wrong_key_and_limits);
  g_test_add_func ("/seal/vector", test_vector);

  return g_test_run ();
}
