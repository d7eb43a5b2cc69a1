/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/bundle.h"
#include "core/formats/seal.h"

static void
test_pairs (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssCertificate) other = iss_seal_make_recipient (&other_key, NULL);
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);

  g_assert_cmpint (iss_bundle_get_format (bundle), ==, ISS_FORMAT_PFX);
  g_assert_cmpint (iss_bundle_get_integrity (bundle), ==, ISS_INTEGRITY_HMAC);
  g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (bundle), ==, 0);

  iss_bundle_add_key (bundle, other_key);
  iss_bundle_add_key (bundle, key);
  iss_bundle_add_certificate (bundle, certificate, NULL);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 2);
  g_assert_true (iss_bundle_get_key (bundle, 0) != iss_bundle_get_key (bundle, 1));
  g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (bundle), ==, 1);
  g_assert_true (iss_bundle_get_key_for (bundle, 0) == key);

  iss_bundle_add_certificate (bundle, other, "Other");
  g_assert_cmpuint (iss_bundle_get_n_unpaired_keys (bundle), ==, 0);
  g_assert_true (iss_bundle_get_key_for (bundle, 1) == other_key);
  g_assert_true (iss_bundle_get_certificate (bundle, 1) == other);

  g_assert_finalize_object (g_steal_pointer (&bundle));
}

static void
test_twice (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssCertificate) again = NULL;
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PEM, ISS_INTEGRITY_NONE);

  again = iss_certificate_new_from_der (iss_certificate_get_der (certificate), NULL);

  iss_bundle_add_certificate (bundle, certificate, NULL);
  g_assert_null (iss_bundle_get_friendly_name (bundle, 0));
  iss_bundle_add_certificate (bundle, again, "Name");
  iss_bundle_add_certificate (bundle, again, "Another name");
  iss_bundle_add_key (bundle, key);
  iss_bundle_add_key (bundle, key);

  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, 1);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);
  g_assert_cmpstr (iss_bundle_get_friendly_name (bundle, 0), ==, "Name");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bundle/pairs", test_pairs);
  g_test_add_func ("/bundle/twice", test_twice);

  return g_test_run ();
}
