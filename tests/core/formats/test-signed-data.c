/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/maker.h"
#include "core/certificate/openssl.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"

#include <string.h>

#define AT 1795910400   /* 29 November 2026 */
#define LIMIT (1024 * 1024)

typedef struct
{
  IssCertificate *signer;
  IssPrivateKey  *key;
  IssCertificate *other;
  IssPrivateKey  *other_key;
  GPtrArray      *signers;    /* @signer alone */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->signer = iss_seal_make_recipient (&fixture->key, NULL);
  fixture->other = iss_seal_make_recipient (&fixture->other_key, NULL);
  fixture->signers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (fixture->signers, g_object_ref (fixture->signer));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_ptr_array_unref (fixture->signers);
  g_assert_finalize_object (fixture->signer);
  g_assert_finalize_object (fixture->key);
  g_assert_finalize_object (fixture->other);
  g_assert_finalize_object (fixture->other_key);
}

static GBytes *
make_content (gsize size)
{
  guint8 *data = g_malloc (size + 1);

  memset (data, 'x', size + 1);

  return g_bytes_new_take (data, size);
}

/* The key comes of a seed: no private key lies in the repository. */
static IssCertificate *
make_rsa (guint           bits,
          const char     *label,
          IssPrivateKey **out_key)
{
  const IssMakerSpec spec = { "signer", NULL, 1767225600, 1830297600, bits, FALSE, FALSE, label };
  g_autoptr(IssMaker) maker = iss_maker_new ("signed data vector");
  g_autoptr(GError) error = NULL;
  IssCertificate *signer = iss_maker_make (maker, &spec, NULL, NULL, out_key, &error);

  g_assert_no_error (error);

  return signer;
}

static void
assert_refused (Fixture *fixture,
                GBytes  *message,
                IssError code)
{
  g_autoptr(GError) error = NULL;
  IssCertificate *signer = fixture->other;
  gint64 at = 99;

  g_assert_null (iss_signed_data_verify (message, fixture->signers, LIMIT, &signer, &at, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
  g_assert_true (signer == fixture->other);
  g_assert_cmpint (at, ==, 99);
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  unused)
{
  static const gsize sizes[] = { 0, 1, 127, 128, 4096, LIMIT };

  g_ptr_array_insert (fixture->signers, 0, g_object_ref (fixture->other));

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) content = make_content (sizes[i]);
      g_autoptr(GBytes) message = NULL;
      g_autoptr(GBytes) read = NULL;
      g_autoptr(IssCertificate) signer = NULL;
      g_autoptr(IssCertificate) embedded = NULL;
      gint64 at = 0;

      message = iss_signed_data_sign (content, fixture->signer, fixture->key, AT, &error);
      g_assert_no_error (error);
      read = iss_signed_data_verify (message, fixture->signers, LIMIT, &signer, &at, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (read, content));
      g_assert_cmpint (at, ==, AT);
      g_assert_cmpstr (iss_certificate_get_sha256_hex (signer), ==,
                       iss_certificate_get_sha256_hex (fixture->signer));

      embedded = iss_signed_data_read_signer (message, LIMIT, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (iss_certificate_get_sha256_hex (embedded), ==,
                       iss_certificate_get_sha256_hex (fixture->signer));
    }
}

static void
assert_every_bit_counts (Fixture        *fixture,
                         IssCertificate *signer,
                         IssPrivateKey  *key,
                         gsize           step)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = make_content (3);
  g_autoptr(GBytes) message = iss_signed_data_sign (content, signer, key, AT, &error);
  g_autoptr(GBytes) read = NULL;
  gsize size;
  const guint8 *data;

  g_assert_no_error (error);
  g_ptr_array_set_size (fixture->signers, 0);
  g_ptr_array_add (fixture->signers, g_object_ref (signer));
  read = iss_signed_data_verify (message, fixture->signers, LIMIT, NULL, NULL, &error);
  g_assert_no_error (error);

  data = g_bytes_get_data (message, &size);
  for (gsize bit = 0; bit < size * 8; bit += step)
    {
      g_autoptr(GError) bit_error = NULL;
      g_autoptr(GBytes) changed = NULL;
      guint8 *copy = g_memdup2 (data, size);

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      changed = g_bytes_new_take (copy, size);
      g_assert_null (iss_signed_data_verify (changed, fixture->signers, LIMIT, NULL, NULL,
                                             &bit_error));
      g_assert_nonnull (bit_error);
    }

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(GBytes) torn = g_bytes_new (data, n);

      assert_refused (fixture, torn, ISS_ERROR_MALFORMED);
    }
}

/* Not only what the signature vouches for: versions and identifiers too. */
static void
test_every_bit_counts (Fixture       *fixture,
                       gconstpointer  unused)
{
  assert_every_bit_counts (fixture, fixture->signer, fixture->key, 1);
}

static void
test_every_bit_counts_rsa (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) signer = make_rsa (2048, "first", &key);

  assert_every_bit_counts (fixture, signer, key, 3);
}

typedef struct
{
  const char   *name;
  guint         flags;
  const EVP_MD *digest;
  gboolean      two_signers;
  gboolean      further_certificate;
  gboolean      unsigned_attribute;
  gboolean      streamed;
  IssError      code;
} OtherCase;

static GBytes *
encode (CMS_ContentInfo *message,
        BIO             *in,
        guint            flags)
{
  g_autoptr(BIO) out = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  g_assert_cmpint (i2d_CMS_bio_stream (out, message, in, (int) flags), ==, 1);
  size = BIO_get_mem_data (out, &data);

  return g_bytes_new (data, (gsize) size);
}

static GBytes *
make_other (Fixture         *fixture,
            IssCertificate  *signer,
            IssPrivateKey   *key,
            const OtherCase *other)
{
  guint flags = CMS_BINARY | other->flags;
  g_autoptr(BIO) in = BIO_new_mem_buf ("text", 4);
  g_autoptr(CMS_ContentInfo) message = CMS_sign (NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
  CMS_SignerInfo *info;

  info = CMS_add1_signer (message, iss_certificate_get_x509 (signer),
                          iss_private_key_get_pkey (key), other->digest, flags);
  g_assert_nonnull (info);

  if (other->unsigned_attribute)
    g_assert_cmpint (CMS_unsigned_add1_attr_by_NID (info, NID_pkcs9_challengePassword,
                                                    V_ASN1_UTF8STRING, "x", 1), ==, 1);
  if (other->two_signers)
    g_assert_nonnull (CMS_add1_signer (message, iss_certificate_get_x509 (fixture->other),
                                       iss_private_key_get_pkey (fixture->other_key),
                                       other->digest, flags));
  if (other->further_certificate)
    g_assert_cmpint (CMS_add1_cert (message, iss_certificate_get_x509 (fixture->other)), ==, 1);

  if (other->streamed)
    return encode (message, in, flags | CMS_STREAM);

  g_assert_cmpint (CMS_final (message, in, NULL, flags), ==, 1);

  return encode (message, NULL, flags);
}

static void
test_other_messages (Fixture       *fixture,
                     gconstpointer  unused)
{
  const OtherCase cases[] =
  {
    { "MD5", CMS_NOSMIMECAP, EVP_md5 (), .code = ISS_ERROR_UNSUPPORTED },
    { "SHA-1", CMS_NOSMIMECAP, EVP_sha1 (), .code = ISS_ERROR_UNSUPPORTED },
    { "SHA-512", CMS_NOSMIMECAP, EVP_sha512 (), .code = ISS_ERROR_UNSUPPORTED },
    { "two signers", CMS_NOSMIMECAP, EVP_sha256 (), .two_signers = TRUE,
      .code = ISS_ERROR_MALFORMED },
    { "a further certificate", CMS_NOSMIMECAP, EVP_sha256 (), .further_certificate = TRUE,
      .code = ISS_ERROR_MALFORMED },
    { "an attribute that nobody signed", CMS_NOSMIMECAP, EVP_sha256 (),
      .unsigned_attribute = TRUE, .code = ISS_ERROR_MALFORMED },
    { "a further signed attribute", 0, EVP_sha256 (), .code = ISS_ERROR_MALFORMED },
    { "no signed attributes", CMS_NOATTR, EVP_sha256 (), .code = ISS_ERROR_MALFORMED },
    { "no certificate", CMS_NOSMIMECAP | CMS_NOCERTS, EVP_sha256 (),
      .code = ISS_ERROR_MALFORMED },
    { "named by its key", CMS_NOSMIMECAP | CMS_USE_KEYID, EVP_sha256 (),
      .code = ISS_ERROR_MALFORMED },
    { "detached", CMS_NOSMIMECAP | CMS_DETACHED, EVP_sha256 (), .code = ISS_ERROR_MALFORMED },
    { "indefinite lengths", CMS_NOSMIMECAP, EVP_sha256 (), .streamed = TRUE,
      .code = ISS_ERROR_MALFORMED },
  };

  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) signer = make_rsa (2048, "first", &key);

  const OtherCase usual = { "nothing unusual", CMS_NOSMIMECAP, EVP_sha256 (), .code = 0 };
  g_autoptr(GBytes) good = make_other (fixture, signer, key, &usual);
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_set_size (fixture->signers, 0);
  g_ptr_array_add (fixture->signers, g_object_ref (signer));
  content = iss_signed_data_verify (good, fixture->signers, LIMIT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "text", 4);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) message = make_other (fixture, signer, key, &cases[i]);

      g_test_message ("%s", cases[i].name);
      assert_refused (fixture, message, cases[i].code);
    }
}

static void
test_not_signed (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(IssSecret) clear = iss_secret_new ("text", 4);
  g_autoptr(GBytes) sealed = iss_seal_to (fixture->signer, clear, NULL);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);

  assert_refused (fixture, sealed, ISS_ERROR_UNSUPPORTED);
  assert_refused (fixture, empty, ISS_ERROR_MALFORMED);
}

static void
test_other_signer (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(GBytes) content = make_content (10);
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  message = iss_signed_data_sign (content, fixture->other, fixture->other_key, AT, &error);
  g_assert_no_error (error);
  assert_refused (fixture, message, ISS_ERROR_REFUSED);

  g_assert_null (iss_signed_data_verify (message, nobody, LIMIT, NULL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

/* Another key that says that it is the signer's: the certificate is exchanged for the pinned
 * one, of the same size and names. */
static void
test_forged (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) forger_key = NULL;
  g_autoptr(IssCertificate) signer = make_rsa (2048, "first", &key);
  g_autoptr(IssCertificate) forger = make_rsa (2048, "second", &forger_key);
  g_autoptr(GBytes) content = make_content (10);
  g_autoptr(GBytes) message = iss_signed_data_sign (content, forger, forger_key, AT, NULL);
  g_autoptr(GBytes) forged = NULL;
  gsize ours_size, theirs_size, size;
  const guint8 *ours = g_bytes_get_data (iss_certificate_get_der (signer), &ours_size);
  const guint8 *theirs = g_bytes_get_data (iss_certificate_get_der (forger), &theirs_size);
  const guint8 *data = g_bytes_get_data (message, &size);
  guint8 *copy = g_memdup2 (data, size);
  guint8 *place = memmem (copy, size, theirs, theirs_size);

  g_assert_cmpuint (ours_size, ==, theirs_size);
  g_assert_nonnull (place);
  memcpy (place, ours, ours_size);
  forged = g_bytes_new_take (copy, size);

  g_ptr_array_add (fixture->signers, g_object_ref (signer));
  assert_refused (fixture, message, ISS_ERROR_REFUSED);
  assert_refused (fixture, forged, ISS_ERROR_MALFORMED);
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(GBytes) content = make_content (LIMIT + 1);
  g_autoptr(GBytes) most = make_content (LIMIT);
  g_autoptr(GBytes) huge = make_content (LIMIT + 64 * 1024 + 1);
  g_autoptr(GBytes) larger = make_content (16 * 1024 * 1024 + 1);
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) longer = NULL;
  g_autoptr(GError) error = NULL;
  GByteArray *bytes = g_byte_array_new ();

  message = iss_signed_data_sign (content, fixture->signer, fixture->key, AT, NULL);
  assert_refused (fixture, message, ISS_ERROR_TOO_LARGE);
  assert_refused (fixture, huge, ISS_ERROR_TOO_LARGE);
  g_assert_null (iss_signed_data_read_signer (huge, LIMIT, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_assert_null (iss_signed_data_sign (larger, fixture->signer, fixture->key, AT, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);

  g_bytes_unref (message);
  message = iss_signed_data_sign (most, fixture->signer, fixture->key, AT, NULL);
  g_byte_array_append (bytes, g_bytes_get_data (message, NULL),
                       (guint) g_bytes_get_size (message));
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  longer = g_byte_array_free_to_bytes (bytes);
  assert_refused (fixture, longer, ISS_ERROR_MALFORMED);
}

static void
test_unfit_keys (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(IssPrivateKey) weak_key = NULL;
  g_autoptr(IssCertificate) weak = make_rsa (1024, "first", &weak_key);
  g_autoptr(GBytes) content = make_content (10);
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_signed_data_sign (content, weak, weak_key, AT, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  g_assert_null (iss_signed_data_sign (content, fixture->signer, fixture->other_key, AT, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

/* What was signed on 29 November 2026 is verified, and written, as long as there is this format:
 * by other versions of OpenSSL too. UPDATE_VECTORS=1 in the environment writes the file anew,
 * which is right only with a new format. */
static void
test_vector (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char text[] = "Signed on 29 November 2026.";
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "signed-data-1.hex",
                                                 NULL);
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) signer = make_rsa (2048, "first", &key);
  g_autoptr(GBytes) content = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) fresh = iss_signed_data_sign (content, signer, key, AT, &error);
  g_autoptr(GBytes) kept = NULL;
  g_autoptr(GBytes) read = NULL;
  g_autofree char *hex = NULL;

  g_assert_no_error (error);
  if (g_getenv ("UPDATE_VECTORS") != NULL)
    {
      g_autofree char *line = iss_text_hex (g_bytes_get_data (fresh, NULL),
                                            g_bytes_get_size (fresh), FALSE);
      g_autofree char *whole = g_strconcat (line, "\n", NULL);

      g_assert_true (g_file_set_contents (path, whole, -1, &error));
    }

  g_file_get_contents (path, &hex, NULL, &error);
  g_assert_no_error (error);
  kept = iss_text_parse_hex (g_strstrip (hex));
  g_assert_nonnull (kept);
  g_assert_true (g_bytes_equal (kept, fresh));

  g_ptr_array_add (fixture->signers, g_steal_pointer (&signer));
  read = iss_signed_data_verify (kept, fixture->signers, LIMIT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, content));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/signed-data/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("round-trip", test_round_trip);
  ADD ("every-bit-counts", test_every_bit_counts);
  ADD ("every-bit-counts-rsa", test_every_bit_counts_rsa);
  ADD ("other-messages", test_other_messages);
  ADD ("not-signed", test_not_signed);
  ADD ("other-signer", test_other_signer);
  ADD ("forged", test_forged);
  ADD ("limits", test_limits);
  ADD ("unfit-keys", test_unfit_keys);
  ADD ("vector", test_vector);

  return g_test_run ();
}
