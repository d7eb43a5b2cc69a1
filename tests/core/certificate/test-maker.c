/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/maker.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/openssl.h"

#include <glib/gstdio.h>
#include <openssl/core_names.h>

#define SEED "issuant tests"
#define START 1767225600 /* 1 January 2026 */
#define YEAR (365 * 24 * 60 * 60)

/* Made once and written down: a change here changes every demonstration's
 * thumbprints and is a mistake. */
#define AUTHORITY_SHA256 "82bd617540bc67cc9a9bb62c31c555e84f361875556281eb39464971297e8fae"
#define LEAF_SHA256 "1f65744e089836209465f1172adf32bf3d34cebb7140fa4d0357a773d1d1dc60"

static const char *const dns_names[] = { "auth.contoso.example", "contoso.example", NULL };

static const IssMakerSpec authority_spec =
{
  .subject_cn = "Contoso CA",
  .not_before = START,
  .not_after = START + 10LL * YEAR,
  .rsa_bits = 2048,
  .is_ca = TRUE,
  .key_label = "authority",
};

static const IssMakerSpec leaf_spec =
{
  .subject_cn = "auth.contoso.example",
  .dns_names = dns_names,
  .not_before = START,
  .not_after = START + 2LL * YEAR,
  .rsa_bits = 2048,
  .token_issuer = TRUE,
  .key_label = "leaf",
};

typedef struct
{
  IssMaker       *maker;
  IssCertificate *authority;
  IssPrivateKey  *authority_key;
  IssCertificate *leaf;
  IssPrivateKey  *leaf_key;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->maker = iss_maker_new (SEED);
  fixture->authority = iss_maker_make (fixture->maker, &authority_spec, NULL, NULL,
                                       &fixture->authority_key, &error);
  g_assert_no_error (error);
  fixture->leaf = iss_maker_make (fixture->maker, &leaf_spec, fixture->authority,
                                  fixture->authority_key, &fixture->leaf_key, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_assert_finalize_object (fixture->maker);
  g_assert_finalize_object (fixture->leaf);
  g_assert_finalize_object (fixture->leaf_key);
  g_assert_finalize_object (fixture->authority);
  g_assert_finalize_object (fixture->authority_key);
}

static void
test_maker_pinned (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_assert_cmpstr (iss_certificate_get_sha256_hex (fixture->authority), ==, AUTHORITY_SHA256);
  g_assert_cmpstr (iss_certificate_get_sha256_hex (fixture->leaf), ==, LEAF_SHA256);
}

static void
test_maker_as_asked (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_assert_cmpstr (iss_certificate_get_issued_to (fixture->leaf), ==, "auth.contoso.example");
  g_assert_cmpstr (iss_certificate_get_issued_by (fixture->leaf), ==, "Contoso CA");
  g_assert_cmpstrv (iss_certificate_get_dns_names (fixture->leaf), dns_names);
  g_assert_cmpint (iss_certificate_get_not_before (fixture->leaf), ==, leaf_spec.not_before);
  g_assert_cmpint (iss_certificate_get_not_after (fixture->leaf), ==, leaf_spec.not_after);
  g_assert_cmpstr (iss_certificate_get_key_algorithm (fixture->leaf), ==, "RSA");
  g_assert_cmpuint (iss_certificate_get_key_bits (fixture->leaf), ==, 2048);
  g_assert_true (iss_certificate_may_sign (fixture->leaf));
  g_assert_false (iss_certificate_is_ca (fixture->leaf));
  g_assert_false (iss_certificate_is_self_issued (fixture->leaf));
  g_assert_cmpuint (strlen (iss_certificate_get_serial (fixture->leaf)), ==, 32);

  g_assert_true (iss_certificate_is_ca (fixture->authority));
  g_assert_true (iss_certificate_is_self_issued (fixture->authority));
  g_assert_false (iss_certificate_may_sign (fixture->authority));
}

static void
test_maker_labels (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(IssMaker) twin = iss_maker_new (SEED);
  g_autoptr(IssMaker) stranger = iss_maker_new (SEED ".");
  g_autoptr(IssPrivateKey) remembered = NULL;
  g_autoptr(IssPrivateKey) again = NULL;
  g_autoptr(IssPrivateKey) other_label = NULL;
  g_autoptr(IssPrivateKey) other_seed = NULL;
  g_autoptr(GError) error = NULL;

  remembered = iss_maker_make_key (fixture->maker, "leaf", 2048, &error);
  g_assert_no_error (error);
  g_assert_true (remembered == fixture->leaf_key);

  again = iss_maker_make_key (twin, "leaf", 1024, &error);
  g_assert_no_error (error);
  other_label = iss_maker_make_key (twin, "leaf2", 1024, &error);
  g_assert_no_error (error);
  other_seed = iss_maker_make_key (stranger, "leaf", 1024, &error);
  g_assert_no_error (error);

  g_assert_false (g_bytes_equal (iss_private_key_get_spki_sha256 (again),
                                 iss_private_key_get_spki_sha256 (other_label)));
  g_assert_false (g_bytes_equal (iss_private_key_get_spki_sha256 (again),
                                 iss_private_key_get_spki_sha256 (other_seed)));
}

static void
test_maker_sizes (void)
{
  static const struct { guint bits; gboolean good; } cases[] =
    {
      { 0, FALSE }, { 496, FALSE }, { 512, TRUE }, { 1024, TRUE }, { 1030, FALSE },
      { 1040, TRUE }, { 8208, FALSE }, { G_MAXUINT, FALSE },
    };
  g_autoptr(IssMaker) maker = iss_maker_new (SEED);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IssPrivateKey) key = iss_maker_make_key (maker, "size", cases[i].bits, &error);

      g_test_message ("%u bits", cases[i].bits);

      if (!cases[i].good)
        {
          g_assert_null (key);
          g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpuint (iss_private_key_get_bits (key), ==, cases[i].bits);
    }
}

/* OpenSSL's own judgement of the numbers: primes, product, exponents, CRT. */
static void
test_maker_sound_keys (Fixture       *fixture,
                       gconstpointer  unused)
{
  IssPrivateKey *keys[] = { fixture->authority_key, fixture->leaf_key };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(EVP_PKEY_CTX) context =
        EVP_PKEY_CTX_new_from_pkey (NULL, iss_private_key_get_pkey (keys[i]), NULL);

      g_assert_cmpint (EVP_PKEY_pairwise_check (context), ==, 1);
      g_assert_cmpint (EVP_PKEY_private_check (context), ==, 1);
    }
}

/* Whichever of the two was found first: some readers take the larger one for the first. */
static void
test_maker_larger_prime_first (void)
{
  g_autoptr(IssMaker) maker = iss_maker_new (SEED);

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *label = g_strdup_printf ("prime %u", i);
      g_autoptr(IssPrivateKey) key = iss_maker_make_key (maker, label, 512, &error);
      g_autoptr(BIGNUM) p = NULL;
      g_autoptr(BIGNUM) q = NULL;

      g_assert_no_error (error);
      g_assert_true (EVP_PKEY_get_bn_param (iss_private_key_get_pkey (key),
                                            OSSL_PKEY_PARAM_RSA_FACTOR1, &p));
      g_assert_true (EVP_PKEY_get_bn_param (iss_private_key_get_pkey (key),
                                            OSSL_PKEY_PARAM_RSA_FACTOR2, &q));
      g_assert_cmpint (BN_cmp (p, q), ==, 1);
    }
}

static void
test_maker_empty_subject (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  IssMakerSpec spec = leaf_spec;

  spec.subject_cn = "";
  certificate = iss_maker_make (fixture->maker, &spec, fixture->authority,
                                fixture->authority_key, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_certificate_get_subject (certificate), ==, "");
  g_assert_cmpstr (iss_certificate_get_issued_to (certificate), ==, "auth.contoso.example");
}

static char *
run (const char *const *argv)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;

  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s %s: %s", argv[0], argv[1], output);
  g_assert_true (g_subprocess_get_successful (process));

  return g_steal_pointer (&output);
}

/* Another program agrees that the chain verifies and the key belongs to it. */
static void
test_maker_openssl_agrees (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *folder = NULL;
  g_autofree char *authority = NULL;
  g_autofree char *leaf = NULL;
  g_autofree char *key = NULL;
  g_autofree char *authority_pem = NULL;
  g_autofree char *leaf_pem = NULL;
  g_autofree char *verdict = NULL;
  g_autofree char *key_public = NULL;
  g_autofree char *leaf_public = NULL;
  g_autoptr(IssSecret) key_pem = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (openssl);   /* tests/run installs it */
  folder = g_dir_make_tmp ("issuant-maker-XXXXXX", &error);
  g_assert_no_error (error);
  authority = g_build_filename (folder, "authority.pem", NULL);
  leaf = g_build_filename (folder, "leaf.pem", NULL);
  key = g_build_filename (folder, "key.pem", NULL);

  authority_pem = iss_certificate_dup_pem (fixture->authority);
  leaf_pem = iss_certificate_dup_pem (fixture->leaf);
  key_pem = iss_private_key_dup_pem (fixture->leaf_key, &error);
  g_assert_no_error (error);
  g_file_set_contents (authority, authority_pem, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (leaf, leaf_pem, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (key, iss_secret_get_data (key_pem, NULL),
                            (gssize) iss_secret_get_size (key_pem),
                            G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);

  verdict = run ((const char *const []) { openssl, "verify", "-x509_strict", "-attime",
                                          "1770000000", "-CAfile", authority, leaf, NULL });
  g_assert_true (g_str_has_suffix (verdict, "leaf.pem: OK\n"));

  key_public = run ((const char *const []) { openssl, "pkey", "-in", key, "-pubout", NULL });
  leaf_public = run ((const char *const []) { openssl, "x509", "-in", leaf, "-noout",
                                              "-pubkey", NULL });
  g_assert_cmpstr (key_public, ==, leaf_public);
  g_assert_nonnull (strstr (key_public, "BEGIN PUBLIC KEY"));

  g_unlink (authority);
  g_unlink (leaf);
  g_unlink (key);
  g_rmdir (folder);
}

/* Run with -m perf. */
static void
test_maker_speed (void)
{
  g_autoptr(IssMaker) maker = iss_maker_new (SEED);
  double seconds;

  g_test_timer_start ();
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *label = g_strdup_printf ("speed %u", i);
      g_autoptr(IssPrivateKey) key = iss_maker_make_key (maker, label, 2048, NULL);

      g_assert_nonnull (key);
    }

  seconds = g_test_timer_elapsed () / 20;
  g_test_minimized_result (seconds, "%.3f s a 2048-bit key", seconds);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/maker/sizes", test_maker_sizes);
  if (g_test_perf ())
    g_test_add_func ("/maker/speed", test_maker_speed);
  g_test_add ("/maker/pinned", Fixture, NULL, fixture_set_up, test_maker_pinned, fixture_tear_down);
  g_test_add ("/maker/as-asked", Fixture, NULL, fixture_set_up, test_maker_as_asked,
              fixture_tear_down);
  g_test_add ("/maker/labels", Fixture, NULL, fixture_set_up, test_maker_labels, fixture_tear_down);
  g_test_add ("/maker/sound-keys", Fixture, NULL, fixture_set_up, test_maker_sound_keys,
              fixture_tear_down);
  g_test_add_func ("/maker/larger-prime-first", test_maker_larger_prime_first);
  g_test_add ("/maker/empty-subject", Fixture, NULL, fixture_set_up, test_maker_empty_subject,
              fixture_tear_down);
  g_test_add ("/maker/openssl-agrees", Fixture, NULL, fixture_set_up, test_maker_openssl_agrees,
              fixture_tear_down);

  return g_test_run ();
}
