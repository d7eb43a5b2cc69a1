/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/certificate/self-issued.h"

#define AT 1795910400   /* 29 November 2026 */
#define NEVER G_GINT64_CONSTANT (253402300799)

static void
test_make (void)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssCertificate) other = NULL;
  g_autoptr(GError) error = NULL;

  certificate = iss_self_issued_make ("Zoë at fe01", AT, "critical,digitalSignature", &key,
                                      &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, certificate));
  g_assert_cmpstr (iss_certificate_get_issued_to (certificate), ==, "Zoë at fe01");
  g_assert_true (iss_certificate_is_self_issued (certificate));
  g_assert_false (iss_certificate_is_ca (certificate));
  g_assert_true (iss_certificate_may_sign (certificate));
  g_assert_cmpstr (iss_certificate_get_key_algorithm (certificate), ==, "EC");
  g_assert_cmpuint (iss_certificate_get_key_bits (certificate), ==, 256);
  g_assert_cmpint (iss_certificate_get_not_before (certificate), ==, AT);
  g_assert_cmpint (iss_certificate_get_not_after (certificate), ==, NEVER);

  /* Two of one name are told apart. */
  other = iss_self_issued_make ("Zoë at fe01", AT, NULL, &other_key, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_certificate_get_serial (other), !=,
                   iss_certificate_get_serial (certificate));
  g_assert_false (iss_private_key_matches (other_key, certificate));
}

static void
test_name_too_long (void)
{
  g_autofree char *name = g_strnfill (65, 'x');
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_self_issued_make (name, AT, NULL, &key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_null (key);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/self-issued/make", test_make);
  g_test_add_func ("/self-issued/name-too-long", test_name_too_long);

  return g_test_run ();
}
