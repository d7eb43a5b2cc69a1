/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>

/* Every code has a name on the bus, and the name leads back to the code. */
static void
test_names_cross_the_wire (void)
{
  for (int code = 0; code < ISS_N_ERRORS; code++)
    {
      g_autoptr(GError) sent = g_error_new (ISS_ERROR, code, "It did not work");
      g_autoptr(GError) received = NULL;
      g_autofree char *name = g_dbus_error_encode_gerror (sent);

      g_test_message ("%d %s", code, name);
      g_assert_true (g_str_has_prefix (name, "org.issuant.Error."));
      received = g_dbus_error_new_for_dbus_error (name, "It did not work");
      g_assert_error (received, ISS_ERROR, code);
      g_assert_true (g_dbus_error_strip_remote_error (received));
      g_assert_cmpstr (received->message, ==, "It did not work");
    }
}

static void
test_from_openssl (void)
{
  g_autoptr(GError) error = NULL;
  const guint8 junk[] = { 0x30, 0x05, 0x01 };
  const guint8 *at = junk;

  g_assert_null (d2i_X509 (NULL, &at, sizeof junk));
  iss_error_take_from_openssl (&error, ISS_ERROR_MALFORMED, "Not a certificate");
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_true (g_str_has_prefix (error->message, "Not a certificate: "));
  /* The next call is not blamed for this one. */
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static void
test_from_openssl_without_reason (void)
{
  g_autoptr(GError) error = NULL;

  ERR_clear_error ();
  iss_error_take_from_openssl (&error, ISS_ERROR_FAILED, "Not a certificate");
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "Not a certificate");
}

static void
test_from_openssl_nobody_asks (void)
{
  ERR_raise (ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH);
  iss_error_take_from_openssl (NULL, ISS_ERROR_FAILED, "Not a certificate");
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static void
test_from_errno (void)
{
  const struct
    {
      int saved_errno;
      IssError code;
    } cases[] =
    {
      { ENOENT, ISS_ERROR_NOT_FOUND },
      { EEXIST, ISS_ERROR_EXISTS },
      { EACCES, ISS_ERROR_PERMISSION },
      { EPERM, ISS_ERROR_PERMISSION },
      { EROFS, ISS_ERROR_PERMISSION },
      { ENOSPC, ISS_ERROR_NO_SPACE },
      { EDQUOT, ISS_ERROR_NO_SPACE },
      { EFBIG, ISS_ERROR_TOO_LARGE },
      { EIO, ISS_ERROR_FAILED },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *message = NULL;

      iss_error_set_from_errno (&error, cases[i].saved_errno, "Cannot write %s", "a.pem");
      message = g_strdup_printf ("Cannot write a.pem: %s", g_strerror (cases[i].saved_errno));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_cmpstr (error->message, ==, message);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpuint (ISS_ERROR, !=, 0);

  g_test_add_func ("/error/names-cross-the-wire", test_names_cross_the_wire);
  g_test_add_func ("/error/from-openssl", test_from_openssl);
  g_test_add_func ("/error/from-openssl-without-reason", test_from_openssl_without_reason);
  g_test_add_func ("/error/from-openssl-nobody-asks", test_from_openssl_nobody_asks);
  g_test_add_func ("/error/from-errno", test_from_errno);

  return g_test_run ();
}
